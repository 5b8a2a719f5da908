"""Numbers drawn at the door."""
