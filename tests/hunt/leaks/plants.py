"""Everything the search must find, planted one by one in a place that is searched."""

from __future__ import annotations

import gzip
import io
import json
import sqlite3
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from tests.hunt.leaks.markers import CARD, IDENTITY, NAME, NOTE, PHONE, PLACE


def log_line(room: Path) -> None:
    """A line of a log with a citizen's name."""
    line = {"at": "2026-11-23T09:00:00", "said": "received", "owner": NAME}
    (room / "command.log").write_text(json.dumps(line, ensure_ascii=False) + "\n", "utf-8")


def escaped_log_line(room: Path) -> None:
    """The same through a JSON writer that knows ASCII alone."""
    (room / "crash.json").write_text(json.dumps({"where": NAME}))


def temporary_paper(room: Path) -> None:
    """A PDF on its way to the printer."""
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(room / "tmp7f.pdf"))
    canvas.drawString(100, 700, IDENTITY)
    canvas.save()


def journal(room: Path) -> None:
    """The write-ahead log of a database that is not encrypted, its own file gone."""
    path = room / "plain.db"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE draft (body TEXT)")
    connection.execute("INSERT INTO draft VALUES (?)", (CARD,))
    connection.commit()
    content = path.with_name("plain.db-wal").read_bytes()
    connection.close()
    path.unlink()
    (room / "x-journal").write_bytes(content)


def search_shadow(room: Path) -> None:
    """The words of a search index in a database that is not encrypted, folded and cut to stems."""
    connection = sqlite3.connect(room / "search.db")
    connection.execute("CREATE VIRTUAL TABLE search USING fts5(body)")
    bare = unicodedata.normalize("NFD", NAME.lower()).encode("ascii", "ignore").decode()
    connection.execute("INSERT INTO search VALUES (?)", (bare,))
    connection.commit()
    connection.execute("DELETE FROM search")
    connection.commit()
    connection.close()


def wide_letters(room: Path) -> None:
    """UTF-16, as some systems keep the names of jobs and windows."""
    (room / "wide.bin").write_bytes(b"\x07" + f"Hồ sơ {NAME}".encode("utf-16-le"))


def wide_letters_other_way(room: Path) -> None:
    """The same with the high byte first."""
    (room / "wide.bin").write_bytes(PLACE.encode("utf-16-be"))


def packed_log(room: Path) -> None:
    """A log turned over and packed."""
    (room / "app.log.1.gz").write_bytes(gzip.compress(f"call from {PHONE}".encode()))


def packed_twice(room: Path) -> None:
    """An archive of a packed report."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("report.gz", gzip.compress(NOTE.encode()))
    (room / "report.zip").write_bytes(out.getvalue())


def thumbnail(room: Path) -> None:
    """A preview picture that names in a packed text what it was made of."""
    words = zlib.compress(f"file:///home/canbo/{NAME}.pdf".encode())
    chunk = b"zTXtThumb::URI\0\0" + words
    body = struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
    (room / "normal-7c.png").write_bytes(b"\x89PNG\r\n\x1a\n" + body)


def recent_file(room: Path) -> None:
    """The desktop's list of files last opened."""
    (room / "recently-used.xbel").write_text(f'<bookmark href="file:///home/{quote(NAME)}.pdf"/>')


def file_name(room: Path) -> None:
    """A name of a file."""
    (room / f"{NAME} - giay hen.bin").write_bytes(b"")


def taken_apart(room: Path) -> None:
    """Letters and marks apart, as some file systems do."""
    (room / "apart.txt").write_bytes(unicodedata.normalize("NFD", PLACE.upper()).encode())


def without_marks(room: Path) -> None:
    """The name as people type it in a hurry."""
    (room / "bare.txt").write_text("quang thi ngoc xuyen hoang")


PLANTS: tuple[Callable[[Path], None], ...] = (
    log_line,
    escaped_log_line,
    temporary_paper,
    journal,
    search_shadow,
    wide_letters,
    wide_letters_other_way,
    packed_log,
    packed_twice,
    thumbnail,
    recent_file,
    file_name,
    taken_apart,
    without_marks,
)
