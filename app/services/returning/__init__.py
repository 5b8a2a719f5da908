"""Results handed out at the counter."""
