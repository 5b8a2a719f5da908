"""Backup, restore and check: a broken PC to a working desk, and damage named (RELIABILITY I6–I9)."""
