"""What was decided about a stunt: plain data read from one TOML file, in SI units, with its evidence."""
