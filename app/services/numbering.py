"""Numbers given inside the receiving transaction (SYNC-PROTOCOL §3.8, DOMAIN §5).

A granted block gives a final number. Without one the desk's own provisional number goes out, clearly
marked; the official one is never invented here. Counters only grow, whatever the clock says.

A restored desk does not know what was given out since its backup (I9): for days up to its restore it
gives only numbers with the mark of its epoch, and for that year its books are new ones with that mark.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, RowMapping, select
from sqlalchemy.dialects.sqlite import insert

from app.clock import VIETNAM
from app.domain.certification import Kind, Volume
from app.domain.dossier_number import provisional_number
from app.domain.number_block import BlockKind, NumberBlock, Per, block_number, covers
from app.models import tables
from app.models.epochs import RESTORED
from app.services.desk import DeskProfile
from app.services.recording import current_stream


@dataclass(frozen=True)
class GivenNumber:
    """Exactly one of the two is set at reception."""

    official: str | None
    provisional: str | None

    @property
    def printed(self) -> str:
        """What stands on the paper handed out."""
        return self.official or self.provisional or ""


class NumberGiver:
    """Gives numbers inside one write transaction. What is given counts once ``keep`` has stored it."""

    def __init__(self, connection: Connection, profile: DeskProfile) -> None:
        self._connection = connection
        self._profile = profile
        self._blocks = dossier_blocks(connection)
        stream = current_stream(connection)
        self._stream = stream
        self._restored = last_restore(connection)
        self._last: dict[tuple[str, str], int] = {}

    def number(self, received_at: datetime) -> GivenNumber:
        """The next number for a dossier received at that time."""
        profile = self._profile
        day = received_at.astimezone(VIETNAM).date()
        mark = self._mark(day)
        for block in self._blocks:
            if self._forgotten(day) or not covers(block, day):
                continue
            seq = self._next(block.block_id, _period(block, day), first=block.seq_from, last=block.seq_to)
            if seq is not None:
                return GivenNumber(block_number(block.pattern, block.unit_code, day, seq), None)
        seq = self._next(f"provisional:{mark}", day.isoformat(), first=1)
        assert seq is not None
        return GivenNumber(None, provisional_number(profile.unit_code, day, profile.desk_no, seq, mark))

    def register_line(self, day: date) -> tuple[str, int]:
        """Book and line of the register (form 07). A book a desk and year: two desks share no count."""
        return self._line("register", self._book(day), day)

    def receipt(self, day: date) -> tuple[str, int]:
        """Book and number of a fee receipt; a book a desk and year."""
        return self._line("receipt", f"BL{self._book(day)}", day)

    def day_book_line(self, day: date, kind: Kind = Kind.COPY) -> tuple[str, int]:
        """Book and line of a book of certifications; a book a kind, desk and year, without gaps."""
        volume = Volume(kind, self._profile.desk_no, day.year, self._book_mark(day))
        return self._line("day_book", volume.key, day)

    def hand_over_list(self, day: date) -> tuple[str, int]:
        """Book and number of a hand-over list (bảng kê); a book a desk and year, without gaps."""
        return self._line("hand_over_list", f"BK{self._book(day)}", day)

    def guidance_line(self, day: date) -> tuple[str, int]:
        """Book and line of a guidance slip; a book a desk and year."""
        return self._line("guidance", f"HD{self._book(day)}", day)

    def request_line(self, day: date) -> tuple[str, int]:
        """Book and line of a citizen's request about their data; a book a desk and year."""
        return self._line("subject_request", f"DLCN{self._book(day)}", day)

    def _line(self, scope: str, book: str, day: date) -> tuple[str, int]:
        line = self._next(f"{scope}:{book}", str(day.year), first=1)
        assert line is not None
        return book, line

    def keep(self) -> None:
        """Store how far the counters have come, in the transaction of the acts that used them."""
        for (scope, period), last in self._last.items():
            statement = insert(tables.counter).values(scope=scope, period=period, last=last)
            self._connection.execute(
                statement.on_conflict_do_update(index_elements=["scope", "period"], set_={"last": last})
            )

    def _forgotten(self, day: date) -> bool:
        """Whether numbers of the day may have been given out that this copy knows nothing of: all until
        the province has answered, and for ever those of days up to the restore."""
        restored = self._restored
        return restored is not None and (not self._stream.confirmed or day <= restored.day)

    def _mark(self, day: date) -> str:
        if self._forgotten(day) and self._restored is not None:
            return self._restored.mark
        return "" if self._stream.confirmed else self._stream.mark

    def _book_mark(self, day: date) -> str:
        return self._restored.mark if self._restored and day.year <= self._restored.day.year else ""

    def _book(self, day: date) -> str:
        return f"{self._profile.desk_no:02d}{self._book_mark(day)}/{day.year}"

    def _next(self, scope: str, period: str, *, first: int, last: int | None = None) -> int | None:
        given = self._last.get((scope, period))
        if given is None:
            given = self._stored(scope, period)
        number = first if given is None else given + 1
        if last is not None and number > last:
            return None
        self._last[scope, period] = number
        return number

    def _stored(self, scope: str, period: str) -> int | None:
        c = tables.counter.c
        query = select(c.last).where(c.scope == scope, c.period == period)
        return self._connection.execute(query).scalar_one_or_none()


@dataclass(frozen=True)
class Restore:
    """When this desk was last made out of a copy, and the mark of the epoch it then began."""

    day: date
    mark: str


def last_restore(connection: Connection) -> Restore | None:
    """The latest restore of this desk, or ``None``."""
    c = tables.stream.c
    row = connection.execute(
        select(c.opened_at, c.mark).where(c.reason == RESTORED).order_by(c.position.desc()).limit(1)
    ).first()
    return None if row is None else Restore(row.opened_at.astimezone(VIETNAM).date(), row.mark)


def dossier_blocks(connection: Connection) -> list[NumberBlock]:
    """Active blocks for dossier numbers, oldest first."""
    c = tables.number_block.c
    rows = connection.execute(
        select(tables.number_block)
        .where(c.kind == "dossier_code", c.state == "active")
        .order_by(c.valid_from, c.block_id)
    ).mappings()
    return [_block(row) for row in rows]


def _block(row: RowMapping) -> NumberBlock:
    return NumberBlock(
        block_id=row["block_id"],
        unit_code=row["unit_code"],
        pattern=row["pattern"],
        per=Per(row["per"]),
        valid_from=row["valid_from"],
        valid_to=row["valid_to"],
        seq_from=row["seq_from"],
        seq_to=row["seq_to"],
        kind=BlockKind(row["kind"]),
        active=row["state"] == "active",
    )


def _period(block: NumberBlock, day: date) -> str:
    return day.isoformat() if block.per is Per.DAY else str(day.year)
