"""The office's tariff: lines with their basis, entered by the administrator or a leader; never changed after.

A wrong line is answered by a newer one. A dossier keeps the tariff it was received under by its fees and by
``tariff_version``, which names the catalogue and the lines used.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, insert, select

from app.domain.catalogue import Channel, ProcedureVersion
from app.domain.roles import Officer, Permission
from app.domain.tariff import TariffLine, check_line, priced
from app.models.counter_tables import tariff_line
from app.protocol.ids import new_id
from app.services.desk import Desk
from app.services.recording import Recorder
from app.services.reference import SHIPPED_CATALOGUE


@dataclass(frozen=True)
class TariffEntry:
    """What an officer enters. ``channel`` ``None``: all; ``exemptions``: as the resolution names them."""

    procedure_code: str
    fee_code: str
    amount_vnd: int
    basis: str
    effective_from: date
    channel: Channel | None = None
    exemptions: tuple[str, ...] = ()
    effective_to: date | None = None


@dataclass(frozen=True)
class Priced:
    """A procedure with the amounts of a day; ``tariff_version`` is kept with the dossier."""

    version: ProcedureVersion
    tariff_version: str


def enter_tariff(desk: Desk, by: Officer, entry: TariffEntry) -> TariffLine:
    """Keep one line. Raises ``RuleError`` "not-permitted", "procedure-unknown" and what ``check_line``
    refuses."""
    if not by.may(Permission.OVERRIDE):
        by.require(Permission.CONFIGURE)
    now = desk.clock.now()
    desk.reference.catalogue.version_for(entry.procedure_code, entry.effective_from)
    line = check_line(
        TariffLine(
            id=new_id(),
            procedure_code=entry.procedure_code,
            fee_code=entry.fee_code,
            amount_vnd=entry.amount_vnd,
            basis=entry.basis,
            effective_from=entry.effective_from,
            entered_at=now,
            channel=entry.channel,
            exemptions=entry.exemptions,
            effective_to=entry.effective_to,
        )
    )
    with desk.store.write() as connection:
        connection.execute(
            insert(tariff_line).values(
                id=line.id,
                procedure_code=line.procedure_code,
                fee_code=line.fee_code,
                channel=None if line.channel is None else line.channel.value,
                amount_vnd=line.amount_vnd,
                exemptions=list(line.exemptions),
                basis=line.basis,
                effective_from=line.effective_from,
                effective_to=line.effective_to,
                at=now,
                officer_id=by.id,
            )
        )
        Recorder(connection, desk, by, now).audit("tariff", "tariff_line", line.id, ("amount_vnd", "basis"))
    return line


def tariff_lines(desk: Desk, by: Officer, procedure_code: str) -> tuple[TariffLine, ...]:
    """What was entered for a procedure, newest first."""
    if not by.may(Permission.CONFIGURE):
        by.require(Permission.VIEW)
    with desk.store.read() as connection:
        lines = _lines(connection, procedure_code)
    return tuple(sorted(lines, key=lambda each: (each.entered_at, each.id), reverse=True))


def price(connection: Connection, version: ProcedureVersion, channel: Channel, day: date) -> Priced:
    """The procedure with the amounts that hold on that day for that channel."""
    version, used = priced(version, _lines(connection, version.code), channel, day)
    marks = ",".join(sorted(line.id for line in used))
    return Priced(version, f"{SHIPPED_CATALOGUE}+{marks}" if marks else SHIPPED_CATALOGUE)


def price_now(desk: Desk, version: ProcedureVersion, channel: Channel, day: date) -> Priced:
    """The same outside a transaction."""
    with desk.store.read() as connection:
        return price(connection, version, channel, day)


def _lines(connection: Connection, procedure_code: str) -> list[TariffLine]:
    c = tariff_line.c
    rows = connection.execute(
        select(tariff_line).where(c.procedure_code == procedure_code).order_by(c.at, c.id)
    ).mappings()
    return [
        TariffLine(
            id=row["id"],
            procedure_code=row["procedure_code"],
            fee_code=row["fee_code"],
            amount_vnd=row["amount_vnd"],
            basis=row["basis"],
            effective_from=row["effective_from"],
            entered_at=row["at"],
            channel=None if row["channel"] is None else Channel(row["channel"]),
            exemptions=tuple(row["exemptions"]),
            effective_to=row["effective_to"],
        )
        for row in rows
    ]
