"""Surveyed ground: from elevation models and scanned faces to signed distances."""
