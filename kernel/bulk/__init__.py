"""Excel in and out: sheets that officials fill in, read row by row with what is wrong in each."""
