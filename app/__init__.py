"""Một Cửa Xã: the offline-first desk of a commune one-stop counter."""
