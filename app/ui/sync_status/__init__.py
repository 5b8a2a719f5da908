"""Đồng bộ: what has gone to the province, what waits, what came back and why, in plain words."""
