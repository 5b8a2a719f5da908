"""What of the scans still goes: files and bytes the province does not hold yet."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import insert

from app.models.carry_tables import upload
from app.services.papers.slips import note_file
from app.sync.files_open import FilesOpen, files_open
from tests.support.desk import MONDAY, make_desk


def test_only_what_is_still_to_go_counts_from_where_it_stands(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    try:
        assert files_open(desk.store) == FilesOpen(0, 0)
        rows = (("a", "waiting", 0), ("b", "sending", 400), ("c", "complete", 1000), ("d", "refused", 0))
        with desk.store.write() as connection:
            for name, state, offset in rows:
                note_file(connection, name * 64, 1000, "application/pdf", "component", MONDAY)
                values = {"sha256": name * 64, "state": state, "offset": offset, "queued_at": MONDAY}
                connection.execute(insert(upload).values(**values))
        assert files_open(desk.store) == FilesOpen(2, 1600, refused=1)
    finally:
        desk.close()
