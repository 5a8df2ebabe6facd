"""Permissions of the regulation room."""

from kernel.access.permission import permission

PACK_READ = permission("regulation.pack.read", zh="查看管理办法", en="Read the regulation", audience="signed-in")
RULE_EVALUATE = permission("regulation.rule.evaluate", zh="试算规则", en="Evaluate a rule on given facts")
