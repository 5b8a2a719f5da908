"""What is past its term, kind by kind: how many there are, and letting go of some of them.

Each kind goes in one transaction with its row of the audit, a count alone; so whatever dies, nothing is gone
that the audit does not tell, and nothing is gone by half.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final, Protocol

from sqlalchemy import ColumnElement, Connection, Select, Table, delete, func, select, update

from app.clock import VIETNAM
from app.domain.roles import Officer
from app.keys import sync_folder
from app.logs import FOLDER as LOGS
from app.models import tables
from app.models.counter_tables import queue_ticket
from app.models.failures import told
from app.models.life_tables import guidance
from app.models.privacy_tables import subject_request
from app.services.desk import Desk, read_setting, write_setting
from app.services.help.consent import cases_past_their_time, erase_unfounded
from app.services.papers.slips import ERASED
from app.services.recording import Recorder

WAITING: Final = "prints_on_their_way_out"
"""Setting: papers let go of whose bytes may still lie on the disk, by hash."""


class Share(Protocol):
    """One kind of data past its term."""

    def past(self) -> int:
        """How many there are."""

    def let_go(self, by: Officer, most: int) -> int:
        """Let go of at most so many; gives how many went."""


@dataclass(frozen=True)
class Rows:
    """Rows of a table that go whole."""

    kind: str
    desk: Desk
    table: Table
    key: ColumnElement[object]
    wanted: ColumnElement[bool]

    def past(self) -> int:
        """Counted in the store."""
        with self.desk.store.read() as connection:
            query = select(func.count()).select_from(self.table).where(self.wanted)
            return int(connection.execute(query).scalar_one())

    def let_go(self, by: Officer, most: int) -> int:
        """The oldest keys first."""
        chosen = select(self.key).where(self.wanted).order_by(self.key).limit(most)
        with self.desk.store.write() as connection:
            gone = connection.execute(delete(self.table).where(self.key.in_(chosen))).rowcount
            return _noted(connection, self.desk, by, self.kind, gone)


@dataclass(frozen=True)
class Blanks:
    """Rows that stay, with who they are about taken out."""

    kind: str
    desk: Desk
    table: Table
    key: ColumnElement[object]
    wanted: ColumnElement[bool]
    blank: tuple[str, ...]

    def past(self) -> int:
        """Counted in the store."""
        with self.desk.store.read() as connection:
            query = select(func.count()).select_from(self.table).where(self.wanted)
            return int(connection.execute(query).scalar_one())

    def let_go(self, by: Officer, most: int) -> int:
        """The named columns become empty."""
        chosen = select(self.key).where(self.wanted).order_by(self.key).limit(most)
        emptied = update(self.table).where(self.key.in_(chosen)).values(dict.fromkeys(self.blank, ""))
        with self.desk.store.write() as connection:
            return _noted(connection, self.desk, by, self.kind, connection.execute(emptied).rowcount)


@dataclass(frozen=True)
class HelpCases:
    """What rested on a consent that has run out; the rule of the help room itself."""

    desk: Desk
    today: date

    def past(self) -> int:
        """Cases with something still kept and a consent past its day."""
        with self.desk.store.read() as connection:
            from app.services.setup import PROGRAM

            recorder = Recorder(connection, self.desk, PROGRAM, self.desk.clock.now())
            return len(cases_past_their_time(recorder, self.today))

    def let_go(self, by: Officer, most: int) -> int:
        """Each case is a row of the audit, as when an officer sweeps."""
        with self.desk.store.write() as connection:
            recorder = Recorder(connection, self.desk, by, self.desk.clock.now())
            cases = cases_past_their_time(recorder, self.today)[:most]
            gone = sum(erase_unfounded(recorder, case_id, self.today) for case_id in cases)
            return _noted(connection, self.desk, by, "help_cases", gone)


@dataclass(frozen=True)
class Prints:
    """Kept PDFs of papers: the bytes go, that the paper was printed stays. What waits for a printer stays."""

    desk: Desk
    before: datetime

    def past(self) -> int:
        """Files no newer printing still names, and those whose bytes the disk would not let go of yet."""
        with self.desk.store.read() as connection:
            return len(connection.execute(self._old()).all()) + len(_waiting(connection) or ())

    def let_go(self, by: Officer, most: int) -> int:
        """The store says first that the file is gone (I1 in reverse), then it goes. What a power cut or a
        file in use left on the disk goes at the next run."""
        c = tables.stored_file.c
        with self.desk.store.write() as connection:
            hashes = [str(each) for each in connection.execute(self._old().limit(most)).scalars()]
            connection.execute(update(tables.stored_file).where(c.sha256.in_(hashes)).values(purpose=ERASED))
            before = _waiting(connection)
            if before is None:  # nothing noted what a run of an older program left on the disk
                before = list(connection.execute(select(c.sha256).where(c.purpose == ERASED)).scalars())
            waiting = sorted({*before, *hashes})
            write_setting(connection, WAITING, waiting)
            _noted(connection, self.desk, by, "prints", len(hashes))
        if waiting:
            self._take_off_the_disk(waiting)
        return len(hashes)

    def _take_off_the_disk(self, waiting: list[str]) -> None:
        """For good: no power cut brings back what is told as gone. A paper made again meanwhile stays."""
        c = tables.stored_file.c
        with self.desk.store.write() as connection, told():
            erased = set(connection.execute(select(c.sha256).where(c.purpose == ERASED)).scalars())
            left, rooms = [], set()
            for place, sha256 in (
                (self.desk.files.place_of(each), each) for each in waiting if each in erased
            ):
                try:
                    place.unlink(missing_ok=True)
                    rooms.add(place.parent)
                except OSError:
                    left.append(sha256)
            for room in rooms:
                if room.is_dir():
                    sync_folder(room)
            write_setting(connection, WAITING, left)

    def _old(self) -> Select[tuple[str]]:
        c, j = tables.stored_file.c, tables.print_job.c
        newer = select(j.sha256).where(j.made_at >= self.before)
        old = select(j.sha256).where(j.made_at < self.before, j.state != "failed")
        return (
            select(c.sha256)
            .where(c.purpose == "print", c.sha256.in_(old), c.sha256.not_in(newer))
            .order_by(c.created_at)
        )


@dataclass(frozen=True)
class Files:
    """Files of our own in one room of the desk's folder, by their time of writing."""

    kind: str
    desk: Desk
    room: Path
    names: str
    before: datetime

    def past(self) -> int:
        """Those older than the term."""
        return len(self._old())

    def let_go(self, by: Officer, most: int) -> int:
        """A file that cannot be removed now is tried again the next day; what is told as gone no power cut
        brings back."""
        gone = 0
        for path in self._old()[:most]:
            with suppress(OSError):
                shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
                gone += 1
        if gone:
            with self.desk.store.write() as connection:
                _noted(connection, self.desk, by, self.kind, gone)
        with told():
            if self.room.is_dir():
                sync_folder(self.room)
        return gone

    def _old(self) -> list[Path]:
        old = []
        for path in sorted(self.room.glob(self.names)):
            with suppress(OSError):
                if datetime.fromtimestamp(path.lstat().st_mtime, VIETNAM) < self.before:
                    old.append(path)
        return old


def _noted(connection: Connection, desk: Desk, by: Officer, kind: str, count: int) -> int:
    """The count, told by the audit where there was anything."""
    if count:
        recorder = Recorder(connection, desk, by, desk.clock.now())
        recorder.audit("let_go", "retention", f"{kind}:{count}")
    return count


def _waiting(connection: Connection) -> list[str] | None:
    kept = read_setting(connection, WAITING)
    return [str(each) for each in kept] if isinstance(kept, list) else None


def _drafts(desk: Desk, before: datetime, today: date) -> Share:
    c = tables.draft.c
    return Rows("drafts", desk, tables.draft, c.id, c.saved_at < before)


def _tickets(desk: Desk, before: datetime, today: date) -> Share:
    c = queue_ticket.c
    return Rows("queue_tickets", desk, queue_ticket, c.id, c.day < before.date())


def _notices(desk: Desk, before: datetime, today: date) -> Share:
    c = tables.notice.c
    return Rows("notices", desk, tables.notice, c.id, c.seen_at < before)


def _guidance(desk: Desk, before: datetime, today: date) -> Share:
    c = guidance.c
    named = (c.person != "") | (c.phone != "")
    return Blanks("guidance", desk, guidance, c.id, (c.at < before) & named, ("person", "phone"))


def _requests(desk: Desk, before: datetime, today: date) -> Share:
    c = subject_request.c
    held = (c.kind == "restriction") & (c.decision != "refused") & c.ended_at.is_(None)
    done = (c.decided_at < before) & ~held & (c.full_name != "")
    blank = ("full_name", "personal_id", "phone", "address", "words", "reason")
    return Blanks("requests", desk, subject_request, c.id, done, blank)


def _logs(desk: Desk, before: datetime, today: date) -> Share:
    return Files("logs", desk, desk.folder / LOGS, "*.*", before)


def _leftovers(desk: Desk, before: datetime, today: date) -> Share:
    return Files("leftovers", desk, desk.folder / "scratch", "backup-*", before)


def _old_stores(desk: Desk, before: datetime, today: date) -> Share:
    return Files("old_stores", desk, desk.folder / "backups", "before-migration-from-*.db", before)


LETTING_GO: Final[dict[str, Callable[[Desk, datetime, date], Share]]] = {
    "drafts": _drafts,
    "help_cases": lambda desk, before, today: HelpCases(desk, today),
    "queue_tickets": _tickets,
    "notices": _notices,
    "logs": _logs,
    "leftovers": _leftovers,
    "old_stores": _old_stores,
    "guidance": _guidance,
    "prints": lambda desk, before, today: Prints(desk, before),
    "requests": _requests,
}
"""Every kind of the table that a run lets go of."""
