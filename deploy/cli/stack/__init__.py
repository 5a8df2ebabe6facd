"""PostgreSQL and NATS on this machine: found, started, given their roles and rights, and stopped."""
