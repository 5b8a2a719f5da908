"""Mobile registration: a laptop that goes to a hamlet."""
