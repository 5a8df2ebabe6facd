"""Permissions of identity."""

from kernel.access.permission import permission

PASSWORD_SET = permission("directory.password.set", zh="设置用户口令", en="Set a user's password")
