"""Power cuts and failing disks below SQLite: ``python -m tests.hunt.power COUNT SEED``."""
