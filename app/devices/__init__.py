"""Scanners and ticket printers behind ports."""
