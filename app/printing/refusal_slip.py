"""Form 03, "Phiếu từ chối tiếp nhận giải quyết hồ sơ" (TT 01/2018, TT 03/2025/TT-VPCP; DOMAIN §2)."""

from __future__ import annotations

from reportlab.platypus import Flowable

from app.domain.slips import RefusalSlip
from app.printing.flow import Together
from app.printing.form_lines import gap_dots, head, line, numbers, phone_words, prose, spaced
from app.printing.official_form import Sheet, draw_subject_form
from app.printing.official_page import Signatures, local_day, title_blocks
from app.printing.paper import MM
from app.printing.supplement_request import contact
from app.printing.typeset import literal


def draw_refusal_slip(paper: RefusalSlip) -> bytes:
    """Form 03 on A4. Raises ``StorageError`` ``no-paper-font`` and ``RuleError`` ``unknown-form-set``."""
    return draw_subject_form("03", paper.subject, paper.refused_at, lambda sheet: _blocks(sheet, paper))


def _blocks(sheet: Sheet, paper: RefusalSlip) -> list[Flowable]:
    subject, words = paper.subject, sheet.words
    signers = [
        (words["submitter_signs"], words["sign_hint"], paper.submitter_name),
        (words["officer_signs"], words["sign_hint"], paper.officer_name),
    ]
    return [
        head(sheet, subject.head, local_day(paper.refused_at)),
        *title_blocks(sheet.title, sheet.family, sheet.page),
        *numbers(sheet, subject),
        *spaced(
            [
                line(sheet, words["owner_name"], subject.owner_name, bold=True),
                line(sheet, words["owner_address"], subject.owner_address),
                line(sheet, words["owner_phone"], phone_words(subject.owner_phone)),
                line(sheet, words["owner_email"], subject.owner_email),
                line(sheet, words["request"], subject.request, bold=True),
            ],
            sheet.page.body,
        ),
        *_verdict(sheet, paper),
        Together(
            [
                contact(sheet, paper.contact_name, paper.contact_phone),
                Signatures(signers, sheet.family, sheet.page),
            ]
        ),
    ]


def _verdict(sheet: Sheet, paper: RefusalSlip) -> list[Flowable]:
    """Who refuses, and the reason in the officer's words."""
    office = literal(paper.subject.receiving_office, sheet.family) or gap_dots(sheet, 60 * MM)
    reason = literal(paper.reason, sheet.family) or gap_dots(sheet, 140 * MM)
    return [prose(sheet, sheet.words["verdict"].format(office=office)), prose(sheet, reason)]
