"""Papers of the counter's own on A4: letters, lists and worksheets from ``domain.plain_paper``."""

from __future__ import annotations

from reportlab.platypus import Flowable

from app.domain.plain_paper import PaperPart, PaperTable, PlainPaper
from app.printing.document import draw_page, finish, new_canvas
from app.printing.flow import Together
from app.printing.form_lines import line, prose, spaced
from app.printing.official_page import Head, Signatures, draw_marks, local_day, title_blocks
from app.printing.paper import A4_CLOSE, A4_STYLE
from app.printing.plain_form import SIGN_HINT, PlainForm, set_pages
from app.printing.table import RuledTable
from app.printing.table_cells import Cells

_STYLES = (A4_STYLE, A4_CLOSE)


def draw_plain_paper(paper: PlainPaper) -> bytes:
    """The paper as PDF; the same paper always gives the same bytes.

    Raises ``StorageError`` ``no-paper-font``.
    """
    form, pages = set_pages(lambda each: _blocks(each, paper), _STYLES, paper.title)
    canvas = new_canvas((form.page.width, form.page.height), paper.title, form.family.regular, paper.made_at)
    for page_no, page in enumerate(pages, start=1):
        draw_page(canvas, page)
        draw_marks(canvas, form.page, form.family, page_no=page_no, copy_no=paper.copy_no, demo=paper.demo)
        canvas.showPage()
    return finish(canvas)


def _blocks(form: PlainForm, paper: PlainPaper) -> list[Flowable]:
    blocks: list[Flowable] = [
        Head(paper.head, paper.serial, local_day(paper.made_at), form.family, form.page),
        *title_blocks(paper.title, form.family, form.page),
    ]
    parts = [_part(form, part) for part in paper.parts]
    blocks += [block for part in parts[:-1] for block in part]
    end = parts[-1] if parts else []
    if paper.signers:
        signers = [("", "", "")] if len(paper.signers) == 1 else []
        signers += [(title, SIGN_HINT, name) for title, name in paper.signers]
        blocks += end[:-1]
        blocks.append(Together([*end[-1:], Signatures(signers, form.family, form.page)]))
        return blocks
    return [*blocks, *end]


def _part(form: PlainForm, part: PaperPart) -> list[Flowable]:
    body: list[Flowable] = [line(form, label, value) for label, value in part.lines]
    body += [prose(form, words) for words in part.words]
    if part.table is not None:
        body.append(_table(form, part.table))
    if not part.title:
        return spaced(body, form.page.body * 0.6)
    heading = form.text(part.title, bold=True, gap=form.page.body * 0.7)
    return [Together([heading, *body[:1]]), *body[1:]]


def _table(form: PlainForm, table: PaperTable) -> Flowable:
    whole = sum(share for _, share in table.columns)
    widths = [share * form.page.inner_width / whole for _, share in table.columns]
    cells = Cells(form.family, form.page)
    rows = [[cells.words(words) for words in row] for row in table.rows]
    heads = [cells.head(title) for title, _ in table.columns]
    return RuledTable(heads, rows, widths, gap=form.page.body * 0.5, from_top=True)
