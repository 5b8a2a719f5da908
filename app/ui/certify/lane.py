"""The lines of one citizen while they are typed: adding, putting right, taking out, undoing.

Plain data in, plain data out; the screen shows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from app.domain.catalogue import FeeRule
from app.domain.certification import Kind, certification_fee
from app.errors import RuleError
from app.services.certify import CopyLine
from app.services.certify.batch import MOST_LINES, paper_name
from app.services.drafts import new_draft_id
from app.text import t
from app.ui.certify.form import Entry, Form

_MOST_DIGITS = 4


def line_of(entry: Entry, rules: Mapping[Kind, FeeRule]) -> CopyLine:
    """The row as a line. Empty counts are one. Raises ``RuleError`` naming paper, pages or copies."""
    line = CopyLine(
        request_id=entry.line_id or new_draft_id(),
        paper=paper_name(entry.paper),
        pages=1 if entry.kind is Kind.SIGNATURE else _count(entry.pages, "pages"),
        copies=_count(entry.copies, "copies"),
        kind=entry.kind,
    )
    fee_of(line, rules)
    return line


def fee_of(line: CopyLine, rules: Mapping[Kind, FeeRule]) -> int | None:
    """What the line costs; ``None`` where the tariff is unknown. Raises ``RuleError`` for a count."""
    rule = rules.get(line.kind)
    return None if rule is None else certification_fee(line.kind, rule, line.pages, line.copies)


def can_be_reckoned(entry: Entry, rules: Mapping[Kind, FeeRule]) -> CopyLine | None:
    """The row as a line while it is typed, whatever its name; ``None`` where a count cannot be read yet."""
    try:
        return line_of(replace(entry, paper=entry.paper.strip() or "…"), rules)
    except RuleError:
        return None


def with_line(form: Form, line: CopyLine) -> Form:
    """The line in its old place, or at the end; the row is free for the next. Raises "batch-size"."""
    known = [each.request_id for each in form.lines]
    if line.request_id in known:
        lines = tuple(line if each.request_id == line.request_id else each for each in form.lines)
    elif len(form.lines) >= MOST_LINES:
        raise RuleError(
            "batch-size",
            t("Lượt này đã đủ {most} dòng.").format(most=MOST_LINES),
            t("Bấm F9 vào sổ rồi làm tiếp lượt sau."),
            field="paper",
        )
    else:
        lines = (*form.lines, line)
    return replace(form, lines=lines, entry=Entry())


def without_line(form: Form, line_id: str) -> Form:
    """The list without that line."""
    entry = Entry() if form.entry.line_id == line_id else form.entry
    return replace(form, lines=tuple(each for each in form.lines if each.request_id != line_id), entry=entry)


def entry_for(form: Form, line_id: str) -> Entry:
    """A line laid into the row to be put right."""
    line = next(each for each in form.lines if each.request_id == line_id)
    pages = "" if line.kind is Kind.SIGNATURE else str(line.pages)
    return Entry(line.paper, pages, str(line.copies), line.kind, line.request_id)


def _count(text: str, field: str) -> int:
    typed = text.strip()
    if not typed:
        return 1
    if typed.isascii() and typed.isdigit() and len(typed) <= _MOST_DIGITS:
        return int(typed)
    raise RuleError("count-range", t("Chỉ gõ chữ số, ví dụ 3."), t("Gõ lại số."), field=field)
