"""A worker moves to another jurisdiction: released, consented, accepted; only evidence and identity cross (NM-23)."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import col, select

from kernel.events.inbox import Outcome
from kernel.ids import new_id
from kernel.privacy.tables import PersonKey
from kernel.testing.service_client import ServiceUnderTest
from kernel.testing.tree import person
from services.roster.crossing import actions
from services.roster.incoming.tables import Incoming
from tests.integration.services.roster.crossing.two import CERTIFICATE, GIVING, NAME, NO, NOW, PERSONAL, YES, Two
from tests.integration.services.roster.house import PACK, PATH
from tests.integration.services.roster.rank.test_ranks import ladder


@pytest.fixture
async def two(roster: ServiceUnderTest) -> Two:
    return await Two.open(roster)


@pytest.mark.article("NM-23")
async def test_the_whole_way(two: Two) -> None:
    crossing = await two.released()
    [own] = (await two.giver.get(two.worker, f"{PATH}/own/crossings")).json()["items"]
    assert own["evidence"]["service"] == [{"valid_from": "2021-03-01", "valid_before": None}]
    assert own["identity_members"] == ["full_name", "id_number", "phone", "certificate_numbers"]
    assert (await two.consent(crossing)).json()["state"] == "consented"
    await two.deliver()

    offered = (await two.incoming(crossing)).json()
    assert offered["evidence"] == own["evidence"]
    assert (offered["evidence"]["cumulative_years"], offered["evidence"]["rank"]) == (4, None)
    assert (offered["full_name"], offered["id_number"], offered["phone"]) == (NAME, "990101********0027", "139****0007")
    assert (await two.accept(crossing)).json()["state"] == "accepted"
    await two.deliver()
    assert await two.states(crossing) == ("completed", "completed")

    # The giving side: the service ended that day, the dossier stays as a record.
    left = (await two.giver.get(two.worker, f"{PATH}/own/dossier")).json()
    assert (left["state"], left["left_on"]) == ("left", "2025-11-24")
    [post] = (await two.giver.get(two.worker, f"{PATH}/own/posts")).json()["items"]
    assert (post["valid_before"], post["left_ground"]) == ("2025-11-24", "transfer")
    # The receiving side: a dossier of its own with the years added up and the certificate.
    dossier = (await two.incoming(crossing)).json()["dossier_id"]
    base = f"{PATH}/dossiers/{dossier}"
    seen = (await two.receiver.get(two.receiving, base)).json()
    assert (seen["state"], seen["full_name"], seen["on_duty_from"]) == ("on_duty", NAME, "2025-11-24")
    assert seen["person_id"] != left["person_id"]
    years = (await two.receiver.get(two.receiving, f"{base}/service-years")).json()
    assert (years["cumulative_years"], years["current_continuous_years"], years["gaps"]) == (4, 4, 0)
    proofs = (await two.receiver.get(two.receiving, f"{base}/background")).json()
    assert [each["number"] for each in proofs["certificates"]] == [CERTIFICATE]
    # Nothing else crossed: education was known to the giver and is not known here.
    assert proofs["education_code"] is None
    assert (await two.receiver.get(two.receiving, f"{PATH}/dossiers/{two.dossier_id}")).status_code == 404
    assert await two.audited(two.giver, crossing) == ["release", "consent", "leave"]
    assert await two.audited(two.receiver, crossing) == ["arrive", "accept", "receive"]


@pytest.mark.article("NM-23")
async def test_what_is_not_recognised_is_not_taken_over(two: Two) -> None:
    crossing = await two.offered()
    assert (await two.accept(crossing, years=NO, certificates=NO)).status_code == 200
    await two.deliver()
    shown = (await two.incoming(crossing)).json()
    assert shown["answer"]["years"] == NO
    base = f"{PATH}/dossiers/{shown['dossier_id']}"
    assert (await two.receiver.get(two.receiving, f"{base}/service-years")).json()["cumulative_years"] == 0
    assert (await two.receiver.get(two.receiving, f"{base}/background")).json()["certificates"] == []


@pytest.mark.article("NM-23")
async def test_a_rank_crosses_where_there_is_one_and_is_recognised_on_a_ladder_of_the_receiver(
    roster: ServiceUnderTest,
) -> None:
    two = await Two.open(roster, giving=PACK)
    for tenant in (two.giver, two.receiver):
        region = await tenant.appoint("region", "society_work", "approver")
        assert (await tenant.post(region, f"{PATH}/ladders", ladder())).status_code == 201
    placing = {"grade": 2, "valid_from": "2025-01-06", "reason": "首次定级"}
    made = await two.giver.post(two.releasing, f"{PATH}/dossiers/{two.dossier_id}/ranks", placing)
    assert made.status_code == 201, made.text
    crossing = await two.offered()
    assert (await two.incoming(crossing)).json()["evidence"]["rank"]["grade"] == 2
    # Each part is answered.
    assert (await two.accept(crossing)).status_code == 422
    assert (await two.accept(crossing, rank=YES)).status_code == 200
    await two.deliver()
    dossier = (await two.incoming(crossing)).json()["dossier_id"]
    [held] = (await two.receiver.get(two.receiving, f"{PATH}/dossiers/{dossier}/ranks")).json()["items"]
    assert (held["grade"], held["ground"]) == (2, "recognised")


@pytest.mark.article("NM-23")
async def test_without_a_ladder_here_no_rank_is_recognised_and_none_is_made_up(roster: ServiceUnderTest) -> None:
    two = await Two.open(roster, giving=PACK)
    region = await two.giver.appoint("region", "society_work", "approver")
    assert (await two.giver.post(region, f"{PATH}/ladders", ladder())).status_code == 201
    placing = {"grade": 2, "valid_from": "2025-01-06", "reason": "首次定级"}
    await two.giver.post(two.releasing, f"{PATH}/dossiers/{two.dossier_id}/ranks", placing)
    crossing = await two.offered()
    unset = await two.accept(crossing, rank=YES)
    assert (unset.status_code, unset.json()["type"]) == (409, "/problems/parameter-not-set"), unset.text
    assert (await two.accept(crossing, rank=NO)).status_code == 200
    await two.deliver()
    assert await two.states(crossing) == ("completed", "completed")


@pytest.mark.article("NM-23")
async def test_where_the_regulation_knows_no_ranks_none_is_recognised(roster: ServiceUnderTest) -> None:
    two = await Two.open(roster, giving=PACK, receiving=GIVING)
    region = await two.giver.appoint("region", "society_work", "approver")
    assert (await two.giver.post(region, f"{PATH}/ladders", ladder())).status_code == 201
    placing = {"grade": 2, "valid_from": "2025-01-06", "reason": "首次定级"}
    await two.giver.post(two.releasing, f"{PATH}/dossiers/{two.dossier_id}/ranks", placing)
    crossing = await two.offered()
    unknown = await two.accept(crossing, rank=YES)
    assert (unknown.status_code, unknown.json()["type"]) == (409, "/problems/not-regulated"), unknown.text
    assert (await two.accept(crossing, rank=NO)).status_code == 200
    await two.deliver()
    assert await two.states(crossing) == ("completed", "completed")


async def test_a_rank_that_was_not_offered_is_not_recognised(two: Two) -> None:
    crossing = await two.offered()
    assert (await two.accept(crossing, rank=YES)).status_code == 422


@pytest.mark.article("NM-23")
async def test_declined_or_refused_nothing_changes_and_it_may_begin_anew(two: Two) -> None:
    first = await two.released()
    assert (await two.release()).status_code == 409
    assert (await two.consent(first, agree=False)).json()["state"] == "declined"
    await two.deliver()
    assert await two.states(first) == ("declined", "missing")
    assert (await two.consent(first)).status_code == 409
    second = await two.offered()
    path = f"{PATH}/incoming-crossings/{second}/refusal"
    refused = await two.receiver.post(two.receiving, path, {"reason": "职数已满"})
    assert refused.json()["state"] == "refused", refused.text
    await two.deliver()
    assert await two.states(second) == ("refused", "refused")
    assert (await two.incoming(second)).json()["full_name"] is None
    assert (await two.accept(second)).status_code == 409
    assert (await two.giver.get(two.worker, f"{PATH}/own/dossier")).json()["state"] == "on_duty"
    assert (await two.release()).status_code == 201


@pytest.mark.article("NM-23")
async def test_withdrawn_before_the_answer_arrives_the_giving_side_decides(two: Two) -> None:
    crossing = await two.offered()
    assert (await two.accept(crossing)).status_code == 200
    path = f"{PATH}/crossings/{crossing}/withdrawal"
    assert (await two.giver.post(two.releasing, path, {"reason": "情况变化"})).json()["state"] == "withdrawn"
    await two.deliver()
    assert await two.states(crossing) == ("withdrawn", "withdrawn")
    assert (await two.incoming(crossing)).json()["dossier_id"] is None
    assert (await two.giver.get(two.worker, f"{PATH}/own/dossier")).json()["state"] == "on_duty"
    assert (await two.giver.post(two.releasing, path, {"reason": "情况变化"})).status_code == 409


async def test_what_came_sealed_is_destroyed_when_the_matter_is_over(two: Two) -> None:
    crossing = await two.offered()
    path = f"{PATH}/crossings/{crossing}/withdrawal"
    await two.giver.post(two.releasing, path, {"reason": "情况变化"})
    await two.deliver()
    async with two.service.database.transaction(two.receiver.context()) as tx:
        row = (await tx.session.execute(select(Incoming))).scalar_one()
        assert (row.state, row.sealed) == ("withdrawn", None)
        key = select(col(PersonKey.wrapped)).where(col(PersonKey.person_id) == row.person_id)
        assert (await tx.session.execute(key)).scalar_one() is None


@pytest.mark.parametrize("consented", [False, True])
async def test_unanswered_it_lapses_after_the_days_of_the_pack_and_not_before(two: Two, consented: bool) -> None:
    crossing = await (two.offered() if consented else two.released())
    await two.giver.move_to(NOW + timedelta(days=30, minutes=-5))
    await two.service.run_timers()
    assert (await two.states(crossing))[0] == ("consented" if consented else "released")
    await two.giver.move_to(NOW + timedelta(days=30, minutes=5))
    for _ in range(2):
        await two.service.run_timers()
    await two.deliver()
    assert await two.states(crossing) == (("lapsed", "withdrawn") if consented else ("lapsed", "missing"))


async def test_delivered_again_and_again_it_is_done_once(two: Two) -> None:
    crossing = await two.offered()
    await two.accept(crossing)
    await two.deliver()
    before = len(await two.giver.events()), len(await two.receiver.events())
    two.outcomes.clear()
    await two.deliver()
    assert set(two.outcomes) == {Outcome.DUPLICATE}
    assert (len(await two.giver.events()), len(await two.receiver.events())) == before


async def test_whoever_left_meanwhile_is_not_carried_away(two: Two) -> None:
    crossing = await two.offered()
    assert (await two.accept(crossing)).status_code == 200
    [post] = (await two.giver.get(two.worker, f"{PATH}/own/posts")).json()["items"]
    office = await two.giver.appoint("township", "township_office")
    leaving = {"valid_before": "2025-11-24", "ground": "change", "reason": "已离岗"}
    left = await two.giver.post(office, f"{PATH}/posts/{post['id']}/leaving", leaving)
    assert left.status_code == 200, left.text
    await two.deliver()
    assert await two.states(crossing) == ("withdrawn", "withdrawn")


async def test_who_has_a_dossier_there_gets_no_second_one_and_serves_on(two: Two) -> None:
    await two.enter(two.receiver, person(), full_name="陆重名")
    crossing = await two.offered()
    assert (await two.accept(crossing)).status_code == 200
    await two.deliver()
    assert await two.states(crossing) == ("refused", "refused")
    assert "hindrance" in (await two.incoming(crossing)).json()["answer"]
    assert (await two.giver.get(two.worker, f"{PATH}/own/dossier")).json()["state"] == "on_duty"


@pytest.mark.article("NM-7")
async def test_elected_office_ends_by_its_own_record_and_is_not_given_by_a_move(roster: ServiceUnderTest) -> None:
    office = {"role": "secretary", "valid_from": "2022-01-01", "term_from": "2022-01-01", "term_before": "2027-01-01"}
    two = await Two.open(roster, category="committee_member", posts=[office])
    silent = await two.release()
    assert (silent.status_code, silent.json()["article"]) == (409, "SH-4")
    assert (await two.release(office_ends_by="团场党委批复〔2025〕8号")).status_code == 201
    other = await Two.open(roster)
    crossing = await other.offered()
    assert (await other.accept(crossing, role="secretary")).status_code == 409
    assert (await other.accept(crossing, role="mayor")).status_code == 422
    township = str(other.receiver.tree["township"].id)
    assert (await other.accept(crossing, community_unit_id=township)).status_code == 422


async def test_an_account_there_becomes_the_dossiers_person(two: Two) -> None:
    crossing = await two.offered()
    account = new_id()
    assert (await two.accept(crossing, person_id=str(account))).status_code == 200
    await two.deliver()
    own = await two.receiver.get(person(account), f"{PATH}/own/dossier")
    assert (own.status_code, own.json()["full_name"]) == (200, NAME)
    masked = await two.receiver.get(two.receiving, f"{PATH}/dossiers/{own.json()['id']}/identity")
    assert masked.json()["id_number"] == "990101********0027"
    told = str([row.data for row in await two.receiver.events("recorded")])
    assert not [word for word in PERSONAL if word in told]


async def test_interrupted_before_its_commit_neither_side_has_anything_of_it(two: Two) -> None:
    crossing = await two.offered()
    assert (await two.accept(crossing)).status_code == 200

    class Killed(Exception):
        pass

    async def killed() -> None:
        async with two.service.database.transaction(two.receiver.context()) as tx:
            await actions.answered(tx, UUID(crossing), two.giver.id, True)
            raise Killed

    with pytest.raises(Killed):
        await killed()
    assert await two.states(crossing) == ("consented", "accepted")
    assert (await two.giver.get(two.worker, f"{PATH}/own/dossier")).json()["state"] == "on_duty"
    assert (await two.receiver.get(two.receiving, f"{PATH}/dossiers")).json()["items"] == []
    await two.deliver()
    assert await two.states(crossing) == ("completed", "completed")
