"""The copy lane's sheet for the citizen, and the page of words of attestation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from reportlab.platypus import Flowable, Paragraph

from app.clock import VIETNAM
from app.domain.copy_sheet import CopySheet, CopySheetLine
from app.domain.stamp_text import Stamp
from app.printing.document import draw_page, finish, new_canvas
from app.printing.flow import Together, paginate
from app.printing.fonts import FontFamily, serif
from app.printing.form_lines import spaced
from app.printing.official_page import Head, Signatures, draw_marks, local_day, title_blocks
from app.printing.paper import A4_CLOSE
from app.printing.plain_form import SIGN_HINT
from app.printing.table import RuledTable
from app.printing.table_cells import Cells
from app.printing.typeset import markup, paragraph, style
from app.text import t

PAGE = replace(A4_CLOSE, table=11)
_COLUMNS = (13, 50, 14, 12, 21, 36, 55)
_ROOM = 44.0
"""Height left in a text for signature and seal, points."""


def draw_copy_sheet(sheet: CopySheet) -> bytes:
    """All lines of the batch on one list. Raises ``StorageError`` ``no-paper-font``."""
    family = serif()
    title = t("Bảng kê chứng thực")
    table = _table(sheet, family)
    body = style(family.regular, PAGE.body, PAGE.leading, gap=PAGE.gap * 2)
    blocks: list[Flowable] = [
        Head(sheet.head, "", local_day(sheet.received_at), family, PAGE),
        *title_blocks(title, family, PAGE),
        *spaced([paragraph(words, family, body) for words in _above(sheet)], PAGE.body * 0.7),
        table,
        *spaced([paragraph(words, family, body) for words in _below(sheet)], PAGE.body * 0.5),
        Signatures([("", "", ""), (t("Cán bộ tiếp nhận"), SIGN_HINT, sheet.officer_name)], family, PAGE),
    ]
    continued = style(family.italic, PAGE.note, PAGE.leading)
    pages = paginate(blocks, PAGE, lambda _: paragraph(title, family, continued))
    canvas = new_canvas((PAGE.width, PAGE.height), title, family.regular, sheet.received_at)
    for number, page in enumerate(pages, start=1):
        draw_page(canvas, page)
        draw_marks(canvas, PAGE, family, page_no=number, copy_no=sheet.copy_no, demo=sheet.demo)
        canvas.showPage()
    return finish(canvas)


def draw_stamps(stamps: Sequence[Stamp], made_at: datetime, note: str, *, demo: bool = False) -> bytes:
    """Each text as a block to be set on its papers; ``note``: words on the foot of wording not confirmed."""
    family = serif()
    title = t("Lời chứng")
    blocks: list[Flowable] = []
    if note and not all(stamp.confirmed for stamp in stamps):
        blocks.append(paragraph(note, family, style(family.italic, PAGE.note, PAGE.leading)))
    blocks += [_stamp(stamp, family) for stamp in stamps]
    canvas = new_canvas((PAGE.width, PAGE.height), title, family.regular, made_at)
    for number, page in enumerate(paginate(blocks, PAGE), start=1):
        draw_page(canvas, page)
        draw_marks(canvas, PAGE, family, page_no=number, demo=demo)
        canvas.showPage()
    return finish(canvas)


def _above(sheet: CopySheet) -> list[str]:
    at = sheet.received_at.astimezone(VIETNAM)
    return [
        t("Người yêu cầu chứng thực: {name}").format(name=sheet.name),
        t("Nhận lúc {at:%H} giờ {at:%M} phút, ngày {at:%d/%m/%Y}").format(at=at),
    ]


def _below(sheet: CopySheet) -> list[str]:
    fee = sheet.fee_vnd
    words = [
        t("Phí chứng thực: chưa có mức phí, hỏi lại quầy.")
        if fee is None
        else t("Phí chứng thực: {fee} đồng; đã thu: {paid} đồng.").format(
            fee=_money(fee), paid=_money(sheet.paid_vnd)
        )
    ]
    if sheet.handed_over:
        words.append(t("Đã trả kết quả tại quầy."))
    elif sheet.due_at is not None:
        due = sheet.due_at.astimezone(VIETNAM)
        promise = t("Hẹn trả kết quả: {due:%H} giờ {due:%M} phút, ngày {due:%d/%m/%Y}").format(due=due)
        why = sheet.due_reason.strip().rstrip(".")
        words.append(f"{promise}. {why[:1].upper()}{why[1:]}." if why else f"{promise}.")
    return [*words, sheet.lookup_words] if sheet.lookup_words else words


def _table(sheet: CopySheet, family: FontFamily) -> Flowable:
    cells = Cells(family, PAGE)
    widths = [share * PAGE.inner_width / sum(_COLUMNS) for share in _COLUMNS]
    titles = (
        t("STT"),
        t("Tên giấy tờ"),
        t("Số trang"),
        t("Số bản"),
        t("Phí (đồng)"),
        t("Số chứng thực"),
        t("Mã hồ sơ"),
    )
    head = [cells.head(each) for each in titles]
    rows = [_row(cells, widths, place, line) for place, line in enumerate(sheet.lines, start=1)]
    bold = style(family.bold, PAGE.table, PAGE.leading, "center")
    copies = sum(line.copies for line in sheet.lines)
    total = "" if sheet.fee_vnd is None else _money(sheet.fee_vnd)
    sums = ("", t("Cộng"), "", str(copies), total, "", "")
    rows.append([paragraph(each, family, bold) for each in sums])
    return RuledTable(head, rows, widths, gap=PAGE.body * 0.6)


def _row(cells: Cells, widths: list[float], place: int, line: CopySheetLine) -> list[Paragraph]:
    fee = t("Chưa có mức phí") if line.fee_vnd is None else _money(line.fee_vnd)
    return [
        cells.words(str(place), "center"),
        cells.words(line.paper),
        cells.words(str(line.pages), "center"),
        cells.words(str(line.copies), "center"),
        cells.words(fee, "center"),
        cells.whole(line.register_no, widths[5]),
        cells.whole(line.number, widths[6]),
    ]


def _stamp(stamp: Stamp, family: FontFamily) -> Flowable:
    lead = style(family.italic, PAGE.note, PAGE.leading, gap=PAGE.body * 2)
    words = t("Số {no} · {paper} · {copies} bản").format(
        no=stamp.register_no, paper=stamp.paper, copies=stamp.copies
    )
    parts: list[Flowable] = [paragraph(words, family, lead)]
    for line in stamp.lines:
        font = family.bold if line.strong else family.regular
        how = style(font, PAGE.body, PAGE.leading, "center", _ROOM if line.room else PAGE.gap)
        parts.append(Paragraph(markup(line.text, family) or "\u00a0", how))
    spaced(parts[1:2], PAGE.body * 0.5)
    return Together(parts)


def _money(amount: int) -> str:
    return f"{amount:,}".replace(",", ".")
