"""The pages that ask a browser's user for what is still missing: one per question of `oauth.authorize`."""

from collections.abc import Sequence

from starlette.responses import Response

from gateway.identity import rules
from gateway.identity.desk import Run
from gateway.identity.factors import actions as factors
from gateway.identity.federation import queries as federation
from gateway.identity.oauth.authorize import Ask
from gateway.identity.schemas import Holder
from gateway.identity.visit import Visit
from kernel.errors import Text

WRONG = 403


async def ask_page(visit: Visit, run: Run, ask: Ask, *, wrong: bool = False, findings: Sequence[Text] = ()) -> Response:
    """The page of a question. `wrong`: what was typed is not right; `findings`: why it will not do."""
    match ask.question:
        case "sign_in":
            return await sign_in_page(visit, run, ask, wrong=wrong)
        case "second":
            return visit.show("second", ask, run, status=WRONG if wrong else 200, wrong=wrong, **_limits())
        case "password":
            return password_page(visit, run, ask, forced=True, findings=findings)
        case "enrol":
            return await enrol_page(visit, run, ask, wrong=wrong)
        case "choose":
            return visit.show("choose", ask, run)
        case "consent":
            return visit.show("consent", ask, run, scopes=(visit.wanted.get("scope") or "").split())


async def sign_in_page(visit: Visit, run: Run, ask: Ask, *, wrong: bool = False) -> Response:
    """User name and password, or the tenant's own provider."""
    providers = await federation.providers(run.tx)
    name = visit.sent.get("user_name") or visit.wanted.get("login_hint") or ""
    status = WRONG if wrong else 200
    return visit.show("sign_in", ask, run, status=status, wrong=wrong, user_name=name, providers=providers, **_limits())


def password_page(
    visit: Visit, run: Run, ask: Ask, *, forced: bool, findings: Sequence[Text] = (), wrong: bool = False
) -> Response:
    """Another password; `forced`: the present one was just typed and is not asked for again."""
    status = WRONG if wrong else 422 if findings else 200
    shortest = rules.PASSWORD_LENGTH[0]
    return visit.show(
        "password", ask, run, status=status, forced=forced, findings=findings, wrong=wrong, shortest=shortest
    )


async def enrol_page(visit: Visit, run: Run, ask: Ask, *, wrong: bool = False) -> Response:
    """The secret of a second factor, and the first code of it."""
    made = await factors.enrolment(run.tx, holder_of(run), run.place)
    return visit.show(
        "enrol", ask, run, status=WRONG if wrong else 200, wrong=wrong, picture=made.picture, spelled=made.spelled
    )


def holder_of(run: Run) -> Holder:
    """The user of a run in which somebody is signed in."""
    if run.flow.holder is None:
        raise LookupError("nobody is signed in")
    return run.flow.holder


def _limits() -> dict[str, int]:
    return {"tries": rules.MAX_TRIES, "minutes": int(rules.LOCK.total_seconds()) // 60}
