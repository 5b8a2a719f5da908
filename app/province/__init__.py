"""The reference province gateway: protocol v1 over its own store, a program of its own."""
