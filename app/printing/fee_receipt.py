"""The counter's note of money taken (A5): its title and foot say that it is no biên lai."""

from __future__ import annotations

from dataclasses import replace

from reportlab.platypus import Flowable, Paragraph

from app.domain.cash import FeeNote
from app.domain.vietnamese import number_in_words
from app.printing.document import draw_page, finish, new_canvas
from app.printing.form_lines import line, moment_words, spaced
from app.printing.official_page import Head, Signatures, draw_marks, local_day, title_blocks
from app.printing.paper import A5, A5_CLOSE, A5_STYLE
from app.printing.plain_form import SIGN_HINT, PlainForm, set_pages
from app.printing.typeset import paragraph, style
from app.text import t

_WIDE = {"width": A5[1], "height": A5[0]}
_STYLES = (replace(A5_STYLE, **_WIDE), replace(A5_CLOSE, **_WIDE, sign_room=10))


def draw_fee_note(note: FeeNote) -> bytes:
    """The note as PDF, A5 on its side; the same note always gives the same bytes.

    Raises ``StorageError`` ``no-paper-font``.
    """
    title = t("Biên nhận thu tiền")
    running = t("{title} số {label}").format(title=title, label=note.label)
    form, pages = set_pages(lambda each: _blocks(each, note, title), _STYLES, running)
    canvas = new_canvas((form.page.width, form.page.height), title, form.family.regular, note.at)
    for page_no, page in enumerate(pages, start=1):
        draw_page(canvas, page)
        draw_marks(canvas, form.page, form.family, page_no=page_no, copy_no=note.copy_no, demo=note.demo)
        canvas.showPage()
    return finish(canvas)


def _blocks(form: PlainForm, note: FeeNote, title: str) -> list[Flowable]:
    family, page = form.family, form.page
    serial = t("Số: {label}").format(label=note.label)
    centred = style(family.italic, page.note, page.leading, "center")
    bold = style(family.bold, page.body, page.leading, "center", page.body * 0.4)
    amount = t("{amount} đồng").format(amount=f"{note.amount_vnd:,}".replace(",", "."))
    how = note.method if not note.reference else f"{note.method}, {note.reference}"
    blocks: list[Flowable] = [
        Head(note.head, serial, local_day(note.at), family, page),
        *title_blocks(title, family, page),
        Paragraph(t("(ghi nhận nội bộ của quầy, không thay biên lai thu phí, lệ phí)"), centred),
    ]
    if note.cancelled_words:
        blocks.append(paragraph(note.cancelled_words.upper(), family, bold))
    blocks += [
        *spaced([line(form, t("Nơi thu"), note.office)], page.body * 0.7),
        line(form, t("Người nộp tiền"), note.payer, bold=True),
        line(form, t("Mã hồ sơ"), note.dossier),
        line(form, t("Thủ tục"), note.procedure),
        line(form, t("Khoản thu"), note.purpose),
        line(form, t("Số tiền"), amount, bold=True),
        line(form, t("Bằng chữ"), _in_words(note.amount_vnd)),
        line(form, t("Cách nộp"), how),
        line(form, t("Thời gian thu"), moment_words(form, note.at)),
        Signatures(
            [
                (t("Người nộp tiền"), SIGN_HINT, note.payer),
                (t("Người thu tiền"), SIGN_HINT, note.officer_name),
            ],
            family,
            page,
        ),
    ]
    return blocks


def _in_words(amount: int) -> str:
    words = number_in_words(amount)
    return t("{words} đồng").format(words=words[:1].upper() + words[1:])
