"""Form 04: apology and a new date of return (DOMAIN §2).

"Phiếu xin lỗi và hẹn lại ngày trả kết quả" in TT 01/2018, "Văn bản xin lỗi và đề nghị gia hạn thời gian
giải quyết" in TT 03/2025/TT-VPCP.
"""

from __future__ import annotations

from reportlab.platypus import Flowable, Paragraph

from app.domain.slips import ExtensionLetter, PaperSubject
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
from app.printing.letter_end import LetterEnd
from app.printing.official_form import Sheet, draw_subject_form
from app.printing.official_page import local_day, title_blocks
from app.printing.paper import MM
from app.printing.typeset import literal, markup, style


def draw_extension_letter(paper: ExtensionLetter) -> bytes:
    """Form 04 on A4. Raises ``StorageError`` ``no-paper-font`` and ``RuleError`` ``unknown-form-set``."""
    return draw_subject_form("04", paper.subject, paper.written_at, lambda sheet: _blocks(sheet, paper))


def _blocks(sheet: Sheet, paper: ExtensionLetter) -> list[Flowable]:
    subject, words = paper.subject, sheet.words
    office = literal(subject.receiving_office, sheet.family) or gap_dots(sheet, 60 * MM)
    previous, new = moment_words(sheet, paper.previous_due_at), moment_words(sheet, paper.new_due_at)
    return [
        head(sheet, subject.head, local_day(paper.written_at)),
        *title_blocks(sheet.title, sheet.family, sheet.page),
        addressee(sheet, subject),
        *spaced(
            [
                line(sheet, words["owner_address"], subject.owner_address),
                line(sheet, words["owner_phone"], phone_words(subject.owner_phone)),
            ],
            sheet.page.body,
        ),
        line(sheet, words["received_at"], moment_words(sheet, paper.received_at)),
        line(sheet, words["request"], subject.request, bold=True),
        line(sheet, number_label(sheet, subject), subject.number, bold=True),
        *second_number(sheet, subject),
        line(sheet, words["previous_due"], previous),
        line(sheet, words["reason"], paper.reason),
        prose(sheet, words["apology"].format(office=office)),
        line(sheet, words["new_due"], new, bold=paper.new_due_at is not None),
        Together([prose(sheet, words["thanks"]), letter_end(sheet, paper.leader_name, paper.leader_title)]),
    ]


def addressee(sheet: Sheet, subject: PaperSubject) -> Flowable:
    """ "Kính gửi: Ông/Bà …", centred as in a letter."""
    page, family = sheet.page, sheet.family
    name = markup(subject.owner_name, family) or gap_dots(sheet, 60 * MM)
    how = style(family.regular, page.body, page.leading, "center", page.body)
    return Paragraph(f"{markup(sheet.words['to'], family)} <b>{name}</b>", how)


def letter_end(sheet: Sheet, leader_name: str, leader_title: str) -> Flowable:
    """Recipients and signer; without a name the leader writes it. The office's title takes the place of
    the form's word for it (NĐ 30/2020: quyền hạn, chức vụ của người ký)."""
    words = sheet.words
    signer = (leader_title or words["leader_signs"], words["sign_hint"], leader_name)
    return LetterEnd((words["recipients"], words["recipient_lines"]), signer, sheet.family, sheet.page)
