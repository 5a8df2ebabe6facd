"""What stands in the printed contract: every content of NM-12, last days of periods, Chinese throughout."""

from datetime import date

import pytest

from services.roster.printing import rules
from tests.unit.services.roster.packs import changed, inner_mongolia, shuanghe

SEVEN = ("rights_and_obligations", "duties", "working_conditions", "probation", "term", "termination", "breach")
PARTIES = rules.Parties(
    "青松街道", "张测试", "990101********0010", "139****0000", "社区专职工作人员", "晨光社区", "community_staff"
)


def contract(**changes: object) -> rules.Contract:
    given: dict[str, object] = {
        "number": "n",
        "state": "in_force",
        "relation": "labour_contract",
        "valid_from": date(2025, 3, 10),
        "valid_before": date(2028, 3, 10),
        "probation_months": 6,
        "probation_before": date(2025, 9, 10),
        "contents": {name: f"内容 {name}" for name in SEVEN},
        "penalty": None,
        "employer_signed_on": date(2025, 3, 7),
        "worker_signed_on": None,
    }
    return rules.Contract(**given | changes)  # type: ignore[arg-type]  # a test's keyword arguments


@pytest.mark.article("NM-12")
def test_the_seven_contents_stand_in_the_order_of_the_text() -> None:
    shown = rules.values(inner_mongolia(), contract(), PARTIES)
    labels = [clause["label"] for clause in shown["clauses"]]
    assert labels == ["双方的权利义务", "职责要求", "工作条件", "试用期", "合同期限", "解除合同情形", "违约责任"]
    assert [clause["number"] for clause in shown["clauses"]] == list("一二三四五六七")
    assert (shown["article"], shown["draft_note"]) == ("NM-12", "")


@pytest.mark.article("NM-12")
def test_what_the_parties_added_follows() -> None:
    contents = {**dict.fromkeys(SEVEN, "约定"), "secrecy": "保守工作秘密", "empty": " "}
    clauses = rules.clauses(inner_mongolia(), contents)
    assert [(clause["number"], clause["text"]) for clause in clauses[7:]] == [("八", "保守工作秘密")]
    without_list = changed(lists={"contract.contents": None})
    assert len(rules.clauses(without_list, contents)) == 8


@pytest.mark.article("NM-12")
def test_forms_print_the_last_day_of_a_period() -> None:
    shown = rules.values(inner_mongolia(), contract(), PARTIES)
    assert shown["term"] == "固定期限，自2025年3月10日起至2028年3月9日止"
    assert "自2025年3月10日起至2025年9月9日止" in shown["probation"]
    assert (shown["employer_signed_on"], "2025" in shown["worker_signed_on"]) == ("2025年3月7日", False)
    open_ended = contract(valid_before=None, probation_months=0, probation_before=None, state="offered")
    shown = rules.values(inner_mongolia(), open_ended, PARTIES)
    assert shown["term"] == "无固定期限，自2025年3月10日起"
    assert shown["probation"] == "不约定试用期"
    assert "不具有合同效力" in shown["draft_note"]


@pytest.mark.article("LCL-25")
def test_the_penalty_is_printed_with_its_ground_or_that_there_is_none() -> None:
    assert rules.penalty(("专项培训服务期", "5000.00")) == "专项培训服务期，违约金5000.00元"
    assert rules.penalty(None).startswith("不约定")


@pytest.mark.parametrize(
    ("number", "written"), [(1, "一"), (9, "九"), (10, "十"), (12, "十二"), (20, "二十"), (47, "四十七")]
)
def test_clauses_are_numbered_as_contracts_are(number: int, written: str) -> None:
    assert rules.numeral(number) == written


@pytest.mark.article("SH-8")
def test_a_regulation_without_a_list_of_contents_prints_what_the_parties_agreed() -> None:
    shown = rules.values(shuanghe(), contract(contents={"duties": "按岗位职责执行"}), PARTIES)
    assert [(clause["label"], clause["text"]) for clause in shown["clauses"]] == [("双方约定", "按岗位职责执行")]
    assert (shown["title"], shown["article"]) == ("劳动合同", "SH-8(5)")
    assert rules.values(shuanghe(), contract(contents={}), PARTIES)["clauses"] == []


@pytest.mark.article("SH-2")
def test_a_service_agreement_is_printed_as_what_it_is() -> None:
    agreed = contract(relation="service_agreement", probation_months=0, probation_before=None)
    shown = rules.values(shuanghe(), agreed, PARTIES)
    assert (shown["title"], shown["kind"], shown["penalty_note"]) == ("服务协议", "协议", "")
    assert "劳动合同法" not in shown["basis"]
    assert (shown["article"], "服务协议" in shown["words"]) == ("SH-2", True)
