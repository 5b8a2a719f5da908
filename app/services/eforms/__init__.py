"""Statutory declarations: known, prefilled, kept, printed."""
