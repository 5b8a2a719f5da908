"""Spoilt input files against every reader the product has: ``python -m tests.hunt.mutants COUNT SEED``."""
