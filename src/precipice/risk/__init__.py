"""What the runs mean: chances with intervals, rare events among them."""
