"""Chờ in: papers that did not come out of the printer, printed again with one key."""
