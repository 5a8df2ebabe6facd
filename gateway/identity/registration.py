"""Applicants register themselves: a user name, a password, and a person id that all their records will hang
on.

That the phone number is theirs is not checked yet: the check by SMS comes with `kernel.messages`. Until then
an account proves nothing about who stands behind it; identity is checked at the qualification review.
"""

import re

from gateway.directory import actions as directory
from gateway.identity import actions, people, rules
from gateway.identity.actions import SignedIn
from kernel.clock import utcnow
from kernel.db.transaction import Transaction
from kernel.errors import FieldError, InvalidInput, Text
from kernel.events.outbox import audit
from kernel.ids import new_id

USER_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,63}")


async def register_applicant(tx: Transaction, user_name: str, password: str) -> SignedIn:
    """Make user, person id and password, and sign in. Raises `InvalidInput`, and `Conflict` for a taken
    name."""
    wrong = [FieldError("/password", finding) for finding in rules.password_findings(password, user_name)]
    if not USER_NAME.fullmatch(user_name):
        wrong.insert(0, FieldError("/user_name", Text("用户名格式不符", "The user name does not fit the form.")))
    if wrong:
        raise InvalidInput(errors=wrong)
    user = await directory.make_user(tx, user_name=user_name, display_name=user_name, person_id=new_id())
    await actions.set_password(tx, user.id, password, user_name=user_name)
    holder = await people.holder_by_id(tx, user.id)
    if holder is None:
        raise LookupError("the user just made is not there")
    await audit(tx, "identity.applicant_registered", subject_type="user", subject_id=user.id)
    return SignedIn(await actions.open_session(tx, holder, utcnow()), holder)
