"""Permissions of the audit."""

from kernel.access.permission import permission

ENTRY_READ = permission("audit.entry.read", zh="查看审计记录", en="Read audit entries")
VERIFY_READ = permission("audit.verify.read", zh="核验审计链", en="Verify the audit chain")
