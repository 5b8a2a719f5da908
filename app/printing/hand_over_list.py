"""Bảng kê: dossiers handed together to another unit (A4) or to the post (A4 on its side)."""

from __future__ import annotations

from dataclasses import replace

from reportlab.platypus import Flowable, Paragraph

from app.clock import VIETNAM
from app.domain.hand_over_list import HandOverList, ListLine
from app.domain.vietnamese import number_in_words
from app.printing.document import draw_page, finish, new_canvas
from app.printing.flow import Together
from app.printing.form_lines import line, moment_words, spaced
from app.printing.official_page import Head, Signatures, draw_marks, local_day, title_blocks
from app.printing.paper import A4, A4_CLOSE, A4_STYLE, MM, PageStyle
from app.printing.plain_form import SIGN_HINT, PlainForm, set_pages
from app.printing.table import RuledTable
from app.printing.table_cells import Cells
from app.text import t

_UNIT = (replace(A4_STYLE, table=11), replace(A4_CLOSE, table=10.5))
_POST = (
    replace(
        A4_STYLE,
        width=A4[1],
        height=A4[0],
        left=20 * MM,
        right=20 * MM,
        top=25 * MM,
        bottom=16 * MM,
        table=11,
        sign_room=16 * MM,
    ),
)
_UNIT_COLUMNS = ((28, "STT"), (168, "Mã hồ sơ, chủ hồ sơ"), (96, "Thủ tục"), (58, "Hẹn trả"),
                 (46, "Số giấy tờ"), (66, "Ghi chú"))  # fmt: skip
_POST_COLUMNS = ((12, "STT"), (38, "Mã vận đơn"), (60, "Mã hồ sơ"), (52, "Người nhận"), (70, "Địa chỉ nhận"),
                 (26, "Ghi chú"))  # fmt: skip


def draw_hand_over_list(paper: HandOverList) -> bytes:
    """The list as PDF, as many pages as its lines take; the same list always gives the same bytes.

    Raises ``StorageError`` ``no-paper-font``.
    """
    title = _title(paper)
    running = t("{title}, số {no}").format(title=title, no=paper.no)
    form, pages = set_pages(lambda each: _blocks(each, paper, title), _styles(paper), running)
    size = (form.page.width, form.page.height)
    canvas = new_canvas(size, title, form.family.regular, paper.made_at)
    for page_no, page in enumerate(pages, start=1):
        draw_page(canvas, page)
        draw_marks(canvas, form.page, form.family, page_no=page_no, copy_no=paper.copy_no, demo=paper.demo)
        canvas.showPage()
    return finish(canvas)


def _styles(paper: HandOverList) -> tuple[PageStyle, ...]:
    return _POST if paper.kind == "post" else _UNIT


def _title(paper: HandOverList) -> str:
    if paper.kind == "post":
        return t("Bảng kê giao bưu chính kết quả giải quyết hồ sơ")
    return t("Bảng kê giao nhận hồ sơ")


def _blocks(form: PlainForm, paper: HandOverList, title: str) -> list[Flowable]:
    count = len(paper.lines)
    total = t("Tổng số: {count} hồ sơ (bằng chữ: {words}).").format(count=count, words=number_in_words(count))
    signers = [
        (t("Người giao"), SIGN_HINT, paper.giver_name),
        (t("Người nhận"), SIGN_HINT, paper.receiver_name),
    ]
    serial = t("Số: {no}").format(no=paper.no)
    end: list[Flowable] = [form.text(total, bold=True, gap=form.page.body * 0.6)]
    if paper.note:
        end.append(line(form, t("Ghi chú"), paper.note))
    end.append(Signatures(signers, form.family, form.page))
    lead: list[Flowable] = [
        Head(paper.head, serial, local_day(paper.made_at), form.family, form.page),
        *title_blocks(title, form.family, form.page),
        *spaced([line(form, t("Bên giao"), paper.giver, bold=True)], form.page.body),
        line(form, t("Bên nhận"), paper.receiver, bold=True),
        line(form, t("Thời gian giao nhận"), moment_words(form, paper.made_at)),
    ]
    return [*lead, _table(form, paper), Together(end)]


def _table(form: PlainForm, paper: HandOverList) -> Flowable:
    post = paper.kind == "post"
    columns = _POST_COLUMNS if post else _UNIT_COLUMNS
    whole = sum(share for share, _ in columns)
    widths = [share * form.page.inner_width / whole for share, _ in columns]
    cells = Cells(form.family, form.page)
    rows = [
        _post_row(cells, widths, place, each) if post else _unit_row(cells, place, each)
        for place, each in enumerate(paper.lines, start=1)
    ]
    return RuledTable([cells.head(t(name)) for _, name in columns], rows, widths, gap=form.page.body * 0.7)


def _unit_row(cells: Cells, place: int, each: ListLine) -> list[Paragraph]:
    due = each.due_at.astimezone(VIETNAM) if each.due_at else None
    return [
        cells.words(str(place), "center"),
        cells.lines([each.number, each.owner_name]),
        cells.words(each.procedure),
        cells.lines([f"{due:%H:%M}", f"{due:%d/%m/%Y}"], "center") if due else cells.words(""),
        cells.words(str(each.papers) if each.papers else "", "center"),
        cells.words(each.note),
    ]


def _post_row(cells: Cells, widths: list[float], place: int, each: ListLine) -> list[Paragraph]:
    phone = each.phone.replace(" ", "\u00a0")
    return [
        cells.words(str(place), "center"),
        cells.whole(each.bill, widths[1]) if each.bill else cells.blank(widths[1]),
        cells.whole(each.number, widths[2]),
        cells.lines([part for part in (each.recipient, phone) if part]),
        cells.words(each.address),
        cells.words(each.note),
    ]
