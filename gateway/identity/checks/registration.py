"""Applicants register themselves: a phone that answers, a user name, a password, and a person id that all their
records will hang on.

A phone may serve several accounts: families share one. Identity is checked at the qualification review.
"""

import re

from gateway.directory import actions as directory
from gateway.identity import actions, people, rules
from gateway.identity.actions import SignedIn
from gateway.identity.checks import actions as checks
from gateway.identity.checks.tables import Check
from kernel.clock import utcnow
from kernel.db.transaction import Transaction
from kernel.errors import FieldError, InvalidInput, Text
from kernel.events.outbox import audit
from kernel.ids import new_id

USER_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,63}")
_MOBILE = re.compile(r"(?:\+?86)?(1[3-9]\d{9})")


def mobile(written: str) -> str | None:
    """A mobile number of the mainland's numbering plan in its 11 digits, or None."""
    found = _MOBILE.fullmatch("".join(char for char in written if char not in " -"))
    return found[1] if found else None


def findings(user_name: str, password: str, again: str) -> list[FieldError]:
    """What is wrong with the wish for an account, before it is made."""
    wrong = [FieldError("/password", finding) for finding in rules.password_findings(password, user_name)]
    if not USER_NAME.fullmatch(user_name):
        wrong.insert(0, FieldError("/user_name", Text("用户名格式不符", "The user name does not fit the form.")))
    if password != again:
        wrong.append(FieldError("/again", Text("两次输入的口令不一致", "The two passwords differ.")))
    return wrong


async def register_applicant(
    tx: Transaction, check: Check, user_name: str, password: str, again: str, agent: str = ""
) -> SignedIn:
    """Make user, person id and password for who showed the code of `check`, and sign in.

    Raises `InvalidInput`, and `Conflict` for a taken name.
    """
    if wrong := findings(user_name, password, again):
        raise InvalidInput(errors=wrong)
    number = await checks.checked_number(tx, check)
    user = await directory.make_user(tx, user_name=user_name, display_name=user_name, person_id=new_id())
    if number is not None:
        await checks.keep_phone(tx, user.id, user.person_id, number)
    await checks.finish(tx, check)
    await actions.set_password(tx, user.id, password, user_name=user_name)
    holder = await people.holder_by_id(tx, user.id)
    if holder is None:
        raise LookupError("the user just made is not there")
    await audit(tx, "identity.applicant_registered", subject_type="user", subject_id=user.id)
    return SignedIn(await actions.open_session(tx, holder, utcnow(), agent), holder)
