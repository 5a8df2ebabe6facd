"""The permissions of assessment; the pack says which posts hold them (T5)."""

from kernel.access.permission import permission

APPROVAL_READ = permission("assessment.approval.read", zh="查看考核审批事项", en="Read approval cases of assessment")
APPROVAL_DECIDE = permission(
    "assessment.approval.decide", zh="办理考核审批事项", en="Decide approval cases of assessment"
)
