"""What assessment declares, before it has features."""

from kernel.access.permission import declared
from services.assessment import permissions


def test_its_permissions_are_declared_once_under_its_name_for_officials() -> None:
    own = {name: kept for name, kept in declared().items() if name.startswith("assessment.")}
    assert set(own) == {permissions.APPROVAL_READ.name, permissions.APPROVAL_DECIDE.name}
    assert {kept.audience for kept in own.values()} == {"official"}
