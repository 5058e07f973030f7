"""`python -m precipice`."""

from precipice.cli.main import main

main()
