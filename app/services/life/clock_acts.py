"""What stops, resumes or moves the term: supplement request and receipt, extension with apology."""

from __future__ import annotations

from app.domain.deadline import check_manual_due
from app.domain.dossier_status import Act
from app.domain.vietnamese import clean_text
from app.errors import RuleError
from app.models import tables
from app.protocol.ids import new_id
from app.protocol.parts import Component
from app.protocol.payloads import DueDateChanged, SupplementReceived, SupplementRequested
from app.services.acts import Step
from app.services.desk import read_setting
from app.services.life.doing import Doing, done_before, due_after_pause, pause_words, required_words
from app.services.stored_filing import read_filing
from app.text import t

EXTENSIONS_SETTING = "extensions_allowed"
_EXTENSIONS_DEFAULT = 1
"""At most one re-appointment until the province says otherwise (DOMAIN §3, configuration)."""


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
    rows, parts = _new_papers(doing)
    return Step(
        Act.SUPPLEMENT,
        "dossier.supplement_received",
        SupplementReceived(
            round=max(1, doing.standing.supplement_rounds),
            components=parts,
            previous_due_at=doing.standing.due_at,
            new_due_at=due_at,
        ),
        {"due_at": due_at, "due_reason": pause_words(doing, due_at)},
        {"items": [part.name for part in parts]},
        inserts=[(tables.component, row) for row in rows],
    )


def extend(doing: Doing) -> Step:
    """Apologise and give a later date, before the old one has passed (form 04)."""
    standing, order = doing.standing, doing.order
    reason = required_words(order.reason, "reason")
    if order.due_at is None:
        raise RuleError(
            "due-missing", t("Chưa ghi ngày hẹn trả mới."), t("Ghi ngày hẹn mới và lý do."), field="due"
        )
    allowed = read_setting(doing.connection, EXTENSIONS_SETTING)
    most = allowed if isinstance(allowed, int) else _EXTENSIONS_DEFAULT
    if done_before(doing, Act.EXTEND) >= most:
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
        {"due_at": order.due_at, "due_reason": reason, "due_manual": True},
        {"reason": reason},
    )


def _new_papers(doing: Doing) -> tuple[list[dict[str, object]], list[Component]]:
    filing = read_filing(doing.connection, doing.desk, doing.standing.id)
    known = {rule.id: rule for rule in filing.version.components}
    there = {line.code for line in filing.papers}
    rows: list[dict[str, object]] = []
    parts: list[Component] = []
    for item in doing.order.items:
        name = clean_text(item)
        if not name:
            continue
        rule = known.get(name)
        position = len(filing.papers) + len(rows) + 1
        code = name if rule is not None and name not in there else f"extra-{position}"
        paper_id = new_id()
        words = rule.name if rule is not None else name
        national = rule.national_code if rule is not None else ""
        rows.append(
            {
                "id": paper_id,
                "dossier_id": doing.standing.id,
                "position": position,
                "code": code,
                "national_code": national,
                "name": words[:500],
                "mandatory": rule.mandatory.value if rule is not None else "no",
                "presented_only": False,
                "copy_kind": "original",
                "quantity": 1,
            }
        )
        parts.append(Component(paper_id, national or code, words[:500], "original", 1))
        there.add(code)
    return rows, parts
