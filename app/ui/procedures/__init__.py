"""Thủ tục: the catalogue by everyday words, and what each procedure asks for."""
