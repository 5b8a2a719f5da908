"""Hand-over between units: the sender keeps custody until the receiver has accepted (SYNC-PROTOCOL §3.5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from app.domain.dossier_number import check_agency_code
from app.domain.dossier_status import Act, Status
from app.domain.roles import Officer, Permission
from app.domain.vietnamese import clean_text, require_text
from app.errors import RuleError
from app.models import tables
from app.protocol.parts import UnitRef
from app.protocol.payloads import Custody
from app.services.demo import acts
from app.services.demo.acts import Step
from app.services.desk import Desk, with_fresh_profile
from app.services.finding.dossier_view import find_dossier_id
from app.services.intake.received_event import unit_ref
from app.services.life.doing import Doing
from app.services.recording import Recorder
from app.text import t

ARRIVING = "arriving"
"""History line of papers that another unit has brought."""
_CHANGED = "custody_changed"
"""History line of what the province reports."""
_OPENS = (Act.TRANSFER.value, ARRIVING)
_MOVES = (*_OPENS, Act.ACCEPT_CUSTODY.value, _CHANGED)

CUSTODIANS_ALONE = frozenset(
    {Act.START, Act.REQUEST_SUPPLEMENT, Act.REQUEST_FEE, Act.EXTEND, Act.COMPLETE, Act.STOP, Act.TRANSFER}
)
"""Steps 4, 5, 6, 8, 9 and due dates belong to who holds the dossier (SYNC-PROTOCOL §3.5); reopening is
a step to 4 too, but for a reversed refusal, which belongs to the unit that dealt with the citizen."""


def transfer(doing: Doing) -> Step:
    """Hand the dossier to another unit; custody follows when that unit accepts."""
    target = _unit(doing)
    own = unit_ref(doing.desk, None)
    if target.code == own.code:
        raise RuleError(
            "transfer-own-unit",
            t("Hồ sơ đang ở chính đơn vị này."),
            t("Chọn đơn vị nhận khác."),
            field="to",
        )
    if pending_hand_over(doing.connection, doing.standing.id) is not None:
        raise RuleError(
            "transfer-pending",
            t("Hồ sơ đã chuyển và đang chờ bên kia nhận."),
            t("Đợi bên nhận xác nhận."),
            field="act",
        )
    note = clean_text(doing.order.reason) or None
    return Step(
        Act.TRANSFER,
        "dossier.transferred",
        Custody(own, target, note=note),
        detail={"to": target.code, "to_name": target.name},
    )


def accept_custody(doing: Doing) -> Step:
    """Take over a dossier that another unit has handed to this one."""
    own = unit_ref(doing.desk, None)
    holder = _holder(doing)
    pending = pending_hand_over(doing.connection, doing.standing.id)
    ours = own.code, doing.desk.profile.unit_code
    if holder in ours or pending is None or pending.to not in ours:
        raise RuleError(
            "no-transfer",
            t("Không có đơn vị nào đang chuyển hồ sơ này đến đây."),
            t("Đồng bộ rồi xem lại, hoặc hỏi bên chuyển."),
            field="act",
        )
    giver = UnitRef(holder, unit_name(doing.connection, doing.desk, doing.standing.id, holder))
    return Step(
        Act.ACCEPT_CUSTODY,
        "dossier.custody_accepted",
        Custody(giver, own, note=clean_text(doing.order.reason) or None),
        {"custodian_unit": own.code},
        {"from": giver.code, "from_name": giver.name},
    )


def note_arrival(desk: Desk, by: Officer, number: str, words: str = "", at: datetime | None = None) -> None:
    """The papers of a dossier that another unit holds were brought here with its list: the counter may take
    it over from now on. A line of the history, no event: the taking over is what the province is told.

    Raises ``NotFoundError`` "no-dossier", ``RuleError`` "not-permitted", "arrival-own" where this unit
    holds it anyway, "transfer-pending" where it was noted before.
    """
    by.require(Permission.PROCESS)
    dossier_id = find_dossier_id(desk, number)
    note = require_text(words, "reason")
    with desk.store.write() as connection:
        desk = with_fresh_profile(connection, desk)
        own = unit_ref(desk, None)
        standing = acts.read_standing(connection, dossier_id)
        holder = _holder_of(connection, dossier_id)
        if holder in (own.code, desk.profile.unit_code):
            raise RuleError(
                "arrival-own",
                t("Hồ sơ này đang do chính đơn vị giữ."),
                t("Không cần ghi nhận chuyển đến."),
                field="act",
            )
        pending = pending_hand_over(connection, dossier_id)
        if pending is not None and pending.to in (own.code, desk.profile.unit_code):
            raise RuleError(
                "transfer-pending",
                t("Hồ sơ này đã được ghi là chuyển đến đây."),
                t("Bấm nhận hồ sơ để giữ tiếp."),
                field="act",
            )
        recorder = Recorder(connection, desk, by, at or max(desk.clock.now(), standing.last_at))
        detail = {"to": own.code, "to_name": own.name, "from": holder, "note": note}
        recorder.history(dossier_id, ARRIVING, {key: value for key, value in detail.items() if value})
        recorder.audit(ARRIVING, "dossier", dossier_id)


def for_the_holder(act: Act, status: Status) -> bool:
    """Whether the step, taken in this status, belongs to who holds the dossier."""
    return act in CUSTODIANS_ALONE or (act is Act.REOPEN and status is not Status.REFUSED)


def holds(doing: Doing) -> bool:
    """Whether this unit holds the dossier: due dates are its holder's alone (SYNC-PROTOCOL §3.5)."""
    profile = doing.desk.profile
    return _holder(doing) in (profile.agency_code, profile.unit_code)


def require_custody(doing: Doing) -> None:
    """Refuse a step that only the holder of the dossier may take."""
    if not for_the_holder(doing.order.act, doing.standing.status):
        return
    if not holds(doing):
        raise RuleError(
            "not-custodian",
            t("Hồ sơ đang do đơn vị khác giữ nên quầy này không làm được bước đó."),
            t("Đợi bên kia chuyển lại, hoặc liên hệ đơn vị đang giữ."),
            field="act",
        )


@dataclass(frozen=True)
class Pending:
    """A hand-over that the receiving unit has not answered. ``to``: its code; ``name`` as written."""

    to: str
    name: str


def pending_hand_over(connection: Connection, dossier_id: str) -> Pending | None:
    """The open hand-over of a dossier: sent from here, or noted as arriving, and since then neither taken
    over here nor reported by the province as taken over (``dossier.custody_changed``)."""
    h = tables.history.c
    row = connection.execute(
        select(h.act, h.detail)
        .where(h.dossier_id == dossier_id, h.act.in_(_MOVES))
        .order_by(h.id.desc())
        .limit(1)
    ).first()
    if row is None or row.act not in _OPENS:
        return None
    return Pending(str(row.detail["to"]), str(row.detail.get("to_name") or row.detail["to"]))


def unit_name(connection: Connection, desk: Desk, dossier_id: str, code: str) -> str:
    """A unit's name, as the list of units or the dossier's history has it; else the code itself."""
    unit = desk.reference.units.get(code)
    if unit is not None:
        return unit_ref(desk, code).name
    h, d = tables.history.c, tables.dossier.c
    details = connection.execute(
        select(h.detail).where(h.dossier_id == dossier_id, h.act.in_(_MOVES)).order_by(h.id.desc())
    ).scalars()
    told = (each.get("to_name") or each.get("name") for each in details if each.get("to") == code)
    row = connection.execute(
        select(d.receiving_unit, d.receiving_unit_name, d.handling_unit, d.handling_unit_name).where(
            d.id == dossier_id
        )
    ).one()
    known = {row.receiving_unit: row.receiving_unit_name, row.handling_unit: row.handling_unit_name}
    return str(next((name for name in told if name), known.get(code, code)))


def _holder(doing: Doing) -> str:
    return _holder_of(doing.connection, doing.standing.id)


def _holder_of(connection: Connection, dossier_id: str) -> str:
    query = select(tables.dossier.c.custodian_unit).where(tables.dossier.c.id == dossier_id)
    return str(connection.execute(query).scalar_one())


def _unit(doing: Doing) -> UnitRef:
    code = clean_text(doing.order.to_unit)
    if not code:
        raise RuleError(
            "unit-missing", t("Chưa ghi đơn vị nhận."), t("Ghi mã xã hoặc mã cơ quan nhận."), field="to"
        )
    try:
        return unit_ref(doing.desk, code) if code.isdigit() else UnitRef(check_agency_code(code), code)
    except RuleError as refusal:
        raise RuleError(refusal.code, refusal.title, refusal.next_step, field="to") from refusal
