"""Rules of the counter in plain Python: no clock, no database, no window."""
