"""Many runs of one scenario: what is drawn for each, and how they are flown, kept and resumed."""
