"""The walls of a table as SQL: one template, opting out only with a reason, every change seen in the fingerprint."""

import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.db.migrate import months
from kernel.db.policy import HI, LO, PERSON, TENANT, fingerprint, roles, scope_condition, temporal_constraint, walls
from kernel.db.table import CoveredBy, Rls, UniquePeriods, days

OWNER, APP, RELAY = roles("roster")


def made(rls: Rls) -> list[str]:
    """The walls of a made-up table."""
    return walls("roster_thing", rls, "roster")


def test_a_table_without_unit_states_its_reason() -> None:
    with pytest.raises(ValueError, match="reason"):
        Rls(unit=None)
    assert Rls.tenant_wide("because").reason == "because"


def test_a_unit_is_compared_with_the_bounds_and_a_person_with_itself() -> None:
    """One opaque CASE, never OR: with OR the planner leaves the unit index (performance.md)."""
    condition = scope_condition(Rls(person="person_id"))
    assert condition == (f"case when {PERSON} is null then unit_no between {LO} and {HI} else person_id = {PERSON} end")
    assert " or " not in condition
    assert scope_condition(Rls()).endswith("else false end")
    assert f"{LO} <= {HI}" in scope_condition(Rls(unit=None, person="person_id", reason="r"))
    assert scope_condition(Rls.tenant_wide("r")) == "true"


def test_settings_are_read_once_and_absence_is_null() -> None:
    for setting in (TENANT, LO, HI, PERSON):
        assert setting.startswith("(select nullif(current_setting('app.")
        assert ", true), '')::" in setting


def test_every_table_is_forced_and_has_a_restrictive_tenant_policy() -> None:
    for rls in (Rls(), Rls.tenant_wide("r"), Rls(person="person_id", published="published_at is not null")):
        statements = made(rls)
        assert "alter table roster_thing enable row level security" in statements
        assert "alter table roster_thing force row level security" in statements
        (wall,) = [one for one in statements if one.startswith("create policy tenant_wall ")]
        assert f"as restrictive for all to {APP} using (tenant_id = {TENANT}) with check (tenant_id = {TENANT})" in wall
        revoked = statements.index(f"revoke all on roster_thing from public, {APP}, {RELAY}")
        assert all(revoked < place for place, one in enumerate(statements) if one.startswith("grant "))


def test_the_relay_gets_nothing_unless_it_is_declared() -> None:
    assert not [one for one in made(Rls()) if RELAY in one and not one.startswith("revoke")]
    served = made(Rls.tenant_wide("r", relay="select, delete"))
    assert f"grant select, delete on roster_thing to {RELAY}" in served
    assert any(one.startswith("create policy relay_all ") for one in served)


def test_published_rows_are_for_reading_and_not_for_officials() -> None:
    (policy,) = [one for one in made(Rls(published="shown")) if one.startswith("create policy published ")]
    assert f"for select to {APP} using ((shown) and ({PERSON} is not null or {LO} > {HI}))" in policy


def test_putting_the_walls_up_again_first_takes_the_old_ones_down() -> None:
    statements = made(Rls(published="shown"))
    created = [one.split()[2] for one in statements if one.startswith("create policy ")]
    for name in created:
        dropped = statements.index(f"drop policy if exists {name} on roster_thing")
        assert dropped < next(place for place, one in enumerate(statements) if one.startswith(f"create policy {name} "))


def test_the_last_statement_keeps_the_fingerprint_of_all_others() -> None:
    one, other = made(Rls()), made(Rls(app="select"))
    for statements in (one, other):
        assert statements[-1] == f"comment on table roster_thing is '{fingerprint(statements[:-1])}'"
    assert one[-1] != other[-1]
    assert walls("roster_thing", Rls(), "training")[-1] != one[-1], "roles differ between processes"


def test_temporal_constraints_lead_with_the_tenant_and_foreign_ones_are_deferred() -> None:
    (_, unique) = temporal_constraint("t", UniquePeriods(key=("a", "b")))
    assert unique == "alter table t add constraint t_a_b_periods unique (tenant_id, a, b, period without overlaps)"
    (_, covered) = temporal_constraint("t", CoveredBy(key=("a",), table="u", table_key=("id",), table_period="held"))
    assert covered == (
        "alter table t add constraint t_a_covered foreign key (tenant_id, a, period period)"
        " references u (tenant_id, id, period held) deferrable initially deferred"
    )


def test_a_period_holds_its_first_day_and_not_its_last() -> None:
    period = days(date(2026, 1, 1), date(2026, 2, 1))
    assert date(2026, 1, 1) in period
    assert date(2026, 1, 31) in period
    assert date(2026, 2, 1) not in period
    assert date(9999, 1, 1) in days(date(2026, 1, 1), None)


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)), st.integers(1, 40))
def test_months_follow_each_other_without_gap(start: date, count: int) -> None:
    found = list(months(start, count))
    assert len(found) == count
    assert found[0][0] == start.replace(day=1)
    assert all(following == after for (_, following), (after, _) in itertools.pairwise(found))
    assert all(first.day == 1 and 28 <= (following - first).days <= 31 for first, following in found)
