"""Numbers at the door: a strip for the officer, a window for the citizens."""
