"""A parameter is a figure or the reason why there is none; silence is never zero."""

import json
from datetime import date
from decimal import Decimal

import pytest
from pydantic import ValidationError

from kernel.errors import ParameterNotSet
from kernel.regulation import Figure, NotRegulated
from kernel.regulation.schema import Parameter

LABEL = {"zh": "名称", "en": "Name"}
CITED = {"article": "XX-1", "words": "字句"}


def figure(on: date | None = None, **members: object) -> Figure:
    return Figure(
        "some.path", Parameter.model_validate_json(json.dumps({"kind": "int", "label": LABEL, **members})), on
    )


def test_values_are_read_by_their_kind() -> None:
    assert figure(value=24, **CITED).integer() == 24
    assert figure(kind="decimal", value="0.10", **CITED).decimal() == Decimal("0.10")
    assert figure(kind="text", value="township", **CITED).text() == "township"
    assert figure(kind="bool", value=False, **CITED).boolean() is False
    assert figure(kind="date", value="2024-08-21", **CITED).day() == date(2024, 8, 21)
    assert figure(kind="texts", value=["a"], **CITED).texts() == ["a"]
    assert figure(kind="integers", value=[1], **CITED).integers() == [1]
    assert figure(kind="rows", value=[{"a": 1}], **CITED).rows() == [{"a": 1}]


def test_reading_another_kind_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(TypeError, match="of kind int"):
        figure(value=24, **CITED).text()


@pytest.mark.parametrize(
    ("members", "state", "says"),
    [
        ({"deferred": "league", **CITED}, "deferred", "left to the level 'league'"),
        ({"unresolved": "师市办发〔2020〕33号", **CITED}, "unresolved", "师市办发〔2020〕33号"),
        ({"national": "LCL-37"}, "national", "the statute applies \\(LCL-37\\)"),
        ({"absent": True}, "not_regulated", "not regulated here"),
    ],
)
def test_a_field_without_a_figure_says_why(members: dict[str, object], state: str, says: str) -> None:
    silent = figure(**members)
    assert silent.state == state
    with pytest.raises(ParameterNotSet, match=says) as refused:
        silent.integer()
    assert isinstance(refused.value, NotRegulated) is (state == "not_regulated")


def test_a_dated_figure_holds_from_its_day_and_raises_before() -> None:
    dated = [{"valid_from": "2025-01-01", "value": 1}, {"valid_from": "2026-01-01", "value": 2}]
    assert figure(date(2025, 12, 31), dated=dated, **CITED).integer() == 1
    assert figure(date(2026, 1, 1), dated=dated, **CITED).integer() == 2
    with pytest.raises(ParameterNotSet, match="no figure before 2025-01-01"):
        figure(date(2024, 12, 31), dated=dated, **CITED).integer()
    with pytest.raises(TypeError, match="ask for it on a day"):
        figure(dated=dated, **CITED).integer()


@pytest.mark.parametrize(
    ("members", "says"),
    [
        ({}, "exactly one of"),
        ({"value": 1, "absent": True, **CITED}, "exactly one of"),
        ({"value": "1", **CITED}, "not of kind"),
        ({"value": True, **CITED}, "not of kind"),
        ({"kind": "decimal", "value": 1, **CITED}, "not of kind"),
        ({"kind": "decimal", "value": "NaN", **CITED}, "not of kind"),
        ({"value": 1}, "add `article` and `words`"),
        ({"value": 1, "words": "字句"}, "without their article"),
        ({"value": 1, "ours": LABEL, **CITED}, "remove `words` or `ours`"),
        ({"kind": "text", "value": "a", "tightening": "min", **CITED}, "only a number"),
        (
            {"dated": [{"valid_from": "2026-01-01", "value": 1}, {"valid_from": "2025-01-01", "value": 2}], **CITED},
            "in order",
        ),
    ],
)
def test_a_field_is_one_thing_with_its_basis(members: dict[str, object], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        figure(**members)
