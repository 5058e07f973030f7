"""One file per format of log; each gives the same `TrainingLog`."""
