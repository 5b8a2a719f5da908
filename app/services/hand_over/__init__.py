"""Dossiers handed over between units, singly and by list."""
