"""Cài đặt: what the office and each officer decide about this desk."""
