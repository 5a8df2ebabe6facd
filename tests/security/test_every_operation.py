"""Every operation, asked with what is another's: the answer is that for what does not exist (cases 16 to 19).

The requests are those of the stories, and for the rest made from the API document; so a new operation is tried by
itself, and one that cannot be exercised fails here by name. Whoever asks has the same right as the one who asked
rightly, in another tenant, in a unit next door with a similar code, or below the record's unit, and repeats the
request with its ids, version, file, Idempotency-Key and position.
"""

import contextlib
from collections.abc import Callable

import httpx

from deploy.cli.demo.client import wait_for
from deploy.cli.stack.testing import RunningStack
from tests.security.reaching import Operation, operations
from tests.security.story_requests import Told
from tests.security.sums import differences, holding, losses
from tests.security.walking import (
    Findings,
    below,
    chosen,
    foreigner,
    masked,
    next_door,
    repeat,
    signed_in,
    unless_shared,
    walk,
)

NO_CASE = "/api/v1/training/approvals/{case_id}"
"""No pack has an approval in training, so there is no case that anybody could be asked for; its desk is walked."""
FORBIDDEN = 403
NOBODYS = "01900000-0000-7000-8000-000000000000"
SIGN_INS = ".identity_"
"""What whoever asks in the same tenant changes by having a token."""


def test_every_operation_is_exercised(stories: list[Told]) -> None:
    """No more and no fewer than those without a case: the day a pack brings one, they are walked."""
    left = [(*operation, why) for operation, why in stories[0].left.items() if not operation[1].startswith(NO_CASE)]
    assert not left, "\n".join(map(" ".join, left))
    without_case = {each for each in operations(stories[0].document) if each[1].startswith(NO_CASE)}
    assert set(stories[0].left) == without_case


def test_who_asks_rightly_is_answered_otherwise_than_for_nothing(stories: list[Told]) -> None:
    """Seen red once: the same comparison, with those to whom the records do belong."""
    silent = []
    for story in stories:
        for operation, sample in chosen(story):
            if operation[0] == "get" and sample.ids and sample.user_name and "?" not in sample.url:
                asker = signed_in("the same", story.tenant[sample.user_name])
                again, missing = repeat(asker, sample, {}), repeat(asker, sample, dict.fromkeys(sample.ids, NOBODYS))
                if again.status_code < 300 and masked(again.content) == masked(missing.content):
                    silent.append(sample.url)
    assert silent == []


def test_another_tenants_answers_as_if_it_did_not_exist(stories: list[Told], stack: RunningStack) -> None:
    asked: dict[Operation, set[int]] = {}
    for story in stories:
        before = holding(stack, story.tenant.id)
        found = walk(story, foreigner)
        assert found.faults == []
        assert differences(before, holding(stack, story.tenant.id)) == []
        assert len(found.answers) == len(story.samples)
        audited(story.foreign["admin.audit"].get, found)
        for operation, statuses in found.answers.items():
            asked.setdefault(operation, set()).update(statuses)
    # A permission that the other lacks says nothing of rows: each operation was asked by somebody who holds it.
    assert [operation for operation, statuses in asked.items() if statuses == {FORBIDDEN}] == []


def test_a_neighbouring_units_answers_as_if_it_did_not_exist(stories: list[Told], stack: RunningStack) -> None:
    for story in stories:
        before = holding(stack, story.tenant.id)
        found = walk(story, unless_shared(next_door))
        assert found.faults == []
        assert losses(before, holding(stack, story.tenant.id), SIGN_INS) == []
        audited(story.tenant["admin.audit"].get, found)


def test_a_higher_units_answers_from_below_as_if_it_did_not_exist(stories: list[Told], stack: RunningStack) -> None:
    asked = 0
    for story in stories:
        before = holding(stack, story.tenant.id)
        found = walk(story, unless_shared(below))
        assert found.faults == []
        assert losses(before, holding(stack, story.tenant.id), SIGN_INS) == []
        asked += len(found.answers)
    assert asked


def audited(read: Callable[..., httpx.Response], found: Findings) -> None:
    """Every refusal stands in the audit of the tenant of the one refused."""
    missing = set(found.refused)

    def none_missing() -> bool:
        cursor: dict[str, str] | None = {}
        while cursor is not None and missing:
            page = read("/audit/entries", action="edge.refused", limit="200", **cursor).json()
            facts = [each["entry"]["facts"] for each in page["items"]]
            missing.difference_update((each["method"], each["path"]) for each in facts)
            cursor = {"cursor": page["next"]} if page["next"] else None
        return not missing

    with contextlib.suppress(TimeoutError):
        wait_for(none_missing, "every refusal in the audit")
    assert missing == set()
