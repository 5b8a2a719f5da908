"""Marker citizens go in everywhere, the program dies; every byte it wrote is searched:
``python -m tests.hunt.leaks KILLS SEED``."""
