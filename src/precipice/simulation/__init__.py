"""What happened: simulate one world into one run; the only user of the solver."""
