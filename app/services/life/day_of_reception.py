"""The law of the day a dossier is received (DOMAIN §0.4): status 2, not the day its papers arrived.

What only arrived (status 1) has no term and was promised nothing. Where the procedure, its fees or the
forms changed between arrival and acceptance, the dossier is taken in under those of the acceptance and
keeps them for ever; papers on file count where the newer version still knows them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import Table, delete
from sqlalchemy.sql.base import Executable

from app.clock import VIETNAM
from app.domain.catalogue import Channel
from app.models import tables
from app.printing.form_texts import form_set_for
from app.services.intake.received_parts import fee_lines, fee_total
from app.services.intake.stored_filing import StoredFiling
from app.services.intake.visit import Intake
from app.services.life.doing import Doing
from app.services.money.tariff import price


@dataclass(frozen=True)
class UnderLaw:
    """The filing under the versions of the day, and what of the stored dossier changes with them."""

    filing: StoredFiling
    changes: Mapping[str, object]
    inserts: Sequence[tuple[Table, dict[str, object]]] = ()
    statements: Sequence[Executable] = field(default_factory=list)


def under_the_day(doing: Doing, filing: StoredFiling) -> UnderLaw:
    """The filing as received now. Raises ``RuleError`` "procedure-ended" where nothing follows it."""
    row, reference = filing.row, doing.desk.reference
    day = doing.at.astimezone(VIETNAM).date()
    changes: dict[str, object] = {
        "form_set": form_set_for(day),
        "calendar_version": reference.calendar.version,
    }
    version = reference.catalogue.version_for(row["procedure_code"], day)
    if (version.code, version.version) == (filing.version.code, filing.version.version):
        return UnderLaw(filing, changes)
    channel = Channel(row["channel"])
    priced = price(doing.connection, version, channel, day)
    lines = fee_lines(priced.version, Intake(row["request_id"], version.code, filing.owner, channel=channel))
    changes |= {
        "procedure_code": version.code,
        "procedure_version": version.version,
        "procedure_name": version.short_name,
        "procedure_detail": version.detail.value,
        "tariff_version": priced.tariff_version,
        "fee_total": fee_total(lines),
    }
    former = [line.id for line in filing.fees]
    return UnderLaw(
        replace(filing, version=priced.version, fees=lines),
        changes,
        [(tables.fee, {"dossier_id": row["id"], **line.as_row()}) for line in lines],
        [delete(tables.fee).where(tables.fee.c.id.in_(former))],
    )
