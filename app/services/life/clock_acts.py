"""What stops, resumes or moves the term: supplement request and receipt, extension with apology."""

from __future__ import annotations

from app.domain.deadline import check_manual_due
from app.domain.dossier_status import Act
from app.domain.vietnamese import clean_text
from app.errors import RuleError
from app.models import tables
from app.protocol.payloads import DueDateChanged, SupplementReceived, SupplementRequested
from app.services.demo.acts import Step
from app.services.extensions import extensions_allowed, extensions_used
from app.services.intake.received_event import wire_component
from app.services.intake.stored_filing import read_filing
from app.services.life.doing import Doing, due_after_pause, pause_words, required_words
from app.services.life.papers_brought import papers_brought, rows_of
from app.text import t


def request_supplement(doing: Doing) -> Step:
    """Ask for all missing papers at once, in writing (→ 5; form 02); the clock stops."""
    items = [clean_text(item) for item in doing.order.items if clean_text(item)]
    parts = [*items, clean_text(doing.order.reason)]
    content = "; ".join(part for part in parts if part)
    if not content:
        raise RuleError(
            "supplement-empty",
            t("Chưa ghi cần bổ sung giấy tờ gì."),
            t("Ghi đủ mọi giấy tờ còn thiếu trong một lần."),
            field="item",
        )
    number = doing.standing.supplement_rounds + 1
    return Step(
        Act.REQUEST_SUPPLEMENT,
        "dossier.supplement_requested",
        SupplementRequested(round=number, content=content),
        {"supplement_rounds": number},
        {"round": number, "items": items, "reason": clean_text(doing.order.reason)},
    )


def supplement(doing: Doing) -> Step:
    """The citizen brought the papers (5 → 4); the clock goes on."""
    due_at = due_after_pause(doing, Act.REQUEST_SUPPLEMENT)
    filing = read_filing(doing.connection, doing.desk, doing.standing.id)
    brought = papers_brought(doing, filing)
    return Step(
        Act.SUPPLEMENT,
        "dossier.supplement_received",
        SupplementReceived(
            round=max(1, doing.standing.supplement_rounds),
            components=[wire_component(line) for line in brought],
            previous_due_at=doing.standing.due_at,
            new_due_at=due_at,
        ),
        {"due_at": due_at, "due_reason": pause_words(doing, due_at)},
        {"items": [line.name for line in brought]},
        inserts=[(tables.component, row) for row in rows_of(doing, brought)],
    )


def extend(doing: Doing) -> Step:
    """Apologise and give a later date, before the old one has passed (form 04).

    The head signs the letter: where he, or who signs for him, does the act, the event names him; else the
    letter leaves the name for his hand.
    """
    standing, order = doing.standing, doing.order
    reason = required_words(order.reason, "reason")
    if order.due_at is None:
        raise RuleError(
            "due-missing", t("Chưa ghi ngày hẹn trả mới."), t("Ghi ngày hẹn mới và lý do."), field="due"
        )
    most = extensions_allowed(doing.connection)
    if extensions_used(doing.connection, standing.id) >= most:
        raise RuleError(
            "extension-used",
            t("Hồ sơ đã hẹn lại đủ số lần cho phép ({count}).").format(count=most),
            t("Giữ ngày hẹn đang có; báo lãnh đạo nếu không kịp."),
            field="act",
        )
    if standing.due_at is not None and doing.at > standing.due_at:
        raise RuleError(
            "extension-late",
            t("Đã quá ngày hẹn nên không hẹn lại được nữa."),
            t("Văn bản xin lỗi phải ra trước ngày hẹn trả. Xử lý và trả kết quả sớm nhất."),
            field="act",
        )
    check_manual_due(order.due_at, doing.at, reason, doing.desk.reference.calendar)
    if standing.due_at is not None and order.due_at <= standing.due_at:
        raise RuleError(
            "extension-not-later",
            t("Ngày hẹn mới phải sau ngày hẹn đang có."),
            t("Chọn ngày muộn hơn."),
            field="due",
        )
    return Step(
        Act.EXTEND,
        "dossier.due_date_changed",
        DueDateChanged(standing.due_at, order.due_at, reason),
        {
            "due_at": order.due_at,
            "due_reason": reason,
            "due_manual": True,
            "due_confirmed": doing.desk.reference.calendar.is_confirmed(order.due_at.year),
        },
        {"reason": reason},
        approved_by=doing.approver,
    )
