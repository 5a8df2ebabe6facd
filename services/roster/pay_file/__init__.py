"""The file with which the bank pays an approved payroll; every slip stands in one file, once (SH-15)."""
