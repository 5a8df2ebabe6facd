"""The post of a house: codes that were asked for are made and sent as the gateway's consumers do, and read from what
the outbox would publish."""

import json
import re
from collections import Counter
from typing import Any
from uuid import UUID

from sqlalchemy import text

from gateway.identity.checks import actions as checks
from kernel.events.seal import attach_key, open_member
from tests.security.identity.house import House

_OUTBOX = "(select {0} from k_outbox union all select {0} from k_outbox_archive) o"
"""What is published and what is to be: beside a running relay the rows of a test move from one to the other."""
_COLUMNS = "id, aggregate_type, aggregate_id, data, sealed"
_ASKED = text(f"select aggregate_id from {_OUTBOX.format(_COLUMNS)} where aggregate_type = 'check' order by id")  # noqa: S608
_SENT = text(f"select id, sealed from {_OUTBOX.format(_COLUMNS)} where aggregate_type = 'message' order by id")  # noqa: S608
_AUDITED = text(f"select data->>'action' from {_OUTBOX.format(_COLUMNS)} where aggregate_type = 'audit'")  # noqa: S608
_KEY = text("select wrapped from k_person_key where person_id = :person order by key_version desc limit 1")


async def deliver(house: House) -> list[dict[str, str]]:
    """Make all codes that were asked for; every message of the house so far, opened."""
    async with house.database.transaction(house.context()) as tx:
        for check_id in (await tx.session.execute(_ASKED)).scalars().all():
            await checks.dispatch(tx, check_id, "en", "测试旗")
    opened = []
    async with house.database.transaction(house.context()) as tx:
        for event_id, sealed in (await tx.session.execute(_SENT)).all():
            member: dict[str, Any] = sealed if isinstance(sealed, dict) else json.loads(sealed)
            wrapped = (await tx.session.execute(_KEY, {"person": UUID(member["person_id"])})).scalar_one()
            published = await attach_key(house.tenant, event_id, member, wrapped)
            message = await open_member(tx, event_id, "gateway", published)
            if message is not None:
                opened.append(message)
    return opened


async def code_to(house: House, number: str) -> str:
    """The newest code sent to a phone."""
    codes = [
        found[0]
        for message in await deliver(house)
        if message["to"] == number and (found := re.search(r"\b\d{6}\b", message["text"]))
    ]
    assert codes, f"nothing was sent to {number}"
    return codes[-1]


async def audited(house: House) -> Counter[str]:
    """How often each act stands in the audit of a house."""
    async with house.database.transaction(house.context()) as tx:
        return Counter((await tx.session.execute(_AUDITED)).scalars())
