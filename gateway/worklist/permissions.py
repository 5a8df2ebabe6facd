"""Permissions of the worklist."""

from kernel.access.permission import permission

ITEM_READ = permission("worklist.item.read", zh="查看待办", en="Read the worklist")
ITEM_DISMISS = permission("worklist.item.dismiss", zh="移除已阅告知", en="Put away notices that were read")
