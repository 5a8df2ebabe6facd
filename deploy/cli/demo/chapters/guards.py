"""What is not theirs stays unseen, every refusal is audited, and the audit chain is whole (T4, T9, T10)."""

import uuid

import httpx

from deploy.cli.demo.account import Step
from deploy.cli.demo.cast import Cast
from deploy.cli.demo.client import wait_for
from deploy.cli.demo.people import must

STEPS = (
    Step("no-token", "无令牌不得访问"),
    Step("revoked-token", "令牌撤销后不得再用"),
    Step("foreign-tenant", "其他租户的人员查阅，如同不存在"),
    Step("foreign-equals-missing", "与不存在的编号答复一致"),
    Step("sibling-township", "相邻街道查阅、变更，如同不存在"),
    Step("sibling-county", "相邻旗县查阅、变更，如同不存在"),
    Step("other-league", "其他盟市查阅、变更，如同不存在"),
    Step("lower-level", "社区人员不得查阅、变更花名册"),
    Step("foreign-change", "其他租户的人员变更，如同不存在"),
    Step("applicant-refused", "报名人不得使用办事人员的功能"),
    Step("audited", "拒绝访问和查看完整信息均有审计记录"),
    Step("chain-whole", "审计链完整"),
    Step("changed-row-named", "留存的审计记录被改动一行，核验时指明该行"),
)


def tell(cast: Cast) -> None:
    """Try the walls, then read the audit."""
    account, tenant = cast.account, cast.tenant
    path = f"/roster/dossiers/{cast.kept['dossier']['id']}"
    account.answer("no-token", tenant.bare(f"/api/v1{path}"), 401)
    leaving = tenant["qingsong.office.handler"]
    must(leaving.get(path), 200)
    leaving.revoke()
    account.answer("revoked-token", leaving.get(path), 401)
    stranger = cast.other["qingsong.office.handler"]
    wait_for(lambda: stranger.get("/roster/dossiers").status_code == 200, "the other tenant in roster")
    foreign = stranger.get(path)
    account.answer("foreign-tenant", foreign, 404)
    missing = stranger.get(f"/roster/dossiers/{uuid.uuid4()}")
    same = _without_instance(foreign) == _without_instance(missing)
    account.outcome("foreign-equals-missing", same, "equal answers", operation="GET /api/v1/roster/dossiers/{id}")
    track = {"track": "F50", "source": "岗位认定表2026-1号"}
    term = {"role": "director", "term_from": "2026-12-01", "term_before": "2031-12-01", "instrument": "选举结果"}
    attempts = (
        ("sibling-township", tenant["yunshan.office.handler"], 404, f"{path}/retire-track", track),
        ("sibling-county", tenant["huimin.society.handler"], 404, f"{path}/elections", term),
        ("other-league", tenant["kundulun.society.handler"], 404, f"{path}/elections", term),
        ("lower-level", tenant["chenguang.party.handler"], 403, f"{path}/elections", term),
        ("foreign-change", stranger, 404, f"{path}/retire-track", track),
        ("applicant-refused", tenant["zhou.xiaolan"], 403, f"{path}/retire-track", track),
    )
    for step, session, status, address, body in attempts:
        read, changed = session.get(path), session.post(address, body)
        account.answer(step, changed if read.status_code == status else read, status)
    auditor = tenant["admin.audit"]

    def seen() -> bool:
        refused = auditor.get("/audit/entries", action="edge.refused", limit="200").json()["items"]
        statuses = {entry["entry"]["facts"]["status"] for entry in refused}
        opened = auditor.get("/audit/entries", action="roster.dossier.unmask").json()["items"]
        return {401, 403, 404} <= statuses and bool(opened)

    wait_for(seen, "the audit entries")
    account.outcome("audited", True, "401, 403, 404 and the unmasking", operation="GET /api/v1/audit/entries")
    verdict = account.answer("chain-whole", auditor.get("/audit/verification"), 200)
    if not verdict["whole"]:
        account.outcome("chain-whole", False, "a whole chain", str(verdict))
    kept = must(auditor.get("/audit/entries", limit="50"), 200)["items"]
    kept[10]["entry"]["facts"]["changed"] = True
    verdict = must(auditor.post("/audit/copy-verifications", {"entries": kept}), 200)
    named = verdict["broken_at"] == kept[10]["seq"] and not verdict["whole"]
    words = f"第{verdict['broken_at']}条：{verdict['reason']}"
    account.outcome(
        "changed-row-named", named, "the row that was changed", words, "POST /api/v1/audit/copy-verifications"
    )


def _without_instance(answer: httpx.Response) -> dict[str, object]:
    body: dict[str, object] = answer.json()
    return {key: value for key, value in body.items() if key != "instance"}
