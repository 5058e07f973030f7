"""Decisions before a stunt: what to build, when to go."""
