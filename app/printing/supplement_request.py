"""Form 02, "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ" (TT 01/2018, TT 03/2025/TT-VPCP; DOMAIN §2)."""

from __future__ import annotations

from reportlab.platypus import Flowable, Paragraph

from app.domain.slips import SupplementItem, SupplementRequest
from app.printing.flow import Together
from app.printing.form_lines import gap_dots, head, line, numbers, phone_words, prose, spaced
from app.printing.official_form import Sheet, draw_subject_form
from app.printing.official_page import Signatures, local_day, title_blocks
from app.printing.paper import MM
from app.printing.table import Group, RuledTable
from app.printing.table_cells import Cells
from app.printing.typeset import literal, markup, style

_COLUMNS = (0.07, 0.48, 0.14, 0.17, 0.14)
"""Shares of the width: number, paper, originals, certified copies, photocopies."""


def draw_supplement_request(paper: SupplementRequest) -> bytes:
    """Form 02 on A4. Raises ``StorageError`` ``no-paper-font`` and ``RuleError`` ``unknown-form-set``."""
    return draw_subject_form("02", paper.subject, paper.asked_at, lambda sheet: _blocks(sheet, paper))


def _blocks(sheet: Sheet, paper: SupplementRequest) -> list[Flowable]:
    subject, words = paper.subject, sheet.words
    return [
        head(sheet, subject.head, local_day(paper.asked_at)),
        *title_blocks(sheet.title, sheet.family, sheet.page),
        *numbers(sheet, subject),
        *spaced(
            [
                line(sheet, words["owner_name"], subject.owner_name, bold=True),
                line(sheet, words["request"], subject.request, bold=True),
                line(sheet, words["owner_address"], subject.owner_address),
                line(sheet, words["owner_phone"], phone_words(subject.owner_phone)),
                line(sheet, words["owner_email"], subject.owner_email),
            ],
            sheet.page.body,
        ),
        _table(sheet, paper.items),
        *spaced([line(sheet, words["reason"], paper.reason)], sheet.page.gap + 4),
        Together([contact(sheet, paper.contact_name, paper.contact_phone), _signature(sheet, paper)]),
    ]


def contact(sheet: Sheet, name: str, phone: str) -> Flowable:
    """Whom the citizen may ask; dots where nobody or no number is known."""
    sentence = sheet.words["contact"].format(
        name=literal(name, sheet.family) or gap_dots(sheet, 40 * MM),
        phone=phone_words(phone) or gap_dots(sheet, 30 * MM),
    )
    return prose(sheet, sentence)


def _table(sheet: Sheet, items: tuple[SupplementItem, ...]) -> Flowable:
    words, family, page = sheet.words, sheet.family, sheet.page
    how = style(family.regular, page.body, page.leading, "left", page.gap)
    label = Paragraph(f"{markup(words['items'], family)}:", how)
    cells = Cells(family, page)
    widths = [share * page.inner_width for share in _COLUMNS]
    rows = [_row(cells, widths, index, item) for index, item in enumerate(items, start=1)]
    titles = [cells.head(title) for title in words["columns"]]
    group = Group(2, 4, cells.head(words["quantity"]))
    return Together([label, RuledTable(titles, rows, widths, gap=page.gap + 2, group=group)])


def _row(cells: Cells, widths: list[float], index: int, item: SupplementItem) -> list[Paragraph]:
    counts = (item.originals, item.certified, item.photocopies)
    return [
        cells.words(str(index), "center"),
        cells.words(item.name),
        *(
            _count(cells, width, count, counted=item.counted)
            for width, count in zip(widths[2:], counts, strict=True)
        ),
    ]


def _count(cells: Cells, width: float, count: int | None, *, counted: bool) -> Paragraph:
    if not counted:
        return cells.words("")
    return cells.blank(width) if count is None else cells.words(str(count), "center")


def _signature(sheet: Sheet, paper: SupplementRequest) -> Flowable:
    words = sheet.words
    signer = (words["officer_signs"], words["sign_hint"], paper.officer_name)
    return Signatures([("", "", ""), signer], sheet.family, sheet.page)
