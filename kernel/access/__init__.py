"""Permissions, grants and the signed principal: what the gateway asserts and every service verifies again."""
