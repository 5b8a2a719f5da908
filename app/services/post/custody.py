"""A result that lies with the post is not at the counter: nobody is given it there (DOMAIN §11)."""

from __future__ import annotations

from sqlalchemy import Connection, select

from app.errors import RuleError
from app.models.life_tables import post_item
from app.text import t

HANDED = "handed"
"""State of a parcel in the post's hands."""


def require_at_the_counter(connection: Connection, dossier_id: str) -> None:
    """Raises ``RuleError`` "with-the-post" while the latest parcel of the dossier is with the post."""
    p = post_item.c
    parcel = connection.execute(
        select(p.state, p.bill_code)
        .where(p.dossier_id == dossier_id, p.direction == "out")
        .order_by(p.made_at.desc(), p.id.desc())
        .limit(1)
    ).first()
    if parcel is not None and parcel.state == HANDED:
        raise with_the_post(parcel.bill_code or "")


def with_the_post(bill: str) -> RuleError:
    """Where the result is, and the two ways on. ``bill``: the parcel's code, or empty."""
    code = t(" (vận đơn {bill})").format(bill=bill) if bill else ""
    return RuleError(
        "with-the-post",
        t("Kết quả đang ở bưu chính{bill}, không có ở quầy.").format(bill=code),
        t("Bưu chính báo đã phát thì ghi ngày phát; chuyển lại thì ghi quay lại rồi trả tại quầy."),
        field="number",
    )
