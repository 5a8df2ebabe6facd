"""Webhooks: news pushed to the front-end apps of a tenant, signed as Standard Webhooks has it (T13)."""
