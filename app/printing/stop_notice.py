"""Form 05, "Thông báo dừng giải quyết hồ sơ", new in TT 03/2025/TT-VPCP.

Its annex was not obtainable: the fields are those DOMAIN §2 infers, until the province supplies them.
"""

from __future__ import annotations

from reportlab.platypus import Flowable, Paragraph

from app.domain.slips import SlipComponent, StopNotice
from app.printing.extension_letter import addressee, letter_end
from app.printing.flow import Together
from app.printing.form_lines import (
    gap_dots,
    head,
    line,
    moment_words,
    number_label,
    phone_words,
    prose,
    second_number,
    spaced,
)
from app.printing.official_form import Sheet, draw_subject_form
from app.printing.official_page import local_day, title_blocks
from app.printing.paper import MM
from app.printing.table import RuledTable
from app.printing.table_cells import Cells
from app.printing.typeset import markup, style

_COLUMNS = (0.07, 0.5, 0.19, 0.11, 0.13)
"""Shares of the width: number, paper, kind, handed in, given back."""


def draw_stop_notice(paper: StopNotice) -> bytes:
    """Form 05 on A4. Raises ``StorageError`` ``no-paper-font`` and ``RuleError`` ``unknown-form-set``."""
    return draw_subject_form("05", paper.subject, paper.stopped_at, lambda sheet: _blocks(sheet, paper))


def _blocks(sheet: Sheet, paper: StopNotice) -> list[Flowable]:
    subject, words = paper.subject, sheet.words
    return [
        head(sheet, subject.head, local_day(paper.stopped_at)),
        *title_blocks(sheet.title, sheet.family, sheet.page),
        addressee(sheet, subject),
        *spaced(
            [
                line(sheet, words["owner_address"], subject.owner_address),
                line(sheet, words["owner_phone"], phone_words(subject.owner_phone)),
            ],
            sheet.page.body,
        ),
        line(sheet, words["request"], subject.request, bold=True),
        line(sheet, words["proposer"], paper.proposer),
        line(sheet, words["reason"], paper.reason, bold=True),
        line(sheet, number_label(sheet, subject), subject.number, bold=True),
        *second_number(sheet, subject),
        line(sheet, words["stage"], paper.stage),
        line(sheet, words["decision"], words["from"].format(moment=moment_words(sheet, paper.stopped_at))),
        line(sheet, words["document"], _document(sheet)),
        _papers(sheet, paper.papers),
        *spaced([line(sheet, words["fee"], paper.paid_words)], sheet.page.gap + 4),
        *(prose(sheet, each) for each in _fee_choices(sheet)),
        letter_end(sheet, paper.leader_name, paper.leader_title),
    ]


def _document(sheet: Sheet) -> str:
    """Number and day of a written decision are not in the dossier: a hand fills them in."""
    pattern: str = sheet.words["document_words"]
    return pattern.format(number=gap_dots(sheet, 30 * MM), day=gap_dots(sheet, 30 * MM))


def _papers(sheet: Sheet, papers: tuple[SlipComponent, ...]) -> Flowable:
    """What the citizen had handed in; a hand writes how much goes back."""
    words, family, page = sheet.words, sheet.family, sheet.page
    if not papers:
        return line(sheet, words["papers"], words["no_papers"])
    how = style(family.regular, page.body, page.leading, "left", page.gap)
    label = Paragraph(f"{markup(words['papers'], family)}:", how)
    cells = Cells(family, page)
    widths = [share * page.inner_width for share in _COLUMNS]
    rows = [
        [
            cells.words(str(index), "center"),
            cells.words(part.name),
            cells.words(part.kind, "center"),
            cells.words(str(part.quantity), "center"),
            cells.blank(widths[4]),
        ]
        for index, part in enumerate(papers, start=1)
    ]
    titles = [cells.head(title) for title in words["columns"]]
    return Together([label, RuledTable(titles, rows, widths, gap=page.gap + 2)])


def _fee_choices(sheet: Sheet) -> list[str]:
    """Whether the fee goes back is not in the dossier: two lines to fill in."""
    amount, reason = gap_dots(sheet, 45 * MM), gap_dots(sheet, 92 * MM)
    return [each.format(amount=amount, reason=reason) for each in sheet.words["fee_choices"]]
