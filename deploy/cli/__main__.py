"""`python -m deploy.cli` is the same as `shegong`; child processes are started this way."""

from deploy.cli.main import main

main()
