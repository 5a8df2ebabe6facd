"""Encrypted fields under a person's key, and what erasing the key does."""

import asyncio
from collections.abc import Iterable
from uuid import UUID

import pytest
from sqlalchemy import text

from kernel.clock import utcnow
from kernel.context import NOTHING, Actor, Context, TenantId
from kernel.db.transaction import Transaction
from kernel.ids import new_id
from kernel.privacy.cipher import DataKey, Unreadable
from kernel.privacy.fields import protect, reveal
from kernel.privacy.keys import PersonErased, data_key, erase, import_key
from tests.integration.kernel.events.house import House, new_tenant, system

COLUMN = "recruitment_application.id_number"
VALUE = "990101198501010010"


async def test_a_protected_value_is_revealed_in_a_later_transaction(house: House) -> None:
    tenant, person, row = new_tenant(), new_id(), new_id()
    stored = await _protect(house, tenant, person, row)
    assert VALUE.encode() not in stored
    async with house.dbs["recruitment"].transaction(system(tenant)) as tx:
        assert await reveal(tx, person, column=COLUMN, row_id=row, stored=stored) == VALUE


async def test_a_value_copied_to_another_row_or_column_does_not_open(house: House) -> None:
    tenant, person, row = new_tenant(), new_id(), new_id()
    stored = await _protect(house, tenant, person, row)
    async with house.dbs["recruitment"].transaction(system(tenant)) as tx:
        places: Iterable[tuple[str, UUID]] = ((COLUMN, new_id()), ("recruitment_application.phone", row))
        for column, place in places:
            with pytest.raises(Unreadable):
                await reveal(tx, person, column=column, row_id=place, stored=stored)


async def test_an_erased_person_is_unreadable_at_once_and_for_good(house: House) -> None:
    tenant, person, row = new_tenant(), new_id(), new_id()
    stored = await _protect(house, tenant, person, row)
    async with house.dbs["recruitment"].transaction(system(tenant)) as tx:
        assert await reveal(tx, person, column=COLUMN, row_id=row, stored=stored) == VALUE
        await erase(tx, person)
        with pytest.raises(PersonErased):
            await reveal(tx, person, column=COLUMN, row_id=row, stored=stored)
    async with house.dbs["recruitment"].transaction(system(tenant)) as tx:
        with pytest.raises(PersonErased):
            await protect(tx, person, column=COLUMN, row_id=row, value=VALUE)
        with pytest.raises(PersonErased):
            await import_key(tx, person, DataKey(1, bytes(32)))
    (key,) = await house.rows("recruitment", tenant, "select wrapped from k_person_key")
    assert key.wrapped is None


async def test_erasing_a_person_who_never_had_a_key_keeps_one_from_being_made(house: House) -> None:
    tenant, person = new_tenant(), new_id()
    async with house.dbs["recruitment"].transaction(system(tenant)) as tx:
        await erase(tx, person)
        with pytest.raises(PersonErased):
            await data_key(tx, person)


async def test_two_transactions_at_once_make_one_key(house: House) -> None:
    tenant, person = new_tenant(), new_id()

    async def key() -> DataKey:
        async with house.dbs["recruitment"].transaction(system(tenant)) as tx:
            return await data_key(tx, person)

    keys = await asyncio.gather(*(key() for _ in range(6)))
    assert len({made.secret for made in keys}) == 1


async def test_a_person_uses_their_own_key_and_no_other(house: House) -> None:
    tenant, person, other = new_tenant(), new_id(), new_id()
    await _protect(house, tenant, other, new_id())
    own = Context(TenantId(tenant), NOTHING, Actor("person", person=person), utcnow())
    async with house.dbs["recruitment"].transaction(own) as tx:
        await data_key(tx, person)
        assert await _keys_seen(tx) == 1
    async with house.dbs["recruitment"].transaction(system(tenant)) as tx:
        assert await _keys_seen(tx) == 2


async def _keys_seen(tx: Transaction) -> int:
    return int((await tx.session.execute(text("select count(*) from k_person_key"))).scalar_one())


async def _protect(house: House, tenant: UUID, person: UUID, row: UUID) -> bytes:
    async with house.dbs["recruitment"].transaction(system(tenant)) as tx:
        return await protect(tx, person, column=COLUMN, row_id=row, value=VALUE)


async def test_in_one_transaction_over_two_tenants_each_has_a_key_of_its_own(house: House) -> None:
    first, second, person = new_tenant(), new_tenant(), new_id()
    async with house.dbs["recruitment"].transaction(system(first)) as tx:
        mine = await data_key(tx, person)
        other = await tx.under(system(second))
        theirs = await data_key(other, person)
        assert mine.secret != theirs.secret
        back = await other.under(tx.context)
        assert (await data_key(back, person)).secret == mine.secret
