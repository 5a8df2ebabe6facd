"""What codes and links say when they go out."""

from kernel.messages.template import template

REGISTER = template(
    "identity.register",
    zh="【{place}】注册验证码：{code}，{minutes}分钟内有效。请勿告诉他人；非本人操作请忽略。",
    en="[{place}] Code for your registration: {code}, valid for {minutes} minutes. Tell nobody; ignore it if it was"
    " not you.",
)
RESET = template(
    "identity.reset",
    zh="【{place}】重置口令验证码：{code}，{minutes}分钟内有效。请勿告诉他人；非本人操作请忽略。",
    en="[{place}] Code to reset your password: {code}, valid for {minutes} minutes. Tell nobody; ignore it if it was"
    " not you.",
)
PHONE = template(
    "identity.phone",
    zh="【{place}】绑定手机验证码：{code}，{minutes}分钟内有效。请勿告诉他人；非本人操作请忽略。",
    en="[{place}] Code to keep this phone with your account: {code}, valid for {minutes} minutes. Tell nobody; ignore"
    " it if it was not you.",
)
CODES = {"register": REGISTER, "reset": RESET, "phone": PHONE}
"""By the purpose of the check."""
INVITATION = template(
    "identity.invitation",
    zh="【{place}】已为您开通账号，请在24小时内打开链接设置口令：{link}",
    en="[{place}] An account was made for you. Open this link within 24 hours to set your password: {link}",
)
