"""One visit, several dossiers: all taken in by one commit, a slip each, one sheet for all.

And a new visit begun from an earlier one: the same people, nothing of the papers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, RowMapping, insert, select

from app.domain.group_sheet import GroupLine, GroupSheet
from app.domain.people import Address
from app.domain.roles import Officer, Permission
from app.errors import NotFoundError, RuleError
from app.models import tables
from app.models.counter_tables import intake_group
from app.protocol.ids import new_id
from app.services.audit.verify import note_read
from app.services.desk import Desk, read_setting, with_fresh_profile
from app.services.finding.dossier_view import find_dossier_id
from app.services.intake.reception import Received, receive_with
from app.services.intake.stored_filing import person_of
from app.services.intake.visit import TYPED, Intake, OtherParty, OtherRole, authority_of
from app.services.numbering import NumberGiver
from app.services.papers import slips
from app.services.papers.slip_words import return_words
from app.services.papers.slips import MadePaper
from app.text import t

MOST = 20
"""Most dossiers of one visit."""

FORM = "group"
"""What the sheet's printings are counted by in ``print_job``."""


@dataclass(frozen=True)
class ReceivedGroup:
    """What one visit brought, in the order handed in."""

    id: str
    dossiers: tuple[Received, ...]


def receive_group(desk: Desk, by: Officer, intakes: Sequence[Intake]) -> ReceivedGroup:
    """Take in all dossiers of one visit, or none. The same requests twice are one group.

    Raises ``RuleError``: "group-empty", "group-large", "group-mixed" (requests of different visits), and
    what ``receive_dossier`` raises, its title naming which dossier of the visit is meant.
    """
    by.require(Permission.RECEIVE)
    _check(intakes)
    with desk.store.write() as connection:
        desk = with_fresh_profile(connection, desk)
        known = _known_group(connection, intakes)
        group_id = known or new_id()
        numbers = NumberGiver(connection, desk.profile)
        if known is None:
            connection.execute(
                insert(intake_group).values(id=group_id, made_at=desk.clock.now(), officer_id=by.id)
            )
        done = tuple(
            _one(connection, desk, by, intake, numbers, group_id, place)
            for place, intake in enumerate(intakes, 1)
        )
        numbers.keep()
    return ReceivedGroup(group_id, done)


def group_sheet(desk: Desk, by: Officer, group_id: str, copy_no: int | None = None) -> GroupSheet:
    """What the one sheet of a visit says. Raises ``NotFoundError`` "no-group"."""
    by.require(Permission.PRINT)
    d, o = tables.dossier.c, tables.officer.c
    with desk.store.read() as connection:
        rows = (
            connection.execute(select(tables.dossier).where(d.group_id == group_id).order_by(d.row_no))
            .mappings()
            .all()
        )
        if not rows:
            raise NotFoundError(
                "no-group", t("Không tìm thấy lượt nộp này."), t("Mở từng hồ sơ theo số trên giấy hẹn.")
            )
        officer = connection.execute(select(o.name).where(o.id == rows[0]["officer_id"])).scalar_one_or_none()
        submitter = _submitter(connection, rows[0]["id"])
        phone = read_setting(connection, "counter_phone")
        return GroupSheet(
            head=slips.slip_head(connection, desk, serial=""),
            receiving_office=slips.office_name(connection, desk),
            submitter_name=submitter["full_name"],
            submitter_phone=slips.phone_words(submitter["phone"]),
            received_at=rows[0]["received_at"],
            lines=tuple(_line(row) for row in rows),
            officer_name=str(officer or ""),
            office_phone=phone if isinstance(phone, str) else "",
            copy_no=copy_no or slips.next_copy(connection, group_id, FORM),
            demo=desk.profile.demo,
        )


def print_group_sheet(desk: Desk, by: Officer, group_id: str) -> MadePaper:
    """Draw the sheet, keep the PDF, note the printing. Raises ``NotFoundError`` "no-group"."""
    from app.printing.group_sheet import draw_group_sheet

    sheet = group_sheet(desk, by, group_id)
    return slips.keep_paper(
        desk,
        by,
        dossier_id=None,
        subject_id=group_id,
        form=FORM,
        form_set="",
        pdf=draw_group_sheet(sheet),
        copy_no=sheet.copy_no,
        record_kind="intake_group",
    )


def intake_from(desk: Desk, by: Officer, number: str) -> Intake:
    """A new visit of the people of an earlier dossier, for the same procedure: a new request, no papers, no
    answers, no dates. The reading is audited. Raises ``NotFoundError`` "no-dossier"."""
    by.require(Permission.RECEIVE)
    by.require(Permission.VIEW)
    dossier_id = find_dossier_id(desk, number)
    with desk.store.read() as connection:
        row = (
            connection.execute(select(tables.dossier).where(tables.dossier.c.id == dossier_id))
            .mappings()
            .one()
        )
        parties = _parties(connection, dossier_id)
    note_read(desk, by, "dossier", dossier_id)
    owner = next(each for each in parties if each["role"] == "owner")
    submitter = next((each for each in parties if each["role"] == "submitter"), None)
    others = tuple(
        OtherParty(OtherRole(each["role"]), person_of(each), each["relation"])
        for each in parties
        if each["role"] in set(OtherRole)
    )
    intake = Intake(
        request_id=new_id(),
        procedure_code=row["procedure_code"],
        owner=person_of(owner),
        source=TYPED,
        others=others,
        return_method=row["return_method"],
        return_address=None if row["return_address"] is None else Address(**row["return_address"]),
    )
    if submitter is None:
        return intake
    return replace(
        intake,
        submitter=person_of(submitter),
        relation=submitter["relation"],
        authority=authority_of(submitter["authority"]),
    )


def _check(intakes: Sequence[Intake]) -> None:
    if not intakes:
        raise RuleError("group-empty", t("Chưa có hồ sơ nào trong lượt này."), t("Thêm ít nhất một hồ sơ."))
    if len(intakes) > MOST:
        raise RuleError(
            "group-large",
            t("Một lượt nhận nhiều nhất {most} hồ sơ.").format(most=MOST),
            t("Tiếp nhận lượt này trước, phần còn lại nhận lượt sau."),
        )
    if len({intake.request_id for intake in intakes}) != len(intakes):
        raise RuleError(
            "group-mixed",
            t("Có hồ sơ được ghi hai lần trong lượt này."),
            t("Bỏ dòng trùng rồi tiếp nhận lại."),
        )


def _known_group(connection: Connection, intakes: Sequence[Intake]) -> str | None:
    """The group these requests were stored as; ``None`` where none of them was."""
    d = tables.dossier.c
    wanted = [intake.request_id for intake in intakes]
    found = connection.execute(select(d.group_id).where(d.request_id.in_(wanted))).scalars().all()
    if not found:
        return None
    if len(found) != len(wanted) or len(set(found)) != 1 or found[0] is None:
        raise RuleError(
            "group-mixed",
            t("Một phần hồ sơ của lượt này đã được tiếp nhận trước đó."),
            t("Bỏ các hồ sơ đã nhận ra khỏi lượt rồi làm lại; không có gì bị ghi hai lần."),
        )
    return str(found[0])


def _one(
    connection: Connection,
    desk: Desk,
    by: Officer,
    intake: Intake,
    numbers: NumberGiver,
    group_id: str,
    place: int,
) -> Received:
    try:
        return receive_with(connection, desk, by, intake, numbers, group_id)
    except RuleError as error:
        title = t("Hồ sơ thứ {place}: {title}").format(place=place, title=error.title)
        raise type(error)(
            error.code, title, error.next_step, field=error.field, missing=error.missing
        ) from error


def _line(row: RowMapping) -> GroupLine:
    address = slips.address_words(Address(**row["return_address"])) if row["return_address"] else ""
    return GroupLine(
        number=row["number"] or row["provisional_number"],
        provisional=row["number"] is None,
        procedure=row["procedure_name"],
        owner_name=row["owner_name"],
        due_at=row["due_at"],
        return_words=return_words(row["return_method"], address),
        fee_vnd=row["fee_total"],
    )


def _parties(connection: Connection, dossier_id: str) -> list[RowMapping]:
    p = tables.party.c
    query = select(tables.party).where(p.dossier_id == dossier_id).order_by(p.id)
    return list(connection.execute(query).mappings())


def _submitter(connection: Connection, dossier_id: str) -> RowMapping:
    parties = {each["role"]: each for each in _parties(connection, dossier_id)}
    return parties.get("submitter", parties["owner"])
