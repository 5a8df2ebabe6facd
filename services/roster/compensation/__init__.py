"""Economic compensation at the end of a contract, computed from the register and the payroll (LCL-46, LCL-47)."""
