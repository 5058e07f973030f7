"""What is true in one run: immutable arrays in SI units, built from a scenario and a draw."""
