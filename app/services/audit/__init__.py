"""The audit log: walked link by link, read on screen, in words."""
