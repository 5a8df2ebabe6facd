"""Applicants register with a phone that answers: codes exact under parallel tries, limited, and no oracle."""

import asyncio
import re

import httpx
import pytest
from sqlalchemy import text

from gateway.identity import purging, rules
from kernel.clock import utcnow
from tests.security.identity.house import PASSWORD, House
from tests.security.identity.post import audited, code_to, deliver
from tests.security.identity.visitor import HIDDEN, Visitor, answer_of

PHONE = "13900000001"


async def ask(visitor: Visitor, phone: str = PHONE) -> httpx.Response:
    page = await visitor.http.get("/oauth/register", params=visitor.request())
    assert page.status_code == 200
    return await visitor.submit(page, "/oauth/register/code", phone=phone)


async def register(
    visitor: Visitor,
    page: httpx.Response,
    code: str,
    name: str = "newcomer",
    password: str = PASSWORD,
    again: str | None = None,
) -> httpx.Response:
    fields = {"code": code, "user_name": name, "password": password, "again": password if again is None else again}
    return await visitor.submit(page, "/oauth/register", **fields)


def other(code: str, by: int = 1) -> str:
    return f"{(int(code) + by) % 10**6:06d}"


def shape(page: httpx.Response) -> str:
    """A page without what differs between any two."""
    body = page.text[page.text.index("</style>") :]
    return re.sub(r'name="(csrf|check|request)" value="[^"]*"', "", body)


def hidden(page: httpx.Response) -> dict[str, str]:
    """The hidden fields of a page."""
    return dict(HIDDEN.findall(page.text))


async def test_an_applicant_registers_and_is_signed_in_as_a_person(own_house: House) -> None:
    async with Visitor(own_house) as visitor:
        page = await ask(visitor, "+86 139-0000-0001")
        code = await code_to(own_house, PHONE)
        done = await register(visitor, page, code)
        assert done.status_code == 303
        answer = answer_of(await visitor.http.get(done.headers["location"]))
        assert (await visitor.redeem(answer["code"])).status_code == 200
        assert await deliver(own_house) == [], "with the check the message can be read no more"
    async with Visitor(own_house) as visitor:
        form = await visitor.http.get("/oauth/register", params=visitor.request())
        fields = {"check": hidden(page)["check"], "code": code, "user_name": "x.y.z", "password": PASSWORD}
        again = await visitor.submit(form, "/oauth/register", **fields, again=PASSWORD)
        assert again.status_code == 403, "a code makes one account"
    async with Visitor(own_house) as later:
        assert "code" in answer_of(await later.sign_in("newcomer"))


@pytest.mark.parametrize(
    ("name", "password", "again", "words"),
    [
        ("official", PASSWORD, None, "taken"),
        ("Ünïcode", PASSWORD, None, "does not fit"),
        ("ab", PASSWORD, None, "does not fit"),
        ("newcomer", "short1A", None, "characters"),
        ("newcomer", "alllowercase", None, "at least three"),
        ("newcomer", "Newcomer-2026", None, "user name in the password"),
        ("newcomer", PASSWORD, "other", "differ"),
    ],
)
async def test_a_registration_that_will_not_do_says_why_and_the_code_stays_good(
    own_house: House, name: str, password: str, again: str | None, words: str
) -> None:
    async with Visitor(own_house) as visitor:
        page = await ask(visitor)
        code = await code_to(own_house, PHONE)
        refused = await register(visitor, page, code, name, password, again)
        assert refused.status_code == 422
        assert words in refused.text
        assert password not in refused.text
        assert (await register(visitor, refused, code)).status_code == 303


async def test_of_two_registrations_of_one_name_at_once_one_succeeds(own_house: House) -> None:
    async with Visitor(own_house) as one, Visitor(own_house) as two:
        pages = await ask(one), await ask(two, "13900000002")
        codes = await code_to(own_house, PHONE), await code_to(own_house, "13900000002")
        answers = await asyncio.gather(register(one, pages[0], codes[0]), register(two, pages[1], codes[1]))
    assert sorted(answer.status_code for answer in answers) == [303, 422]


@pytest.mark.parametrize("phone", ["", "12345", "110", "1390000000a", "23900000001", "139000000011"])
async def test_what_is_no_mobile_number_gets_no_code(own_house: House, phone: str) -> None:
    async with Visitor(own_house) as visitor:
        refused = await ask(visitor, phone)
    assert refused.status_code == 422
    assert await deliver(own_house) == []


async def test_of_fifty_wrong_codes_at_once_exactly_five_are_judged(own_house: House) -> None:
    async with Visitor(own_house) as visitor:
        page = await ask(visitor)
        code = await code_to(own_house, PHONE)
        tries = [register(visitor, page, other(code, by), f"newcomer{by}") for by in range(1, 51)]
        assert {answer.status_code for answer in await asyncio.gather(*tries)} == {403}
        async with own_house.database.transaction(own_house.context()) as tx:
            assert (await tx.session.execute(text("select tries from identity_check"))).scalar_one() == rules.CODE_TRIES
        counted = await audited(own_house)
        assert (counted["identity.code_refused"], counted["identity.code_ended"]) == (4, 1)
        assert (await register(visitor, page, code)).status_code == 403, "the right code is dead too"


async def test_a_code_ends_after_ten_minutes(own_house: House) -> None:
    async with Visitor(own_house) as visitor:
        page = await ask(visitor)
        code = await code_to(own_house, PHONE)
        async with own_house.database.transaction(own_house.context()) as tx:
            left = await tx.session.execute(text("select max(expires_at - now()) from identity_check"))
            assert rules.CODE_VALID.total_seconds() - 60 < left.scalar_one().total_seconds() <= 600
            await tx.session.execute(text("update identity_check set expires_at = now()"))
        assert (await register(visitor, page, code)).status_code == 403


async def test_one_code_a_minute_and_few_an_hour_with_the_same_answer(own_house: House) -> None:
    async with Visitor(own_house) as visitor:
        answers = [await ask(visitor) for _ in range(3)]
        assert len(await deliver(own_house)) == 1
        assert {shape(answer) for answer in answers} == {shape(answers[0])}
        for _ in range(rules.CODES_PER_HOUR + 2):
            async with own_house.database.transaction(own_house.context()) as tx:
                await tx.session.execute(
                    text("update identity_check set recorded_at = recorded_at - interval '61 seconds'")
                )
            await ask(visitor)
            sent = await deliver(own_house)
        assert len(sent) == rules.CODES_PER_HOUR


async def test_fifty_at_once_send_one_code(own_house: House) -> None:
    async with Visitor(own_house) as visitor:
        page = await visitor.http.get("/oauth/register", params=visitor.request())
        asked = [visitor.submit(page, "/oauth/register/code", phone=PHONE) for _ in range(50)]
        # 503: so many at once may wait longer for a connection than they should.
        assert {answer.status_code for answer in await asyncio.gather(*asked)} <= {200, 503}
    assert len(await deliver(own_house)) == 1


async def test_one_address_asks_only_so_often(own_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "ASKED_PER_HOUR", 3)
    async with Visitor(own_house) as visitor:
        answers = [await ask(visitor, f"1390000010{last}") for last in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[-1].headers["retry-after"]


async def test_a_known_phone_is_answered_like_an_unknown_one(own_house: House) -> None:
    async with Visitor(own_house) as visitor:
        page = await ask(visitor)
        assert (await register(visitor, page, await code_to(own_house, PHONE))).status_code == 303
    async with Visitor(own_house) as visitor:
        async with own_house.database.transaction(own_house.context()) as tx:
            await tx.session.execute(text("update identity_check set recorded_at = recorded_at - interval '2 minutes'"))
        known, unknown = await ask(visitor), await ask(visitor, "13900000009")
    assert known.status_code == unknown.status_code == 200
    assert shape(known) == shape(unknown)


async def test_phones_and_codes_stand_nowhere_in_clear(own_house: House) -> None:
    async with Visitor(own_house) as visitor:
        page = await ask(visitor)
        code = await code_to(own_house, PHONE)
        async with own_house.database.transaction(own_house.context()) as tx:
            rows = await tx.session.execute(
                text(
                    "select row_to_json(t)::text from identity_check t"
                    " union all select row_to_json(o)::text from k_outbox o"
                    " union all select row_to_json(a)::text from k_outbox_archive a"
                )
            )
            kept = " ".join(rows.scalars())
        assert PHONE not in kept
        assert not re.search(rf"\D{code}\D", kept)
        assert (await register(visitor, page, code)).status_code == 303
        async with own_house.database.transaction(own_house.context()) as tx:
            stored = await tx.session.execute(text("select number from identity_phone"))
            assert PHONE.encode() not in stored.scalar_one()


async def test_what_is_over_is_purged_with_the_key_of_its_phone(own_house: House) -> None:
    async with Visitor(own_house) as visitor:
        await ask(visitor)
        await code_to(own_house, PHONE)
    async with own_house.database.transaction(own_house.context()) as tx:
        await purging.purge(tx, utcnow() + rules.CODE_VALID)
        count = text("select count(*) from identity_check")
        assert (await tx.session.execute(count)).scalar_one() == 1, "it is still counted"
        await purging.purge(tx, utcnow() + rules.CODE_VALID + purging.COUNTED)
        assert (await tx.session.execute(count)).scalar_one() == 0
        keys = text("select count(*) from k_person_key where wrapped is not null")
        assert (await tx.session.execute(keys)).scalar_one() == 0
