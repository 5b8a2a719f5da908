"""Statutory declarations (tờ khai) as dated data: what a form asks, when, and what it refuses (DOMAIN §8)."""
