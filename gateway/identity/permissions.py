"""Permissions of identity."""

from kernel.access.permission import permission

PASSWORD_SET = permission("directory.password.set", zh="设置用户口令", en="Set a user's password")
INVITE = permission("directory.invitation.make", zh="发出邀请链接", en="Make a user's one-time link")
FACTOR_ASK = permission("directory.second_factor.ask", zh="申请解除第二步验证", en="Ask to remove a lost second factor")
FACTOR_REMOVE = permission("directory.second_factor.remove", zh="核准解除第二步验证", en="Remove a lost second factor")
SETTING_READ = permission("directory.sign_in_setting.read", zh="查看登录设置", en="See how users sign in")
SETTING_WRITE = permission("directory.sign_in_setting.write", zh="设置登录要求", en="Set how users sign in")
