"""How much of the scans still goes to the province, for the screen that shows it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from app.models.carry_tables import upload
from app.models.database import Store
from app.models.tables import stored_file
from app.sync.file_queue import OPEN


@dataclass(frozen=True)
class FilesOpen:
    """Files that still go, and their bytes the province does not hold yet."""

    count: int
    bytes_left: int
    refused: int = 0
    """Those the province would not take; they lie here whole and are named by their last word."""


def files_open(store: Store) -> FilesOpen:
    """Now."""
    c, size = upload.c, stored_file.c.size
    query = (
        select(func.count(), func.coalesce(func.sum(func.max(0, size - c.offset)), 0))
        .join_from(upload, stored_file, stored_file.c.sha256 == c.sha256)
        .where(c.state.in_(OPEN))
    )
    with store.read() as connection:
        count, left = connection.execute(query).one()
        refused = connection.execute(
            select(func.count()).select_from(upload).where(c.state == "refused")
        ).scalar_one()
    return FilesOpen(int(count), int(left), int(refused))
