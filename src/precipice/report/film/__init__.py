"""A flown stunt as a film, or as single pictures of one: rock hides what is behind it."""
