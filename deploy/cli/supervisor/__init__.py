"""`shegong up`: imports once, forks six processes, keeps them and their servers up, stops them in order."""
