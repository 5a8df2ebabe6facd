"""The pages of codes by message: registering as an applicant, and a forgotten password. Two steps each."""

from collections.abc import Sequence

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from gateway.identity import actions as identity
from gateway.identity import people, rules
from gateway.identity.asking import WRONG
from gateway.identity.browser import TYPED
from gateway.identity.checks import actions
from gateway.identity.checks.registration import mobile, register_applicant
from gateway.identity.desk import Run
from gateway.identity.oauth.authorize import Ask
from gateway.identity.oauth.wire import Answer
from gateway.identity.visit import Visit
from kernel.errors import Conflict, FieldError, InvalidInput, Text

router = APIRouter()

NAME_TYPED = 64
WRONG_CODE = Text(
    "验证码不正确或已失效；连续输错多次后须重新获取。",
    "The code is wrong or has ended; after some wrong tries ask for another.",
)
NO_MOBILE = Text("请填写11位手机号码。", "Give a mobile number of 11 digits.")
TAKEN = Text("用户名已被使用", "The user name is taken.")


async def _ask(visit: Visit, run: Run) -> Ask | Answer:
    """What the visit is about, as for a browser that is not signed in; an answer where it is not to be served."""
    return await visit.question(run, None) or Ask("sign_in")


def _show(
    visit: Visit, run: Run, ask: Ask, name: str, *, findings: Sequence[Text] = (), wrong: bool = False
) -> Response:
    status = WRONG if wrong else 422 if findings else 200
    return visit.show(
        name,
        ask,
        run,
        status=status,
        findings=[*findings, *([WRONG_CODE] if wrong else [])],
        user_name=(visit.sent.get("user_name") or "")[:NAME_TYPED],
        check=visit.sent.get("check") or "",
        shortest=rules.PASSWORD_LENGTH[0],
        minutes=actions.MINUTES,
    )


async def _first(request: Request, name: str) -> Response:
    visit = Visit.by_query(request)

    async def work(run: Run) -> Response:
        ask = await _ask(visit, run)
        return visit.finish(ask) if isinstance(ask, Answer) else _show(visit, run, ask, name)

    return await visit.served(work)


@router.get("/oauth/register")
async def register_page(request: Request) -> Response:
    """The page on which applicants give their phone."""
    return await _first(request, "register_phone")


@router.post("/oauth/register/code")
async def register_code(request: Request) -> Response:
    """Send a code to the phone given. The answer is the same for every number."""
    visit = await Visit.by_form(request)

    async def work(run: Run) -> Response:
        ask = await _ask(visit, run)
        if isinstance(ask, Answer):
            return visit.finish(ask)
        number = mobile(visit.sent.get("phone") or "")
        if number is None:
            return _show(visit, run, ask, "register_phone", findings=[NO_MOBILE])
        visit.sent.data["check"] = await actions.ask(run.tx, "register", number, number=number)
        return _show(visit, run, ask, "register")

    return await visit.served(work, in_turn=True)


@router.post("/oauth/register")
async def register(request: Request) -> Response:
    """Make an applicant's account for who typed the code, and sign in with it."""
    visit = await Visit.by_form(request)
    sent = visit.sent

    async def work(run: Run) -> Response:
        ask = await _ask(visit, run)
        if isinstance(ask, Answer):
            return visit.finish(ask)
        check = await actions.judge(run.tx, sent.get("check") or "", "register", sent.get("code") or "")
        if check is None:
            return _show(visit, run, ask, "register", wrong=True)
        typed = (sent.get("password") or "")[:TYPED], (sent.get("again") or "")[:TYPED]
        made = await register_applicant(run.tx, check, sent.get("user_name") or "", *typed, visit.agent)
        return visit.welcome(run, made.cookie)

    try:
        return await visit.served(work, in_turn=True)
    except InvalidInput as refused:
        return await _again(visit, _messages(refused.errors))
    except Conflict:
        return await _again(visit, [TAKEN])


async def _again(visit: Visit, findings: Sequence[Text]) -> Response:
    """The form once more, in a run of its own: the one before was rolled back."""

    async def work(run: Run) -> Response:
        ask = await _ask(visit, run)
        return visit.finish(ask) if isinstance(ask, Answer) else _show(visit, run, ask, "register", findings=findings)

    return await visit.served(work)


@router.get("/oauth/forgotten")
async def forgotten_page(request: Request) -> Response:
    """The page for who forgot the password."""
    return await _first(request, "forgotten")


@router.post("/oauth/forgotten")
async def forgotten(request: Request) -> Response:
    """Send a code to the phone of the user named. The answer is the same for every name."""
    visit = await Visit.by_form(request)

    async def work(run: Run) -> Response:
        ask = await _ask(visit, run)
        if isinstance(ask, Answer):
            return visit.finish(ask)
        visit.sent.data["check"] = await actions.ask_reset(run.tx, (visit.sent.get("user_name") or "")[:NAME_TYPED])
        return _show(visit, run, ask, "reset")

    return await visit.served(work, in_turn=True)


@router.post("/oauth/reset")
async def reset(request: Request) -> Response:
    """Set another password for who typed the code; then on to the sign-in. All earlier sign-ins end."""
    visit = await Visit.by_form(request)
    sent = visit.sent

    async def work(run: Run) -> Response:
        ask = await _ask(visit, run)
        if isinstance(ask, Answer):
            return visit.finish(ask)
        check = await actions.judge(run.tx, sent.get("check") or "", "reset", sent.get("code") or "")
        holder = await people.holder_by_id(run.tx, check.user_id) if check and check.user_id else None
        if check is None or holder is None:
            return _show(visit, run, ask, "reset", wrong=True)
        typed = (sent.get("password") or "")[:TYPED], (sent.get("again") or "")[:TYPED]
        try:
            run.flow.revocations += await identity.change_password(run.tx, holder, *typed)
        except InvalidInput as refused:
            return _show(visit, run, ask, "reset", findings=_messages(refused.errors))
        await actions.finish(run.tx, check)
        return visit.onward()

    return await visit.served(work, in_turn=True)


def _messages(errors: Sequence[FieldError]) -> list[Text]:
    return [error.message for error in errors]
