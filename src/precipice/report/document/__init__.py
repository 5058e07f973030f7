"""A run folder as a page to read: one HTML file, and a brief as PDF."""
