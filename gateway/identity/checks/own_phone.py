"""The phone of one's own account: given with the present password, kept once a code to it was typed."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from gateway.identity import actions as identity
from gateway.identity.account import NONE, done, shown
from gateway.identity.asking import WRONG, holder_of
from gateway.identity.browser import TYPED
from gateway.identity.checks import actions
from gateway.identity.checks.pages import NO_MOBILE, WRONG_CODE
from gateway.identity.checks.registration import mobile
from gateway.identity.desk import Run
from gateway.identity.schemas import Browser
from gateway.identity.visit import Visit
from kernel.errors import Text

router = APIRouter()

PATH = "/oauth/account/phone"
WRONG_PASSWORD = Text(
    "当前口令不正确，或账号已暂时锁定。", "The present password is wrong, or the account is locked for now."
)


def _page(visit: Visit, run: Run, finding: Text | None = None, *, status: int = 200) -> Response:
    return visit.show("phone", NONE, run, status=status, findings=[finding] if finding else [])


def _code_page(visit: Visit, run: Run, finding: Text | None = None) -> Response:
    return visit.show(
        "phone_code",
        NONE,
        run,
        status=WRONG if finding else 200,
        findings=[finding] if finding else [],
        check=visit.sent.get("check") or "",
        minutes=actions.MINUTES,
    )


@router.get(PATH)
async def phone(request: Request) -> Response:
    """The page on which a user gives a phone."""

    async def work(visit: Visit, run: Run, _: Browser) -> Response:
        return _page(visit, run)

    return await shown(request, work)


@router.post(PATH)
async def ask_phone(request: Request) -> Response:
    """Send a code to the phone, for who knows the present password."""

    async def work(visit: Visit, run: Run, _: Browser) -> Response:
        holder, sent = holder_of(run), visit.sent
        number = mobile(sent.get("phone") or "")
        if number is None:
            return _page(visit, run, NO_MOBILE, status=422)
        if not await identity.password_is_right(run.tx, holder, (sent.get("current") or "")[:TYPED]):
            return _page(visit, run, WRONG_PASSWORD, status=WRONG)
        sent.data["check"] = await actions.ask(run.tx, "phone", number, number=number, user_id=holder.user_id)
        return _code_page(visit, run)

    return await done(request, work, in_turn=True)


@router.post(f"{PATH}/code")
async def keep_phone(request: Request) -> Response:
    """Keep the phone whose code was typed by the user who asked for it."""

    async def work(visit: Visit, run: Run, _: Browser) -> Response:
        holder, sent = holder_of(run), visit.sent
        check = await actions.judge(run.tx, sent.get("check") or "", "phone", sent.get("code") or "")
        number = await actions.checked_number(run.tx, check) if check else None
        if check is None or number is None or check.user_id != holder.user_id:
            return _code_page(visit, run, WRONG_CODE)
        await actions.keep_phone(run.tx, holder.user_id, holder.person_id, number)
        await actions.finish(run.tx, check)
        return visit.onward()

    return await done(request, work, in_turn=True)
