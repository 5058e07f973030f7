"""What the runs mean: hazards, chances with intervals, and what drives them."""
