"""Hand-over between units: the sender keeps custody until the receiver has accepted (SYNC-PROTOCOL §3.5)."""

from __future__ import annotations

from sqlalchemy import select

from app.domain.dossier_number import check_agency_code
from app.domain.dossier_status import Act, Status
from app.domain.vietnamese import clean_text
from app.errors import RuleError
from app.models import tables
from app.protocol.parts import UnitRef
from app.protocol.payloads import Custody
from app.services.acts import Step
from app.services.life.doing import Doing
from app.services.received_event import unit_ref
from app.text import t

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
    if _pending_transfer(doing) is not None:
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
    holder = doing.connection.execute(
        select(tables.dossier.c.custodian_unit).where(tables.dossier.c.id == doing.standing.id)
    ).scalar_one()
    if holder == own.code or _pending_transfer(doing) not in (own.code, doing.desk.profile.unit_code):
        raise RuleError(
            "no-transfer",
            t("Không có đơn vị nào đang chuyển hồ sơ này đến đây."),
            t("Đồng bộ rồi xem lại, hoặc hỏi bên chuyển."),
            field="act",
        )
    return Step(
        Act.ACCEPT_CUSTODY,
        "dossier.custody_accepted",
        Custody(UnitRef(holder, holder), own),
        {"custodian_unit": own.code},
    )


def require_custody(doing: Doing) -> None:
    """Refuse a step that only the holder of the dossier may take."""
    to_processing = doing.order.act is Act.REOPEN and doing.standing.status is not Status.REFUSED
    if doing.order.act not in CUSTODIANS_ALONE and not to_processing:
        return
    holder = doing.connection.execute(
        select(tables.dossier.c.custodian_unit).where(tables.dossier.c.id == doing.standing.id)
    ).scalar_one()
    profile = doing.desk.profile
    if holder not in (profile.agency_code, profile.unit_code):
        raise RuleError(
            "not-custodian",
            t("Hồ sơ đang do đơn vị khác giữ nên quầy này không làm được bước đó."),
            t("Đợi bên kia chuyển lại, hoặc liên hệ đơn vị đang giữ."),
            field="act",
        )


def _pending_transfer(doing: Doing) -> str | None:
    h = tables.history.c
    row = doing.connection.execute(
        select(h.act, h.detail)
        .where(h.dossier_id == doing.standing.id, h.act.in_((Act.TRANSFER.value, Act.ACCEPT_CUSTODY.value)))
        .order_by(h.id.desc())
        .limit(1)
    ).first()
    return str(row.detail["to"]) if row is not None and row.act == Act.TRANSFER.value else None


def _unit(doing: Doing) -> UnitRef:
    code = clean_text(doing.order.to_unit)
    if not code:
        raise RuleError(
            "unit-missing", t("Chưa ghi đơn vị nhận."), t("Ghi mã xã hoặc mã cơ quan nhận."), field="to"
        )
    if code.isdigit():
        return unit_ref(doing.desk, code)
    return UnitRef(check_agency_code(code), code)
