"""Form 06, "Phiếu kiểm soát quá trình giải quyết hồ sơ" (form 05 of TT 01/2018; DOMAIN §2)."""

from __future__ import annotations

from dataclasses import replace

from reportlab.platypus import Flowable, Paragraph

from app.domain.slips import ControlSlip, HandOver
from app.printing.form_lines import head, line, moment_words, numbers, phone_words, spaced
from app.printing.official_form import Sheet, draw_subject_form
from app.printing.official_page import local_day, title_blocks
from app.printing.paper import A4_CLOSE, A4_STYLE, MM
from app.printing.table import RuledTable
from app.printing.table_cells import Cells

_COLUMNS = (0.29, 0.355, 0.175, 0.18)
"""Shares of the width: agencies, time and persons, result, note."""
_STYLES = (
    replace(A4_STYLE, table=11, sign_room=9.5 * MM),
    replace(A4_CLOSE, table=11, sign_room=4.5 * MM),
)
"""``sign_room``: height under the receiver's name, to sign in."""


def draw_control_slip(paper: ControlSlip) -> bytes:
    """Form 06 on A4. Raises ``StorageError`` ``no-paper-font`` and ``RuleError`` ``unknown-form-set``."""
    made_at = max([row.at for row in paper.rows if row.at is not None], default=paper.received_at)
    return draw_subject_form("06", paper.subject, made_at, lambda sheet: _blocks(sheet, paper), _STYLES)


def _blocks(sheet: Sheet, paper: ControlSlip) -> list[Flowable]:
    subject, words = paper.subject, sheet.words
    return [
        head(sheet, subject.head, local_day(paper.received_at)),
        *title_blocks(sheet.title, sheet.family, sheet.page),
        *numbers(sheet, subject),
        *spaced(
            [
                line(sheet, words["owner_name"], subject.owner_name, bold=True),
                line(sheet, words["owner_phone"], phone_words(subject.owner_phone)),
                line(sheet, words["request"], subject.request, bold=True),
                line(sheet, words["received_at"], moment_words(sheet, paper.received_at)),
                line(sheet, words["agencies"], "; ".join(paper.agencies)),
            ],
            sheet.page.body,
        ),
        _table(sheet, paper),
    ]


def _table(sheet: Sheet, paper: ControlSlip) -> Flowable:
    words, page = sheet.words, sheet.page
    cells = Cells(sheet.family, page)
    widths = [share * page.inner_width for share in _COLUMNS]
    agency, moment, result, note = (title.upper() for title in words["columns"])
    titles = [
        cells.head(agency),
        cells.head(moment),
        cells.head(result, words["result_hint"]),
        cells.head(note),
    ]
    spare = [HandOver("", "", None)] * paper.spare_rows
    rows = [_row(sheet, cells, widths, row) for row in (*paper.rows, *spare)]
    return RuledTable(titles, rows, widths, gap=page.gap + 5, from_top=True)


def _row(sheet: Sheet, cells: Cells, widths: list[float], row: HandOver) -> list[Paragraph]:
    words = sheet.words

    def filled(label: str, value: str, width: float) -> str:
        return f"{words[label]}: {value.strip() or cells.dots(width, words[label] + ': ')}"

    agencies = [filled("gives", row.giver_unit, widths[0]), filled("takes", row.receiver_unit, widths[0])]
    persons = [
        moment_words(sheet, row.at) if row.at else _open_moment(sheet, cells),
        filled("giver", row.giver_name, widths[1]),
        filled("receiver", row.receiver_name, widths[1]),
        *[""] * round(sheet.page.sign_room / (sheet.page.table * sheet.page.leading)),
    ]
    return [
        cells.lines(agencies),
        cells.lines(persons),
        cells.words(row.result, "center"),
        cells.words(row.note),
    ]


def _open_moment(sheet: Sheet, cells: Cells) -> str:
    pattern: str = sheet.words["moment"]
    return pattern.format(hour=cells.dots(28), minute=cells.dots(28), day=cells.dots(52))
