"""Register and statistics as plain rows."""
