"""How front-end apps learn of news: the live worklist, and webhooks to an address of the app (T13)."""

from deploy.cli.demo.account import Step
from deploy.cli.demo.cast import Cast
from deploy.cli.demo.glimpse import ENDLESS
from deploy.cli.demo.people import must

STEPS = (
    Step("worklist-live", "待办实时更新：先给出数目，随后逐条推送变化"),
    Step("webhook-made", "系统管理员登记应用的推送地址，签名密钥只显示一次"),
    Step("webhook-not-theirs", "安全管理员可以查看，不得登记推送地址"),
    Step("webhook-paused", "推送地址可以暂停，期间的消息保留"),
    Step("webhook-rotated", "更换签名密钥，新旧密钥一段时间内同时有效"),
    Step("webhook-replayed", "可从某一时刻起重新推送"),
    Step("webhook-removed", "停用的推送地址予以移除"),
)
PATH = "/webhooks/endpoints"


def tell(cast: Cast) -> None:
    """Look at the stream; register an address, and go through its life."""
    account, tenant = cast.account, cast.tenant
    system, security = tenant["admin.system"], tenant["admin.security"]
    stream = tenant["hohhot.society.handler"].get("/worklist/stream")
    live = stream.headers.get("content-type") == ENDLESS and "event: counts" in stream.text
    account.outcome("worklist-live", live, "the counts first", operation="GET /api/v1/worklist/stream")
    body = {"client_id": tenant.client_id, "url": "https://hooks.example/shegong", "events": ["worklist.item.opened"]}
    made = account.answer("webhook-made", system.post(PATH, body), 201)
    account.answer("webhook-not-theirs", security.post(PATH, body), 403)
    path = f"{PATH}/{made['id']}"
    # Before anything is due: nobody listens at a made-up address.
    paused = account.answer(
        "webhook-paused", system.call("PATCH", path, {"action": "pause"}, version=made["version"]), 200
    )
    account.answer("webhook-rotated", system.post(f"{path}/secret"), 200)
    again = system.post(f"{path}/replays", {"since": paused["recorded_at"]})
    account.answer("webhook-replayed", again, 200)
    for address in (PATH, path, f"{path}/deliveries"):
        must(security.get(address), 200)
    other = must(system.post(PATH, {**body, "events": ["regulation.version.published"]}), 201)
    removed = system.call("DELETE", f"{PATH}/{other['id']}", version=other["version"]).status_code == 204
    account.outcome("webhook-removed", removed, "204", operation=f"DELETE /api/v1{PATH}/{other['id']}")
