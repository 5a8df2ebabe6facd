"""Problems (RFC 9457): a public message that says what to do next, and an internal cause that stays inside.

A refusal is raised, never returned, so that the transaction leaves nothing behind. A foreign record answers
exactly like a missing one (`NotFound`).
"""

import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar

from kernel.context import Language


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in Chinese and English."""

    zh: str
    en: str

    def say(self, language: Language) -> str:
        """The sentence in that language."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one member of the body; `pointer` is a JSON Pointer (RFC 6901)."""

    pointer: str
    message: Text
    rule: str | None = None
    article: str | None = None


class Problem(Exception):
    """A refusal with a stable name, its page under `/problems/<name>`."""

    status: ClassVar[int] = 500
    name: ClassVar[str] = "internal"
    title: ClassVar[Text] = Text("服务内部错误", "Internal error")
    advice: ClassVar[Text] = Text("请稍后重试；仍然失败请联系管理员", "Try again later, or tell the administrator.")

    def __init__(
        self,
        detail: Text | None = None,
        *,
        errors: Sequence[FieldError] = (),
        article: str | None = None,
        findings: Sequence[Any] = (),
        cause: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(cause or (detail.en if detail else self.title.en))
        self.detail = detail
        self.errors = tuple(errors)
        self.article = article
        self.findings = tuple(findings)
        self.headers = dict(headers or {})


class BadRequest(Problem):
    """The request cannot be read: malformed cursor, missing Idempotency-Key, unreadable body."""

    status, name = 400, "bad-request"
    title = Text("请求无法识别", "Bad request")
    advice = Text("请按接口文档改正请求", "Correct the request as the API document says.")


class ListChanged(BadRequest):
    """A page of a list that is in another order now: units were numbered anew since its first page."""

    name = "list-changed"
    title = Text("机构调整后列表已变", "The list changed by a reorganisation")
    advice = Text("请从第一页重新读取", "Read it again from its first page.")


class Unauthenticated(Problem):
    """No valid proof of who asks."""

    status, name = 401, "unauthenticated"
    title = Text("未登录或登录已失效", "Not signed in")
    advice = Text("请重新登录", "Sign in again.")


class Forbidden(Problem):
    """Known to exist for the asker, but not allowed in the acting post."""

    status, name = 403, "forbidden"
    title = Text("当前岗位无此权限", "Not permitted in this post")
    advice = Text("请换用有权限的岗位，或联系安全管理员", "Act in another post, or ask the security administrator.")


class NotFound(Problem):
    """Missing, or not the asker's to see: both answer the same."""

    status, name = 404, "not-found"
    title = Text("记录不存在", "No such record")
    advice = Text("请核对编号", "Check the id.")


class MethodNotAllowed(Problem):
    """The path exists with other methods."""

    status, name = 405, "method-not-allowed"
    title = Text("不支持此方法", "Method not allowed")
    advice = Text("请使用 Allow 所列方法", "Use a method listed in Allow.")


class Conflict(Problem):
    """The change contradicts what is stored now."""

    status, name = 409, "conflict"
    title = Text("与现有记录冲突", "Conflict with what is stored")
    advice = Text("请刷新后重试", "Read again, then retry.")


class WrongState(Conflict):
    """The record is not in the state in which this may be done (wrong order, or another was first)."""

    name = "wrong-state"
    title = Text("当前状态不允许此操作", "Not possible in this state")
    advice = Text("请查看当前状态和可用操作", "Look at the state and the allowed actions.")


class RuleRefused(Conflict):
    """A rule of the regulation or of law refuses; the article and the facts are shown."""

    name = "rule-refused"
    title = Text("不符合规定", "Refused by a rule")
    advice = Text("请按所引条款改正", "Correct it as the cited article asks.")


class ParameterNotSet(Conflict):
    """The regulation leaves this figure to a lower level or to a document that is not loaded."""

    name = "parameter-not-set"
    title = Text("所需参数尚未制定", "A parameter is not set yet")
    advice = Text("请由所指层级制定后再办理", "Let the named level set it first.")


class IdempotencyInProgress(Conflict):
    """The same key is being worked on right now."""

    name = "idempotency-in-progress"
    title = Text("相同请求正在处理", "The same request is in progress")
    advice = Text("请稍候再查询结果", "Wait, then ask again with the same key.")


class PreconditionFailed(Problem):
    """If-Match names a version that is no longer the current one."""

    status, name = 412, "precondition-failed"
    title = Text("记录已被他人修改", "Changed by someone else")
    advice = Text("请重新读取后再修改", "Read again, then change.")


class TooLarge(Problem):
    """The body is over the operation's limit."""

    status, name = 413, "too-large"
    title = Text("内容过大", "Body too large")
    advice = Text("请减小内容后重试", "Send less.")


class UnsupportedMedia(Problem):
    """The body is of a type this operation does not read."""

    status, name = 415, "unsupported-media"
    title = Text("不支持的内容类型", "Unsupported media type")
    advice = Text("请使用接口文档所列类型", "Use a type that the API document lists.")


class InvalidInput(Problem):
    """A member of the body, path or query is not valid."""

    status, name = 422, "invalid-input"
    title = Text("输入有误", "Invalid input")
    advice = Text("请改正所列字段", "Correct the members listed.")


class IdempotencyMismatch(InvalidInput):
    """The key was used before with another body."""

    name = "idempotency-mismatch"
    title = Text("幂等键已用于不同内容", "Key already used with another body")
    advice = Text("请换用新的幂等键", "Use a new key.")


class PreconditionRequired(Problem):
    """A change needs If-Match."""

    status, name = 428, "precondition-required"
    title = Text("缺少 If-Match", "If-Match is missing")
    advice = Text("请带上读取时得到的 ETag", "Send the ETag that you read.")


class TooManyRequests(Problem):
    """Over the rate granted to the client or tenant."""

    status, name = 429, "too-many-requests"
    title = Text("请求过于频繁", "Too many requests")
    advice = Text("请按 Retry-After 稍后重试", "Retry after the time in Retry-After.")


class HeadersTooLarge(Problem):
    """The head of the request is over the limit."""

    status, name = 431, "headers-too-large"
    title = Text("请求头过大", "Header fields too large")
    advice = Text("请减少请求头或清除本站 Cookie 后重试", "Send fewer header fields, or delete this site's cookies.")


class NotImplementedHere(Problem):
    """This installation lacks what the operation needs."""

    status, name = 501, "not-available-here"
    title = Text("本系统未安装所需组件", "A component is not installed")
    advice = Text("请联系系统管理员安装", "Ask the system administrator to install it.")


class Unavailable(Problem):
    """Not now: the database or a service does not answer. Nothing was changed, or it is safe to repeat."""

    status, name = 503, "unavailable"
    title = Text("服务暂不可用", "Unavailable for now")
    advice = Text("请用同一幂等键稍后重试", "Retry with the same Idempotency-Key.")

    waited = False
    """Whether the caller stood in line for nothing: asking once more at once would only make it longer."""

    def __init__(self, detail: Text | None = None, *, cause: str | None = None, retry_after: int = 1) -> None:
        super().__init__(detail, cause=cause, headers={"Retry-After": str(retry_after)})


class DeadlineExceeded(Problem):
    """The service did not answer within the operation's deadline."""

    status, name = 504, "deadline-exceeded"
    title = Text("处理超时", "Deadline exceeded")
    advice = Text("请用同一幂等键稍后查询结果", "Ask again with the same Idempotency-Key.")


def places(error: BaseException) -> list[str]:
    """Where an error came through, innermost last: file, line and function. For logs: neither its text nor the
    values around it, either of which may be personal data."""
    return [
        f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]


def all_problems() -> list[type[Problem]]:
    """Every problem there is, for the pages under `/problems/` and the API document."""
    found: list[type[Problem]] = [Problem]
    for kind in found:
        found.extend(kind.__subclasses__())
    return found


@lru_cache(maxsize=1024)
def preferred_language(header: str) -> Language:
    """`en` where English stands before Chinese in an Accept-Language header, else `zh`."""
    ranked: list[tuple[float, int, str]] = []
    for place, part in enumerate(header.lower().split(",")):
        tag, _, weight = part.strip().partition(";q=")
        try:
            quality = float(weight) if weight else 1.0
        except ValueError:
            continue
        if not quality > 0:
            continue  # `en;q=0` says: not English
        ranked.append((-quality, place, tag[:2]))
    for _, _, tag in sorted(ranked):
        if tag == "en":
            return "en"
        if tag == "zh":
            return "zh"
    return "zh"


def problem_document(problem: Problem, language: Language, instance: str) -> dict[str, Any]:
    """The problem as RFC 9457 has it, without findings; empty members are left out. `instance`: the request id."""
    made: dict[str, Any] = {
        "type": f"/problems/{problem.name}",
        "title": problem.title.say(language),
        "status": problem.status,
        "detail": problem.detail.say(language) if problem.detail else None,
        "advice": problem.advice.say(language),
        "instance": instance,
        "article": problem.article,
        "errors": [
            {
                "pointer": error.pointer,
                "message": error.message.say(language),
                **({"rule": error.rule} if error.rule else {}),
                **({"article": error.article} if error.article else {}),
            }
            for error in problem.errors
        ],
    }
    return {key: value for key, value in made.items() if value not in (None, [])}
