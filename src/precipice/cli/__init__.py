"""What a person types: one command per file, nothing decided here."""
