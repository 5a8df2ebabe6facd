"""How Shegong is put on a machine: the `shegong` command, the embedded stack, the database roles."""
