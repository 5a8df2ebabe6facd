"""Every figure of the packs is noticed by their cases, or stands in survivors.yaml with its reason."""

from pathlib import Path

import pytest

from kernel.regulation.mutation import Proof, Survivors

REGULATIONS = Path(__file__).parents[3] / "regulations"


@pytest.mark.parametrize("name", ["national", "neimenggu", "shuanghe"])
def test_no_mutant_of_a_pack_survives_without_a_reason(name: str) -> None:
    proof, listed = Proof(REGULATIONS / name), Survivors.beside(REGULATIONS / name)
    survived = [verdict.mutant for verdict in proof.verdicts() if verdict.noticed is None]
    assert [f"{each.path}: {each.change}" for each in survived if listed.reason(each) is None] == []
    assert listed.stale(survived) == []
