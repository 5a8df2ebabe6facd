"""A worker moves to a banner of another jurisdiction by handshake; only evidence and identity cross (NM-23).

2025-11-24, from the community 梭梭 to the neighbour tenant.
"""

from typing import Any

import httpx

from deploy.cli.demo.account import Step
from deploy.cli.demo.cast import Cast, Tenant
from deploy.cli.demo.client import Session, wait_for
from deploy.cli.demo.people import every, id_number, must, register, until_state

STEPS = (
    Step("sh-crossing-nowhere", "收方辖区不存在，如同任何不存在的内容", "NM-23"),
    Step("sh-crossing-withdrawn", "同意之前撤回，可以重新办理", "NM-23"),
    Step("sh-crossing-released", "团场民政部门同意流动到另一辖区的旗县", "NM-23"),
    Step("sh-crossing-unseen", "本人同意之前，对方按编号查阅，如同不存在", "NM-23"),
    Step("sh-crossing-unlisted", "本人同意之前，对方列表、花名册中都没有", "NM-23"),
    Step("sh-crossing-informed", "本人先看到交给谁、交什么：年限、证书；没有等级", "NM-23"),
    Step("sh-crossing-consented", "本人同意", "NM-23"),
    Step("sh-crossing-offered", "对方收到：年限和证书为凭，身份信息去标识显示", "NM-23"),
    Step("sh-crossing-no-rank", "本办法没有岗位等级，对方无从认可", "NM-23"),
    Step("sh-crossing-accepted", "对方旗县接收，逐项认可并说明理由", "NM-23"),
    Step("sh-crossing-left", "转出方：任职终止，档案留存", "NM-23"),
    Step("sh-crossing-years", "接收方：建档，年限累计计算", "NM-23"),
    Step("sh-crossing-nothing-else", "其余内容不随人走：学历未带过去，原档案不可查", "NM-23"),
    Step("sh-crossing-refused", "反向流入：团场不接收须说明理由，收到的内容随即销毁", "NM-23"),
    Step("sh-crossing-destroyed", "不接收之后，身份信息和凭证都不再可查", "NM-23"),
    Step("sh-crossing-received", "重新办理后团场接收建档，年限不予认可的理由在案", "NM-23"),
)
DAY = "2025-11-24T01:00:00+00:00"
COMMUNITY, BANNER_COMMUNITY = "659007491093", "150203091091"
NAME = "尚远山"


def tell(cast: Cast) -> None:
    """Release, consent, acceptance, and what either side can read before and after."""
    cast.move_to(DAY)
    cast.move_to(DAY, cast.other)
    receiver = cast.other["kundulun.society.handler"]
    dossier = _enter(cast)
    crossing = _release(cast, dossier)
    _look(cast, receiver, crossing)
    worker = cast.tenant["sh.worker.crossing"]
    own = next(each for each in every(worker, "/roster/own/crossings") if each["id"] == crossing)
    evidence = own["evidence"]
    informed = evidence["rank"] is None and len(evidence["certificates"]) == 1 and evidence["cumulative_years"] == 4
    words = f"交给 {own['receiving_title']}：累计 {evidence['cumulative_years']} 年、证书 1 本"
    cast.account.outcome("sh-crossing-informed", informed, "years and one certificate", words, "GET …/own/crossings")
    agreed = worker.post(f"/roster/own/crossings/{crossing}/consent", {"agree": True})
    cast.account.answer("sh-crossing-consented", agreed, 200)
    accepted = _accept(cast, receiver, crossing)
    _after(cast, receiver, dossier, crossing, accepted)
    _come(cast, receiver)


def _enter(cast: Cast) -> str:
    """Somebody who has served since 2021; the dossier's id."""
    office = cast.tenant["hongliu.office.handler"]
    body = _worker(NAME, id_number("19910917", "013"), _units(office)[COMMUNITY], register(cast, "sh.worker.crossing"))
    return str(must(office.post("/roster/dossiers/imports", body), 201)["id"])


def _worker(name: str, number: str, community: str, person: str) -> dict[str, Any]:
    return {
        "full_name": name,
        "id_number": number,
        "phone": "13900000011",
        "category": "community_staff",
        "community_unit_id": community,
        "person_id": person,
        "posts": [{"role": "staff", "valid_from": "2021-03-01"}],
        "certificates": [{"kind": "social_worker", "number": "SW20200911", "issued_on": "2020-10-01"}],
        "background": {"education_code": "31"},
    }


def _units(session: Session) -> dict[str, str]:
    return {each["code"]: each["id"] for each in every(session, "/directory/units")}


def _offer(session: Session, dossier: str, receiver: Tenant, code: str) -> httpx.Response:
    """Release to another tenant, once roster has heard of it: its name comes by event."""
    body = {"dossier_id": dossier, "receiving_tenant": receiver.slug, "receiving_unit_code": code}
    body["reason"] = "随配偶调动"
    made: httpx.Response = wait_for(
        lambda: _unless_missing(session.post("/roster/crossings", body)), "the other tenant in roster"
    )
    return made


def _release(cast: Cast, dossier: str) -> str:
    account, civil = cast.account, cast.tenant["hongliu.civil.handler"]
    nobody = {"dossier_id": dossier, "receiving_tenant": "nowhere", "receiving_unit_code": BANNER_COMMUNITY}
    account.answer("sh-crossing-nowhere", civil.post("/roster/crossings", nobody | {"reason": "随配偶调动"}), 404)
    first = must(_offer(civil, dossier, cast.other, BANNER_COMMUNITY), 201)
    taken_back = civil.post(f"/roster/crossings/{first['id']}/withdrawal", {"reason": "材料补齐后再办"})
    account.answer("sh-crossing-withdrawn", taken_back, 200)
    made = _offer(civil, dossier, cast.other, BANNER_COMMUNITY)
    return str(account.answer("sh-crossing-released", made, 201)["id"])


def _unless_missing(answer: httpx.Response) -> httpx.Response | None:
    return None if answer.status_code == 404 else answer


def _look(cast: Cast, receiver: Session, crossing: str) -> None:
    """Before consent the other side answers as if there were nothing, and has nothing."""
    wait_for(lambda: receiver.get("/roster/incoming-crossings").status_code == 200, "the other tenant in roster")
    cast.account.answer("sh-crossing-unseen", receiver.get(f"/roster/incoming-crossings/{crossing}"), 404)
    seen = every(receiver, "/roster/incoming-crossings") + every(receiver, "/roster/dossiers")
    place = "GET /api/v1/roster/incoming-crossings, /dossiers"
    cast.account.outcome("sh-crossing-unlisted", not seen, "nothing listed", "没有", place)


def _accept(cast: Cast, receiver: Session, crossing: str) -> str:
    """What the receiver sees and says; the community it names."""
    account, path = cast.account, f"/roster/incoming-crossings/{crossing}"
    answer = wait_for(lambda: _unless_missing(receiver.get(path)), "the offer on the other side")
    shown = must(answer, 200)
    masked = "*" in shown["id_number"] and "*" in shown["phone"] and shown["full_name"] == NAME
    words = f"{shown['id_number']} · 累计 {shown['evidence']['cumulative_years']} 年"
    account.outcome("sh-crossing-offered", masked, "evidence, and identity masked", words, f"GET /api/v1{path}")
    units = _units(receiver)
    yes = {"recognised": True, "reason": "任职证明和证书齐全"}
    body = {"community_unit_id": units[BANNER_COMMUNITY], "role": "staff", "years": yes, "certificates": yes}
    account.answer("sh-crossing-no-rank", receiver.post(f"{path}/acceptance", body | {"rank": yes}), 422)
    account.answer("sh-crossing-accepted", receiver.post(f"{path}/acceptance", body), 200)
    return str(until_state(receiver, path, "completed")["dossier_id"])


def _after(cast: Cast, receiver: Session, dossier: str, crossing: str, made: str) -> None:
    account, civil = cast.account, cast.tenant["hongliu.civil.handler"]
    until_state(civil, f"/roster/crossings/{crossing}", "completed")
    states = [each["state"] for each in every(civil, "/roster/crossings")]
    left = must(cast.tenant["hongliu.office.handler"].get(f"/roster/dossiers/{dossier}"), 200)
    ended = (left["state"], left["left_on"], states) == ("left", DAY[:10], ["withdrawn", "completed"])
    account.outcome("sh-crossing-left", ended, "left on the day", f"自 {left['left_on']} 起", "GET …/dossiers/{id}")
    years = must(receiver.get(f"/roster/dossiers/{made}/service-years"), 200)
    grown = (years["cumulative_years"], years["current_continuous_years"]) == (4, 4)
    words = f"累计 {years['cumulative_years']} 年（{years['continuous_since']} 起，不间断）"
    account.outcome("sh-crossing-years", grown, "four years", words, "GET …/service-years")
    proofs = must(receiver.get(f"/roster/dossiers/{made}/background"), 200)
    only = proofs["education_code"] is None and len(proofs["certificates"]) == 1
    gone = receiver.get(f"/roster/dossiers/{dossier}")
    account.answer("sh-crossing-nothing-else", gone, 404 if only else 0, "只有年限、证书和建档所需身份信息")


def _come(cast: Cast, giver: Session) -> None:
    """The other way round: a worker of the neighbour is refused first, then received."""
    account, civil = cast.account, cast.tenant["hongliu.civil.handler"]
    person = register(cast, "worker.coming", cast.other)
    worker = cast.other["worker.coming"]
    body = _worker("费望川", id_number("19930412", "011"), _units(giver)[BANNER_COMMUNITY], person)
    dossier = str(must(giver.post("/roster/dossiers/imports", body), 201)["id"])

    def offered() -> str:
        crossing = str(must(_offer(giver, dossier, cast.tenant, COMMUNITY), 201)["id"])
        must(worker.post(f"/roster/own/crossings/{crossing}/consent", {"agree": True}), 200)
        path = f"/roster/incoming-crossings/{crossing}"
        must(wait_for(lambda: _unless_missing(civil.get(path)), "the offer here"), 200)
        return crossing

    first = offered()
    path = f"/roster/incoming-crossings/{first}"
    account.answer("sh-crossing-refused", civil.post(f"{path}/refusal", {"reason": "本社区人员已配齐"}), 200)
    shown = must(civil.get(path), 200)
    listed = [each["state"] for each in every(civil, "/roster/incoming-crossings")]
    empty = listed == ["refused"] and not any(shown[each] for each in ("full_name", "id_number", "phone", "evidence"))
    account.outcome("sh-crossing-destroyed", empty, "nothing left to read", "已销毁", f"GET /api/v1{path}")
    until_state(giver, f"/roster/crossings/{first}", "refused")
    path = f"/roster/incoming-crossings/{offered()}"
    answer = {"community_unit_id": _units(civil)[COMMUNITY], "certificates": {"recognised": True, "reason": "证书有效"}}
    answer["years"] = {"recognised": False, "reason": "任职证明待补"}
    account.answer("sh-crossing-received", civil.post(f"{path}/acceptance", answer), 200)
    until_state(civil, path, "completed")
