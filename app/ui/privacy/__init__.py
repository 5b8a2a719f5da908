"""Sections of Cài đặt about the law on personal data and help from outside."""
