"""Lãnh đạo: what waits for a signature, what is late and by whom, load, delegation on leave."""
