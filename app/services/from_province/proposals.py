"""What the province would have differently, over all dossiers, and an officer's word on it (I17).

Reading changes nothing: what the citizen's paper states holds until an officer decides. Both values stay
readable in the dossier's history, whichever holds. The province keeps its own; nothing is sent, for it
already holds what it proposed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, func, select, update

from app.clock import VIETNAM, from_wire
from app.domain.deadline_words import due_words
from app.domain.roles import Officer, Permission
from app.domain.vietnamese import check_name, sort_key, tidy_name
from app.errors import NotFoundError, RuleError
from app.models import tables
from app.models.search_index import refresh_search
from app.services.desk import Desk
from app.services.papers import slips
from app.services.papers.slips import MadePaper
from app.services.recording import Recorder
from app.text import t

KEPT, ACCEPTED = "proposal_kept", "proposal_accepted"
"""Names of the two decisions in history and audit."""
_NAMES = {"/owner/full_name": "owner", "/submitter/full_name": "submitter"}
_BIRTHS = {"/owner/date_of_birth": "owner", "/submitter/date_of_birth": "submitter"}


@dataclass(frozen=True)
class OpenProposal:
    """A value of the province beside that of the citizen's paper; ``field`` is a JSON Pointer of the wire."""

    id: str
    dossier_id: str
    number: str
    owner_name: str
    procedure_name: str
    field: str
    ours: Any
    theirs: Any
    made_at: datetime

    @property
    def acceptable(self) -> bool:
        """Whether the province's value can be taken over here; the others are settled in the dossier."""
        return can_accept(self.field)


def open_proposals(desk: Desk, by: Officer, limit: int = 50) -> tuple[OpenProposal, ...]:
    """Those no officer has decided on, the oldest first. They hold what papers say of people: who keeps the
    line going without seeing dossiers is refused. Raises ``RuleError`` "not-permitted"."""
    by.require(Permission.SYNC)
    by.require(Permission.VIEW)
    p, d = tables.proposal.c, tables.dossier.c
    number = func.coalesce(d.number, d.provisional_number)
    query = (
        select(
            p.id, p.dossier_id, number, d.owner_name, d.procedure_name, p.field, p.ours, p.theirs, p.made_at
        )
        .join_from(tables.proposal, tables.dossier, d.id == p.dossier_id)
        .where(p.state == "open")
        .order_by(p.made_at, p.id)
        .limit(limit)
    )
    with desk.store.read() as connection:
        return tuple(OpenProposal(*row) for row in connection.execute(query))


def can_accept(field: str) -> bool:
    """Dates due, names and days of birth; a status or number of the province is never written over ours."""
    return field == "/due_at" or field in _NAMES or field in _BIRTHS


def keep_ours(desk: Desk, by: Officer, proposal_id: str) -> None:
    """What the citizen's paper states goes on holding; the case is closed.

    Raises ``NotFoundError`` "no-proposal", ``RuleError`` "proposal-decided", "not-permitted".
    """
    by.require(Permission.RECEIVE)
    with desk.store.write() as connection:
        case = _open_case(connection, proposal_id)
        _close(Recorder(connection, desk, by, desk.clock.now()), case, KEPT)


def accept_theirs(desk: Desk, by: Officer, proposal_id: str) -> bool:
    """The province's value holds from now on; whether a slip with the old one is in the citizen's hands.

    Raises what ``keep_ours`` raises, and ``RuleError`` "proposal-not-acceptable" for what only an act of
    the dossier can change or what cannot be read.
    """
    by.require(Permission.RECEIVE)
    with desk.store.write() as connection:
        case = _open_case(connection, proposal_id)
        _take(connection, case)
        _close(Recorder(connection, desk, by, desk.clock.now()), case, ACCEPTED)
        refresh_search(connection, case["dossier_id"])
        return _printed(connection, case["dossier_id"]) is not None


def slip_after_accepting(desk: Desk, by: Officer, dossier_id: str, paper: str = "a5_two_up") -> MadePaper:
    """The slip as it reads now, marked as taking the place of the one handed out; a plain first slip where
    none was printed. Raises what ``slips.make_slip`` raises."""
    by.require(Permission.PRINT)
    with desk.store.read() as connection:
        old = _printed(connection, dossier_id)
    if old is None:
        return slips.make_slip(desk, by, dossier_id, paper)
    reason = t("Nhận theo đề xuất của tỉnh")
    replaced = slips.Replaced(old["id"], old["copy_no"], old["made_at"], reason)
    return slips.make_slip(desk, by, dossier_id, paper, replaces=replaced)


def _open_case(connection: Connection, proposal_id: str) -> RowMapping:
    row = (
        connection.execute(select(tables.proposal).where(tables.proposal.c.id == proposal_id))
        .mappings()
        .first()
    )
    if row is None:
        raise NotFoundError("no-proposal", t("Không tìm thấy đề xuất này."), t("Mở lại màn hình Đồng bộ."))
    if row["state"] != "open":
        raise RuleError(
            "proposal-decided",
            t("Đề xuất này đã được xử lý rồi."),
            t("Mở lại màn hình Đồng bộ để xem tình trạng mới."),
            field="act",
        )
    return row


def _take(connection: Connection, case: RowMapping) -> None:
    field, theirs = case["field"], case["theirs"]
    try:
        if field == "/due_at":
            _set_dossier(connection, case, _due(case, from_wire(str(theirs))))
        elif field in _NAMES:
            _set_name(connection, case, tidy_name(check_name(str(theirs or ""), "name")))
        elif field in _BIRTHS:
            born = date.fromisoformat(str(theirs))
            _set_party(connection, case, _BIRTHS[field], {"birth_date": born})
        else:
            raise ValueError("settled by an act of the dossier")
    except ValueError:
        raise RuleError(
            "proposal-not-acceptable",
            t("Nội dung tỉnh đề xuất không nhận thẳng vào hồ sơ được."),
            t("Mở hồ sơ làm việc tương ứng, hoặc giữ theo phiếu."),
            field="act",
        ) from None


def _due(case: RowMapping, due_at: datetime) -> dict[str, object]:
    made = case["made_at"].astimezone(VIETNAM)
    reason = t("Theo ngày tỉnh đề xuất {day}").format(day=f"{made:%d/%m/%Y}")
    if case["ours"]:
        before = due_words(from_wire(str(case["ours"])))
        reason = t("{reason}; trước đó hẹn {before}").format(reason=reason, before=before)
    return {"due_at": due_at, "due_reason": reason, "due_manual": True}


def _set_name(connection: Connection, case: RowMapping, name: str) -> None:
    role = _NAMES[case["field"]]
    _set_party(connection, case, role, {"full_name": name})
    if role == "owner":
        _set_dossier(connection, case, {"owner_name": name, "owner_sort": sort_key(name)})


def _set_dossier(connection: Connection, case: RowMapping, values: Mapping[str, object]) -> None:
    d = tables.dossier.c
    connection.execute(update(tables.dossier).where(d.id == case["dossier_id"]).values(**values))


def _set_party(connection: Connection, case: RowMapping, role: str, values: Mapping[str, object]) -> None:
    p = tables.party.c
    done = connection.execute(
        update(tables.party).where(p.dossier_id == case["dossier_id"], p.role == role).values(**values)
    )
    if done.rowcount != 1:
        raise ValueError("nobody of that role")


def _close(recorder: Recorder, case: RowMapping, decision: str) -> None:
    p = tables.proposal.c
    state = "kept" if decision == KEPT else "accepted"
    recorder.connection.execute(update(tables.proposal).where(p.id == case["id"]).values(state=state))
    detail = {"field": case["field"], "ours": case["ours"], "theirs": case["theirs"]}
    recorder.history(case["dossier_id"], decision, detail)
    recorder.audit(decision, "dossier", case["dossier_id"], (case["field"].strip("/"),))


def _printed(connection: Connection, dossier_id: str) -> RowMapping | None:
    """The latest slip that was made for the citizen."""
    j = tables.print_job.c
    query = (
        select(j.id, j.copy_no, j.made_at)
        .where(j.dossier_id == dossier_id, j.form == slips.FORM)
        .order_by(j.copy_no.desc())
        .limit(1)
    )
    return connection.execute(query).mappings().first()
