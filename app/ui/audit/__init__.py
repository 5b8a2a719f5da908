"""Nhật ký: who did or read what."""
