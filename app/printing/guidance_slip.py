"""Guidance slip, "Phiếu hướng dẫn": all that is to be brought, once and in writing (DOMAIN §3).

The counter's own paper, no circular prescribes it. It says of itself that it is no receipt: no term runs.
"""

from __future__ import annotations

from reportlab.platypus import Flowable, Paragraph

from app.domain.guidance_slip import GuidanceItem, GuidanceSlip
from app.printing.document import draw_page, finish, new_canvas
from app.printing.flow import Together
from app.printing.form_lines import line, moment_words, phone_words, prose, spaced
from app.printing.official_page import Head, Signatures, draw_marks, local_day, title_blocks
from app.printing.paper import A4_CLOSE, A4_STYLE
from app.printing.plain_form import SIGN_HINT, PlainForm, set_pages
from app.printing.table import RuledTable
from app.printing.table_cells import Cells
from app.printing.typeset import literal, paragraph, style
from app.text import t

_STYLES = (A4_STYLE, A4_CLOSE)
_COLUMNS = (
    (0.07, "TT"),
    (0.43, "Giấy tờ cần chuẩn bị"),
    (0.15, "Hình thức"),
    (0.1, "Số lượng"),
    (0.25, "Ghi chú"),
)
"""Shares of the width and titles."""


def draw_guidance_slip(paper: GuidanceSlip) -> bytes:
    """The slip on A4; the same slip always gives the same bytes.

    Raises ``StorageError`` ``no-paper-font``.
    """
    title = t("Phiếu hướng dẫn")
    running = t("{title}, số {number}").format(title=title, number=paper.number)
    form, pages = set_pages(lambda each: _blocks(each, paper, title), _STYLES, running)
    canvas = new_canvas((form.page.width, form.page.height), title, form.family.regular, paper.at)
    for page_no, page in enumerate(pages, start=1):
        draw_page(canvas, page)
        draw_marks(canvas, form.page, form.family, page_no=page_no, copy_no=paper.copy_no, demo=paper.demo)
        canvas.showPage()
    return finish(canvas)


def _blocks(form: PlainForm, paper: GuidanceSlip, title: str) -> list[Flowable]:
    serial = t("Số: {number}").format(number=paper.number.strip() or "............")
    return [
        Head(paper.head, serial, local_day(paper.at), form.family, form.page),
        *title_blocks(title, form.family, form.page),
        *_withdrawn(form, paper),
        *spaced(
            [
                line(form, t("Nơi hướng dẫn"), paper.receiving_office),
                line(form, t("Người được hướng dẫn"), paper.person, bold=True),
                line(form, t("Số điện thoại"), phone_words(paper.phone)),
                line(form, t("Thủ tục"), paper.procedure, bold=True),
                line(form, t("Thời gian hướng dẫn"), moment_words(form, paper.at)),
            ],
            form.page.body,
        ),
        *([_table(form, paper.items)] if paper.items else []),
        *_words(form, paper),
        Together([*_notes(form, paper), _signature(form, paper)]),
    ]


def _withdrawn(form: PlainForm, paper: GuidanceSlip) -> list[Flowable]:
    """A slip taken back says so on its face."""
    if not paper.withdrawn:
        return []
    bold = style(form.family.bold, form.page.body, form.page.leading, "center", form.page.gap)
    return [paragraph(t("(Phiếu đã thu hồi, không dùng để chuẩn bị hồ sơ)"), form.family, bold)]


def _table(form: PlainForm, items: tuple[GuidanceItem, ...]) -> Flowable:
    widths = [share * form.page.inner_width for share, _ in _COLUMNS]
    cells = Cells(form.family, form.page)
    rows = [_row(cells, widths, place, item) for place, item in enumerate(items, start=1)]
    titles = [cells.head(t(name)) for _, name in _COLUMNS]
    label = form.text(t("Hồ sơ gồm đủ các giấy tờ sau:"), gap=form.page.gap)
    return Together([label, RuledTable(titles, rows, widths, gap=form.page.gap + 2)])


def _row(cells: Cells, widths: list[float], place: int, item: GuidanceItem) -> list[Paragraph]:
    return [
        cells.words(str(place), "center"),
        cells.words(item.name),
        cells.words(item.kind, "center"),
        cells.blank(widths[3]) if item.count is None else cells.words(str(item.count), "center"),
        cells.words(item.note),
    ]


def _words(form: PlainForm, paper: GuidanceSlip) -> list[Flowable]:
    """What the officer wrote beside the list."""
    if not literal(paper.words, form.family):
        return []
    return spaced([line(form, t("Hướng dẫn thêm"), paper.words)], form.page.gap + 4)


def _notes(form: PlainForm, paper: GuidanceSlip) -> list[Flowable]:
    """Whom to ask, and what this paper is not."""
    phone = phone_words(paper.office_phone.strip())
    ask = t("Ông/Bà cần hỏi thêm xin gọi số {phone} hoặc mang phiếu này đến quầy.").format(phone=phone)
    sentence = ask if phone else t("Ông/Bà cần hỏi thêm xin mang phiếu này đến quầy.")
    plain = t(
        "Phiếu này không phải là giấy tiếp nhận hồ sơ; "
        "thời hạn giải quyết chỉ tính từ khi hồ sơ được tiếp nhận."
    )
    italic = style(form.family.italic, form.page.note, form.page.leading, "left", form.page.gap + 2)
    return spaced([prose(form, sentence), paragraph(plain, form.family, italic)], form.page.gap + 4)


def _signature(form: PlainForm, paper: GuidanceSlip) -> Flowable:
    signer = (t("Người hướng dẫn"), SIGN_HINT, paper.officer_name)
    return Signatures([("", "", ""), signer], form.family, form.page)
