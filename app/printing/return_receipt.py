"""Biên nhận trả kết quả: who received which papers and by which identity, to be signed (DOMAIN §3, 10).

A counter's own paper: the statutory trace of a return is form 06 and the register. Two copies on one A4,
to be cut: one stays with the dossier, one goes with the citizen.
"""

from __future__ import annotations

from reportlab.platypus import Flowable

from app.domain.hand_over_list import ReturnReceipt
from app.printing.codes_block import codes_block
from app.printing.document import draw_page, finish, new_canvas
from app.printing.flow import Page, Together
from app.printing.form_lines import line, moment_words, prose, spaced
from app.printing.official_page import Head, Signatures, draw_marks, local_day, title_blocks
from app.printing.paper import A4, A5, A5_CLOSE, A5_DENSE, A5_STYLE
from app.printing.plain_form import SIGN_HINT, PlainForm, set_pages
from app.printing.table import RuledTable
from app.printing.table_cells import Cells
from app.text import t

_COPIES = (t("Liên 1: lưu hồ sơ"), t("Liên 2: giao người nhận"))
_STYLES = (A5_STYLE, A5_CLOSE, A5_DENSE)


def draw_return_receipt(receipt: ReturnReceipt) -> bytes:
    """Both copies side by side on A4, each a true A5; long lists go on to further sheets.

    Raises ``StorageError`` ``no-paper-font``.
    """
    title = t("Biên nhận trả kết quả")
    laid = [_set(receipt, title, copy) for copy in _COPIES]
    width, height = A4[1], A4[0]
    first = laid[0][0]
    canvas = new_canvas((width, height), title, first.family.regular, receipt.returned_at)
    slack = (width / 2 - A5[0]) / 2
    for index in range(max(len(pages) for _, pages in laid)):
        canvas.saveState()
        canvas.setStrokeGray(0.55)
        canvas.setLineWidth(0.4)
        canvas.setDash(3, 3)
        canvas.line(width / 2, 0, width / 2, height)
        canvas.restoreState()
        for place, (form, pages) in enumerate(laid):
            if index >= len(pages):
                continue
            x = place * width / 2 + slack
            draw_page(canvas, pages[index], x)
            draw_marks(
                canvas,
                form.page,
                form.family,
                x=x,
                page_no=index + 1,
                copy_no=receipt.copy_no,
                demo=receipt.demo,
            )
        canvas.showPage()
    return finish(canvas)


def _set(receipt: ReturnReceipt, title: str, copy: str) -> tuple[PlainForm, list[Page]]:
    running = f"{title}, {receipt.number}"
    return set_pages(lambda form: _blocks(form, receipt, title, copy), _STYLES, running)


def _blocks(form: PlainForm, receipt: ReturnReceipt, title: str, copy: str) -> list[Flowable]:
    number = t("Số biên nhận tạm") if receipt.provisional else t("Mã hồ sơ")
    lines: list[Flowable] = [
        line(form, number, receipt.number, bold=True),
        line(form, t("Nơi trả"), receipt.office),
        line(form, t("Chủ hồ sơ"), receipt.owner_name, bold=True),
        line(form, t("Nội dung giải quyết"), receipt.request),
        line(form, t("Thời gian trả"), moment_words(form, receipt.returned_at)),
        line(form, t("Hình thức trả"), receipt.method_words),
    ]
    if receipt.late_words:
        lines.append(line(form, t("Thời hạn"), receipt.late_words))
    if receipt.fee_words:
        lines.append(line(form, t("Phí, lệ phí"), receipt.fee_words))
    who: list[Flowable] = [
        line(form, t("Người nhận"), receipt.recipient, bold=True),
        line(form, t("Giấy tờ đã xuất trình"), receipt.identity),
    ]
    if receipt.relation:
        who.append(line(form, t("Quan hệ với chủ hồ sơ"), receipt.relation))
    if receipt.authority:
        who.append(line(form, t("Giấy ủy quyền"), receipt.authority))
    signers = [
        (t("Người nhận"), SIGN_HINT, receipt.recipient),
        (t("Người trả"), SIGN_HINT, receipt.officer_name),
    ]
    return [
        Head(receipt.head, copy, local_day(receipt.returned_at), form.family, form.page),
        *title_blocks(title, form.family, form.page),
        *spaced(lines, form.page.body * 0.5),
        _papers(form, receipt),
        *spaced(who, form.page.body * 0.6),
        Together(
            [
                prose(form, t("Tôi đã nhận đủ các giấy tờ ghi trên, đã xem và không thấy sai sót.")),
                Signatures(signers, form.family, form.page),
            ]
        ),
        *spaced(codes_block(receipt.number.strip(), [], form.family, form.page), form.page.body * 1.3),
    ]


def _papers(form: PlainForm, receipt: ReturnReceipt) -> Flowable:
    cells = Cells(form.family, form.page)
    widths = [share * form.page.inner_width for share in (0.1, 0.64, 0.26)]
    head = [cells.head(each) for each in (t("STT"), t("Tên giấy tờ"), t("Số, loại"))]
    papers = receipt.papers or (("", ""),)
    rows = [
        [
            cells.words(str(place) if name else "", "center"),
            cells.words(name) if name else cells.blank(widths[1], "left"),
            cells.words(count, "center"),
        ]
        for place, (name, count) in enumerate(papers, start=1)
    ]
    return RuledTable(head, rows, widths, gap=form.page.body * 0.5)
