"""Workers who served before the roster was kept come in once, with posts, earlier work and proofs (O2, NM-3, NM-23)."""

from typing import Any

import pytest

from tests.integration.services.roster.history import entered, intake, staff, years
from tests.integration.services.roster.house import PATH, House

IMPORTS = f"{PATH}/dossiers/imports"


@pytest.mark.article("NM-3", "NM-23")
async def test_a_secretary_of_eleven_years_is_entered_by_the_county(house: House) -> None:
    worker = await entered(house, intake(house))
    seen = (await house.tenant.get(house.county, f"{PATH}/dossiers/{worker.dossier_id}")).json()
    assert (seen["category"], seen["post_title"]) == ("committee_member", "社区党组织书记")
    assert (seen["state"], seen["on_duty_from"], seen["application_id"]) == ("on_duty", "2019-01-01", None)
    counted = await years(house, worker)
    assert (counted["cumulative_years"], counted["current_continuous_years"], counted["gaps"]) == (11, 11, 0)
    assert counted["continuous_since"] == "2014-03-10"
    assert counted["full_terms"] == {"secretary": 1}
    assert (await years(house, worker, "2024-03-09"))["cumulative_years"] == 9
    assert (await years(house, worker, "2024-03-10"))["cumulative_years"] == 10
    known = (await house.tenant.get(house.county, f"{PATH}/dossiers/{worker.dossier_id}/background")).json()
    assert (known["education_code"], known["political_status"]) == ("31", "01")
    assert [each["kind"] for each in known["certificates"]] == ["social_worker"]
    identity = (await house.tenant.get(house.township, f"{PATH}/dossiers/{worker.dossier_id}/identity")).json()
    assert identity["id_number"] == "990101********0010"
    [enrolled] = await house.tenant.events("worker_enrolled")
    assert enrolled.data["application_id"] is None
    taken = await house.tenant.events("post_taken")
    assert [each.data["role"] for each in taken] == ["member", "secretary"]
    assert taken[1].data["relation"] == "elected_office"
    [left] = await house.tenant.events("post_left")
    assert (left.data["role"], left.data["valid_before"]) == ("member", "2019-01-01")
    assert "990101198501010010" not in str([each.data for each in await house.tenant.events()])


async def test_one_person_is_entered_once(house: House) -> None:
    body = intake(house)
    await entered(house, body)
    again = await house.tenant.post(house.township, IMPORTS, staff(house))
    assert (again.status_code, again.json()["type"]) == (409, "/problems/conflict")
    assert "990101198501010010" not in again.text
    elsewhere = await house.tenant.appoint("sibling_township", "township_office")
    other = await house.tenant.post(elsewhere, IMPORTS, intake(house, community="sibling_community"))
    assert other.status_code == 409


async def test_the_same_person_in_another_tenant_is_another_matter(house: House, other_house: House) -> None:
    await entered(house, intake(house))
    await entered(other_house, intake(other_house))


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"id_number": "990101198501010011"}, "/id_number"),
        ({"id_number": "99010119850230001X"}, "/id_number"),
        ({"category": "volunteer"}, "/category"),
        ({"posts": []}, "/posts"),
        ({"posts": [{"role": "mayor", "valid_from": "2019-01-01"}]}, "/role"),
        ({"posts": [{"role": "staff", "valid_from": "2025-03-11"}]}, "/valid_from"),
        ({"posts": [{"role": "member", "valid_from": "2019-01-01", "term_from": "2019-01-01"}]}, "/posts/0"),
    ],
)
async def test_what_is_wrong_is_named_and_nothing_is_left(house: House, changes: dict[str, Any], pointer: str) -> None:
    refused = await house.tenant.post(house.county, IMPORTS, intake(house, **changes))
    assert refused.status_code == 422, refused.text
    assert pointer in [each["pointer"] for each in refused.json()["errors"]]
    assert str(changes.get("id_number", "—")) not in refused.text
    assert not await house.tenant.events()


async def test_posts_of_one_role_do_not_overlap_and_posts_of_two_may(house: House) -> None:
    post = {"role": "director", "valid_from": "2019-01-01"}
    twice = await house.tenant.post(house.county, IMPORTS, intake(house, posts=[post, post]))
    assert twice.status_code == 409
    both = await entered(house, intake(house, posts=[post, post | {"role": "secretary"}]))
    posts = await house.tenant.get(house.county, f"{PATH}/dossiers/{both.dossier_id}/posts", query={"on": "2025-03-10"})
    assert {each["role"] for each in posts.json()["items"]} == {"director", "secretary"}
    # One secretary at a time in a community.
    second = await house.tenant.post(house.county, IMPORTS, intake(house, number=1))
    assert second.status_code == 409, second.text


async def test_permission_and_scope(house: House) -> None:
    body = intake(house)
    for caller, status in ((house.finance, 403), (house.sibling, 404), (None, 401)):
        assert (await house.tenant.post(caller, IMPORTS, body)).status_code == status
    worker = await entered(house, body, house.township)
    assert (await house.tenant.post(worker.caller, IMPORTS, body)).status_code == 403
    path = f"{PATH}/dossiers/{worker.dossier_id}/background"
    for caller, status in ((house.finance, 403), (worker.caller, 403), (house.sibling, 404), (None, 401)):
        assert (await house.tenant.get(caller, path)).status_code == status


@pytest.mark.article("NM-3", "SH-2")
async def test_a_batch_enters_each_row_by_itself_and_says_what_became_of_it(house: House) -> None:
    rows = [
        staff(house, number=0),
        staff(house, number=0),
        intake(house, number=1, id_number="990101199001010028"),
        staff(house, number=2, posts=[{"role": "mayor", "valid_from": "2021-03-01"}]),
        staff(house, number=3),
    ]
    made = await house.tenant.post(house.county, f"{IMPORTS}/batch", {"workers": rows}, key="batch-of-five")
    assert made.status_code == 200, made.text
    outcome = made.json()
    assert (outcome["entered"], outcome["refused"]) == (2, 3)
    assert [item["state"] for item in outcome["items"]] == ["entered", "refused", "refused", "refused", "entered"]
    assert [item["problem"] and item["problem"]["status"] for item in outcome["items"]] == [None, 409, 422, 422, None]
    pointers = [[each["pointer"] for each in outcome["items"][row]["problem"]["errors"]] for row in (2, 3)]
    assert pointers == [["/id_number"], ["/role"]]
    assert "990101199001010028" not in made.text
    # What a refused row had begun is gone: one event of each dossier that came in, and no post of the others.
    kept = {outcome["items"][row]["dossier"]["id"] for row in (0, 4)}
    for name in ("worker_enrolled", "post_taken"):
        assert {str(event.aggregate_id) for event in await house.tenant.events(name)} == kept
    again = await house.tenant.post(house.county, f"{IMPORTS}/batch", {"workers": rows}, key="batch-of-five")
    assert again.json() == outcome
    # A row whose form is wrong stops the batch before anything is read of it.
    shapeless = await house.tenant.post(house.county, f"{IMPORTS}/batch", {"workers": [rows[0] | {"posts": []}]})
    assert [each["pointer"] for each in shapeless.json()["errors"]] == ["/workers/0/posts"]


async def test_a_batch_needs_the_permission_and_the_scope(house: House) -> None:
    body = {"workers": [staff(house)]}
    for caller, status in ((house.finance, 403), (None, 401)):
        assert (await house.tenant.post(caller, f"{IMPORTS}/batch", body)).status_code == status
    elsewhere = await house.tenant.appoint("sibling_township", "township_office")
    made = (await house.tenant.post(elsewhere, f"{IMPORTS}/batch", body)).json()
    assert [item["problem"]["status"] for item in made["items"]] == [404]
