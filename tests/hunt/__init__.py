"""Hunts: the real program killed, starved and raced; counts and seeds are arguments."""
