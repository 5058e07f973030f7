"""How it moves: one file per phase of the stunt; pure functions, no solver, no next phase."""
