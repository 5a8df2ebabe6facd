"""Units and officials from a spreadsheet (Excel): all of it or nothing, with what is wrong in each row (T2, T3)."""
