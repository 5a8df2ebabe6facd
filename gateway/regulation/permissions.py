"""Permissions of the regulation room. What the issuing or interpreting organ does, it holds by that function."""

from kernel.access.permission import permission

PACK_READ = permission("regulation.pack.read", zh="查看管理办法", en="Read the regulation", audience="signed-in")
RULE_EVALUATE = permission("regulation.rule.evaluate", zh="试算规则", en="Evaluate a rule on given facts")
LOCAL_READ = permission("regulation.local.read", zh="查看本地参数", en="Read local parameters")
LOCAL_PROPOSE = permission("regulation.local.propose", zh="提出本地参数", en="Propose a local parameter")
LOCAL_DECIDE = permission("regulation.local.decide", zh="审批本地参数", en="Decide on a local parameter")
DRAFT_READ = permission(
    "regulation.draft.read",
    zh="查看办法草案",
    en="Read drafts of the regulation",
    organ="issuer",
    duties=("handler", "approver", "viewer"),
)
DRAFT_WRITE = permission(
    "regulation.draft.write",
    zh="提交办法草案",
    en="Hand in a draft of the regulation",
    organ="issuer",
    duties=("handler", "approver"),
)
DRAFT_DECIDE = permission(
    "regulation.draft.decide",
    zh="发布办法新版本",
    en="Publish a version of the regulation",
    organ="issuer",
    duties=("approver",),
)
SIMULATE = permission(
    "regulation.simulation.run",
    zh="测算办法草案的影响",
    en="Simulate a draft of the regulation",
    organ="issuer",
    duties=("handler", "approver"),
)
SIMULATION_READ = permission(
    "regulation.simulation.read",
    zh="查看办法草案的影响测算",
    en="Read a simulation of a draft",
    organ="issuer",
    duties=("handler", "approver", "viewer"),
)
INTERPRET = permission(
    "regulation.interpretation.publish",
    zh="发布条文解释",
    en="Publish an interpretation of an article",
    organ="interpreter",
    duties=("approver",),
)
