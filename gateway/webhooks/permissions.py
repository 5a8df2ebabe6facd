"""Permissions of webhooks. They are technical settings, the system administrator's; each act is audited."""

from kernel.access.permission import permission

ENDPOINT_READ = permission("webhooks.endpoint.read", zh="查看推送地址", en="See webhook endpoints and deliveries")
ENDPOINT_WRITE = permission("webhooks.endpoint.write", zh="维护推送地址", en="Maintain webhook endpoints")
