"""The desk's store: tables, database, encrypted files, migrations."""
