"""Stores as released programs left them: dumped once from a desk the old program itself had worked at.

``python -m tests.migrations.released_store DESK-FOLDER OUT.json.gz`` writes a dump (the tests' passphrase);
``build`` makes an encrypted store of it again. A dump holds the key of its made-up desk, so that the audit
chain can be verified in the new store.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from pathlib import Path
from typing import Any

from app import keys
from app.domain.vietnamese import fold
from app.models.database import STORE_FILE, connect
from tests.support.desk import ENVIRON

RELEASED = Path(__file__).parent / "released"


def versions() -> list[str]:
    """Schemas there is a store of, oldest first."""
    return sorted(path.name.partition(".")[0] for path in RELEASED.glob("*.json.gz"))


def build(version: str, folder: Path) -> bytes:
    """The desk's folder as it was, its files apart; gives the store's key."""
    document = json.loads(gzip.decompress((RELEASED / f"{version}.json.gz").read_bytes()))
    key = bytes.fromhex(document["key"])
    folder.mkdir(parents=True)
    keys.keep_key(folder, document["desk"], key, {"wrapped": "none"}, ENVIRON)
    raw = connect(folder / STORE_FILE, key)
    try:
        raw.execute("PRAGMA foreign_keys = OFF")
        raw.execute("BEGIN")
        for statement in document["tables"]:
            raw.execute(statement)
        for table, rows in document["rows"].items():
            for row in rows:
                values = [bytes.fromhex(each["hex"]) if isinstance(each, dict) else each for each in row]
                raw.execute(f'INSERT INTO "{table}" VALUES ({",".join("?" * len(values))})', values)
        for statement in document["rest"]:
            raw.execute(statement)
        for row, name in raw.execute("SELECT row_no, owner_name FROM dossier").fetchall():
            raw.execute("INSERT INTO dossier_search (rowid, body) VALUES (?, ?)", (row, fold(name)))
        raw.execute("COMMIT")
    finally:
        raw.close()
    return key


def dump(folder: Path) -> dict[str, Any]:
    """Everything a store holds; the search index as its own rows, not its shadow tables."""
    key = keys.open_key(folder, ENVIRON)
    raw = connect(folder / STORE_FILE, key)
    try:
        made = raw.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
        virtual = [name for kind, name, sql in made if sql.upper().startswith("CREATE VIRTUAL")]
        shadow = re.compile(rf"(?:{'|'.join(virtual)})_(?:data|idx|content|docsize|config)|sqlite_.*")
        own = [(kind, name, sql) for kind, name, sql in made if not shadow.fullmatch(name)]
        tables = [(name, sql) for kind, name, sql in own if kind == "table"]
        rows = {}
        for name, _ in tables:
            if name not in virtual:
                found = raw.execute(f'SELECT * FROM "{name}"').fetchall()
                rows[name] = [[_plain(each) for each in row] for row in found]
        return {
            "key": key.hex(),
            "desk": keys.read_desk_file(folder)["desk"],
            "tables": [sql for _, sql in tables],
            "rows": rows,
            "rest": [sql for kind, _, sql in own if kind != "table"],
        }
    finally:
        raw.close()


def counted(folder: Path, key: bytes) -> dict[str, int]:
    """Rows of every table but the search index."""
    raw = connect(folder / STORE_FILE, key)
    try:
        names = [name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        plain = [name for name in names if not name.startswith(("sqlite_", "dossier_search", "alembic"))]
        return {name: raw.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in plain}
    finally:
        raw.close()


def _plain(value: Any) -> Any:
    return {"hex": value.hex()} if isinstance(value, bytes) else value


if __name__ == "__main__":
    Path(sys.argv[2]).write_bytes(gzip.compress(json.dumps(dump(Path(sys.argv[1]))).encode(), mtime=0))
