"""Labels for envelopes: recipient large, sender small, the bill code as bars; nothing of what is inside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from app.domain.hand_over_list import EnvelopeLabel
from app.errors import RuleError
from app.printing.codes import bar_width, can_be_coded, draw_bars
from app.printing.document import finish, new_canvas
from app.printing.fonts import FontFamily, sans
from app.printing.paper import A4, MM
from app.printing.typeset import literal, paragraph, style
from app.text import t


@dataclass(frozen=True)
class _Sheet:
    """A sheet of labels, in points. ``scale``: of the letters; ``pad``: white inside a label."""

    width: float
    height: float
    columns: int
    rows: int
    scale: float
    pad: float


_SHEETS = {
    "a4": _Sheet(*A4, columns=2, rows=4, scale=1.0, pad=6 * MM),
    "c5": _Sheet(229 * MM, 162 * MM, columns=1, rows=1, scale=2.0, pad=14 * MM),
    "a6": _Sheet(148 * MM, 105 * MM, columns=1, rows=1, scale=1.3, pad=9 * MM),
}
_BARS = 10 * MM
_SHRINK = (1.0, 0.92, 0.84, 0.76, 0.68, 0.6)
"""Tried in turn until a label's words fit above its bars."""


def draw_labels(labels: Sequence[EnvelopeLabel], paper: str = "a4") -> bytes:
    """The labels as PDF: ``a4`` a sheet of eight (105 × 74.25 mm each), ``c5`` and ``a6`` one a page.

    Raises ``RuleError`` "unknown-paper", ``StorageError`` ``no-paper-font``.
    """
    sheet = _SHEETS.get(paper)
    if sheet is None:
        raise RuleError(
            "unknown-paper",
            t("Chưa có cỡ nhãn này."),
            t("Chọn một trong: {papers}.").format(papers=", ".join(_SHEETS)),
            field="paper",
        )
    family = sans()
    canvas = new_canvas((sheet.width, sheet.height), t("Nhãn phong bì"), family.regular, None)
    each_page = sheet.columns * sheet.rows
    for start in range(0, len(labels), each_page):
        for place, label in enumerate(labels[start : start + each_page]):
            _draw(canvas, sheet, label, place, family)
        canvas.showPage()
    return finish(canvas)


def _draw(canvas: Canvas, sheet: _Sheet, label: EnvelopeLabel, place: int, family: FontFamily) -> None:
    width, height = sheet.width / sheet.columns, sheet.height / sheet.rows
    x = (place % sheet.columns) * width
    top = sheet.height - (place // sheet.columns) * height
    left, inner = x + sheet.pad, width - 2 * sheet.pad
    floor = top - height + sheet.pad
    foot = floor + _foot(canvas, sheet, label, family, left, floor, inner)
    room = top - sheet.pad - foot
    blocks = _fitting(sheet, label, family, inner, room)
    y = top - sheet.pad
    for block, gap in blocks:
        y -= gap + block.height
        block.drawOn(canvas, left, y)


def _foot(
    canvas: Canvas,
    sheet: _Sheet,
    label: EnvelopeLabel,
    family: FontFamily,
    left: float,
    floor: float,
    inner: float,
) -> float:
    """Bars with the code in letters, else nothing; then who pays and the dossier's number. Its height."""
    size = 7.5 * sheet.scale
    canvas.setFont(family.regular, size)
    canvas.drawString(left, floor, literal(label.number, family))
    words = literal(label.pay_words, family)
    if label.demo:
        words = f"{t('DỮ LIỆU MẪU')} · {words}" if words else t("DỮ LIỆU MẪU")
    canvas.drawRightString(left + inner, floor, words)
    used = size * 1.5
    bill = label.bill.strip()
    if not can_be_coded(bill):
        return used
    height = _BARS * min(sheet.scale, 1.3)
    canvas.setFont(family.bold, 9 * sheet.scale)
    wide = stringWidth(bill, family.bold, 9 * sheet.scale)
    bars = bar_width(bill, inner + sheet.pad)
    middle = left + (bars or wide) / 2
    canvas.drawCentredString(max(middle, left + wide / 2), floor + used + 1, bill)
    used += 11 * sheet.scale
    if bars:
        draw_bars(canvas, bill, left, floor + used, bars, height)
        used += height
    return used + 3 * sheet.scale


def _fitting(
    sheet: _Sheet, label: EnvelopeLabel, family: FontFamily, inner: float, room: float
) -> list[tuple[Paragraph, float]]:
    """The words in the largest letters that fit; an address longer than any label is cut by its foot."""
    blocks: list[tuple[Paragraph, float]] = []
    for share in _SHRINK:
        blocks = _words(replace(sheet, scale=sheet.scale * share), label, family)
        for block, _ in blocks:
            block.wrap(inner, 1e6)
        if sum(block.height + gap for block, gap in blocks) <= room:
            break
    return blocks


def _words(sheet: _Sheet, label: EnvelopeLabel, family: FontFamily) -> list[tuple[Paragraph, float]]:
    scale = sheet.scale

    def text(words: str, size: float, *, bold: bool = False) -> Paragraph:
        font = family.bold if bold else family.regular
        return paragraph(words, family, style(font, size * scale, 1.22))

    sender = [part for part in (label.sender_address, label.sender_phone) if part.strip()]
    blocks = [(text(t("Người gửi: {name}").format(name=label.sender), 7.5), 0.0)]
    if sender:
        blocks.append((text(" · ".join(sender), 7.5), 0.0))
    blocks.append((text(t("Người nhận"), 8.5), 7 * scale))
    blocks.append((text(label.recipient, 16, bold=True), 0.0))
    if label.recipient_phone:
        phone = label.recipient_phone.replace(" ", "\u00a0")
        blocks.append((text(t("Điện thoại: {phone}").format(phone=phone), 11, bold=True), 1.0))
    blocks.append((text(label.recipient_address, 13), 1.5))
    return blocks
