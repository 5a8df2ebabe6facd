"""Permissions of the regulation room."""

from kernel.access.permission import permission

PACK_READ = permission("regulation.pack.read", zh="查看管理办法", en="Read the regulation", audience="signed-in")
RULE_EVALUATE = permission("regulation.rule.evaluate", zh="试算规则", en="Evaluate a rule on given facts")
LOCAL_READ = permission("regulation.local.read", zh="查看本地参数", en="Read local parameters")
LOCAL_PROPOSE = permission("regulation.local.propose", zh="提出本地参数", en="Propose a local parameter")
LOCAL_DECIDE = permission("regulation.local.decide", zh="审批本地参数", en="Decide on a local parameter")
