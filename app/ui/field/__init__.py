"""Lưu động: a journey of mobile registration opened, watched and closed."""
