"""What the logs say: readers, a smoother, segmentation into the events of a jump."""
