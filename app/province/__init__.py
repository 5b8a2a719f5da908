"""The reference province gateway, a program of its own."""
