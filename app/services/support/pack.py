"""The diagnosis pack: what whoever helps needs to know, and nothing of any citizen.

Built in memory as plain texts, shown to the officer as they are, written only to a file asked for by name.
Versions, counts, settings without secrets, outcomes of sync, what the check says, the machine, the log and
the notes of defects. Every line is held against the people in the store before it is shown.
"""

from __future__ import annotations

import io
import json
import os
import platform
import shutil
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, func, select, text

from app.clock import VIETNAM, to_wire
from app.domain.roles import Officer
from app.logs import FOLDER as LOGS
from app.models import carry_tables, counter_tables, life_tables, privacy_tables, tables
from app.models.schema_version import HEAD
from app.services.desk import Desk, with_fresh_profile
from app.services.recording import Recorder
from app.services.safety.verify import audit_problems, event_problems, head_problems
from app.services.support.citizens import Citizens, without
from app.settings import load_settings
from app.text import t
from app.version import VERSION

LOG_LINES: Final = 2000
CRASH_NOTES: Final = 20
ROUNDS: Final = 100
MOST_EVENTS: Final = 5000
_LARGEST_NOTE: Final = 200_000
_LIBRARIES: Final = (
    "PySide6",
    "SQLAlchemy",
    "alembic",
    "sqlcipher3-wheels",
    "sqlcipher3",
    "reportlab",
    "cryptography",
    "requests",
    "argon2-cffi",
    "keyring",
)
_PLAIN_SETTINGS: Final = frozenset(
    {"extensions", "extensions_allowed", "closing_time", "queue", "queue_enabled", "help_retention_months"}
)
"""Values that may leave; of the others only the name."""


_ROOMS: Final = (tables, life_tables, counter_tables, carry_tables, privacy_tables)


@dataclass(frozen=True)
class PackPart:
    """One text of the pack. ``what``: what it is, for the officer; ``dropped``: lines taken out of it."""

    name: str
    what: str
    text: str
    dropped: int = 0


@dataclass(frozen=True)
class Pack:
    """What would leave, whole. ``data``: the same as one ZIP file."""

    made_at: datetime
    parts: tuple[PackPart, ...]

    @property
    def data(self) -> bytes:
        """A ZIP file of the texts; the same pack gives the same bytes."""
        out = io.BytesIO()
        stamp = self.made_at.astimezone(VIETNAM).timetuple()[:6]
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in self.parts:
                entry = zipfile.ZipInfo(part.name, stamp)
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, part.text)
        return out.getvalue()


def make_pack(desk: Desk, by: Officer) -> Pack:
    """Put the pack together; nothing is written but the audit row. Any officer may: no citizen is in it."""
    now = desk.clock.now()
    mark = desk.store.head.read()
    with desk.store.read() as connection:
        desk = with_fresh_profile(connection, desk)
        raw = [
            ("may.json", t("Máy tính: hệ điều hành, bộ nhớ, ổ đĩa"), _lines(_machine(desk.folder))),
            (
                "chuong-trinh.json",
                t("Phiên bản chương trình và thư viện"),
                _lines(_versions(connection, desk)),
            ),
            ("so-dem.json", t("Số dòng của từng bảng trong kho"), _lines(_counts(connection))),
            ("cai-dat.json", t("Cài đặt, không có mật khẩu hay khóa"), _lines(_settings(connection, desk))),
            ("dong-bo.json", t("Kết quả các lần đồng bộ"), _lines(_rounds(connection))),
            (
                "kiem-tra.json",
                t("Kho và nhật ký có nguyên vẹn không"),
                _lines(_check(connection, desk, mark)),
            ),
        ]
        raw += list(_logs(desk.folder / LOGS))
        citizens = Citizens(connection)
    parts = tuple(_part(citizens, name, what, lines) for name, what, lines in raw)
    with desk.store.write() as connection:
        Recorder(connection, desk, by, now).audit("diagnose", "pack", str(len(parts)))
    return Pack(now, parts)


def pack_name(desk: Desk) -> str:
    """The file name to propose; no officer and no office in it."""
    return f"motcua-chan-doan-{desk.clock.now().astimezone(VIETNAM):%Y%m%d-%H%M}.zip"


def _part(citizens: Citizens, name: str, what: str, lines: Iterable[str]) -> PackPart:
    kept, dropped = without(citizens, lines)
    if dropped:
        kept.append(t("({count} dòng bỏ ra vì có chữ giống tên hoặc số của công dân)").format(count=dropped))
    return PackPart(name, what, "\n".join(kept) + "\n", dropped)


def _lines(body: object) -> list[str]:
    return json.dumps(body, ensure_ascii=False, indent=1, default=str).splitlines()


def _machine(folder: Path) -> dict[str, Any]:
    disk = shutil.disk_usage(folder)
    return {
        "system": platform.system(),
        "release": platform.release(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "memory_mb": _memory_mb(),
        "disk_total_mb": disk.total // 1_000_000,
        "disk_free_mb": disk.free // 1_000_000,
    }


def _memory_mb() -> int | None:
    with suppress(AttributeError, ValueError, OSError):
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 1_000_000
    return None


def _versions(connection: Connection, desk: Desk) -> dict[str, Any]:
    found = {}
    for name in _LIBRARIES:
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    schema = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    return {
        "program": VERSION,
        "python": platform.python_version(),
        "sqlite": connection.execute(text("SELECT sqlite_version()")).scalar_one(),
        "cipher": connection.exec_driver_sql("PRAGMA cipher_version").scalar_one(),
        "schema": schema,
        "schema_of_program": HEAD,
        "libraries": found,
        "unit": desk.profile.unit_code,
        "desk": desk.profile.id,
        "desk_no": desk.profile.desk_no,
        "demo": desk.profile.demo,
    }


def _counts(connection: Connection) -> dict[str, int]:
    counted = {}
    (metadata,) = {id(room.metadata): room.metadata for room in _ROOMS}.values()
    for table in metadata.sorted_tables:
        counted[table.name] = connection.execute(select(func.count()).select_from(table)).scalar_one()
    return counted


def _settings(connection: Connection, desk: Desk) -> dict[str, Any]:
    s = tables.setting.c
    kept = {
        row.key.partition(":")[0]: row.value
        if row.key in _PLAIN_SETTINGS and isinstance(row.value, (int, bool))
        else "…"
        for row in connection.execute(select(s.key, s.value).order_by(s.key))
    }
    window = asdict(load_settings(desk.folder))
    window["printer"] = "set" if window.get("printer") else ""
    plain = {
        name: value for name, value in window.items() if isinstance(value, (int, bool)) or name in _SHOWN
    }
    return {"window": plain, "desk": kept}


_SHOWN: Final = frozenset({"printer", "theme", "slip_paper"})


def _rounds(connection: Connection) -> dict[str, Any]:
    """Outcomes and counts; the words of the province stay here."""
    r, e = tables.sync_round.c, tables.event.c
    rounds = connection.execute(
        select(r.started_at, r.ended_at, r.outcome, r.counts).order_by(r.id.desc()).limit(ROUNDS)
    )
    verdicts = connection.execute(select(e.verdict, func.count()).group_by(e.verdict))
    enrolled = connection.execute(select(func.count()).select_from(tables.gateway)).scalar_one()
    b = carry_tables.backup_made.c
    backups = connection.execute(
        select(b.kind, b.made_at, b.verified_at, b.size).order_by(b.id.desc()).limit(20)
    )
    return {
        "enrolled": bool(enrolled),
        "verdicts": {str(row[0]): row[1] for row in verdicts},
        "rounds": [
            {
                "started_at": to_wire(row.started_at),
                "ended_at": to_wire(row.ended_at),
                "outcome": row.outcome,
                "counts": row.counts,
            }
            for row in rounds
        ],
        "backups": [
            {
                "kind": row.kind,
                "made_at": to_wire(row.made_at),
                "verified": row.verified_at is not None,
                "bytes": row.size,
            }
            for row in backups
        ],
    }


def _check(connection: Connection, desk: Desk, mark: Any) -> dict[str, Any]:
    """The quick part of ``check``: of a desk with many events their digests are left to the command."""
    found = [*audit_problems(connection, desk.audit_key), *head_problems(connection, mark)]
    events = connection.execute(select(func.count()).select_from(tables.event)).scalar_one()
    if events <= MOST_EVENTS:
        found += event_problems(connection)
    pages = [row[0] for row in connection.exec_driver_sql("PRAGMA quick_check(5)")]
    return {
        "pages": pages,
        "events_checked": events <= MOST_EVENTS,
        "problems": [{"kind": each.kind, "name": each.name, "detail": each.detail} for each in found],
    }


def _logs(folder: Path) -> Iterator[tuple[str, str, list[str]]]:
    """The newest lines of each log, then the newest notes of defects; only what is our own JSON."""
    with suppress(OSError):
        for path in sorted(folder.glob("*.log")):
            yield path.name, t("Nhật ký kỹ thuật: câu cố định và mã số"), _own_lines(path)[-LOG_LINES:]
    with suppress(OSError):
        for path in sorted(folder.glob("crash-*.json"), reverse=True)[:CRASH_NOTES]:
            yield path.name, t("Ghi chú lỗi: chỗ trong mã chương trình"), _note(path)


def _own_lines(path: Path) -> list[str]:
    kept = []
    with suppress(OSError, UnicodeDecodeError):
        for line in path.read_text("utf-8").splitlines():
            with suppress(ValueError):
                if isinstance(json.loads(line), dict):
                    kept.append(line)
    return kept


def _note(path: Path) -> list[str]:
    with suppress(OSError, ValueError):
        if path.stat().st_size <= _LARGEST_NOTE:
            return _lines(json.loads(path.read_text("utf-8")))
    return []
