"""Lines that the official forms have in common: label and value, moments, the number, running text."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import Any, Protocol

from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, Paragraph

from app.clock import VIETNAM
from app.domain.slips import PaperSubject, SlipHead
from app.printing.fonts import FontFamily
from app.printing.official_page import Head
from app.printing.paper import MM, PageStyle
from app.printing.typeset import blank, dots, field, literal, markup, style

_INDENT = 10 * MM
"""First line of running text: 1 to 1.27 cm (NĐ 30/2020)."""


class Form(Protocol):
    """A form being set: its wording, letters and measures."""

    @property
    def words(self) -> dict[str, Any]:
        """Labels and sentences of ``resources/forms``."""

    @property
    def family(self) -> FontFamily:
        """The embedded serif."""

    @property
    def page(self) -> PageStyle:
        """Measures of the page."""


def line(form: Form, label: str, value: str, *, bold: bool = False) -> Flowable:
    """One line of the form; dots where nothing is known."""
    family, page = form.family, form.page
    if not literal(value, family):
        how = style(family.regular, page.body, page.leading, "left", page.gap)
        return blank(label, family, how, page.inner_width)
    how = style(family.regular, page.body, page.leading, "justify", page.gap)
    return field(label, value, family, how, bold=bold)


def moment_words(form: Form, moment: datetime | None) -> str:
    """``09 giờ 05 phút, ngày 23/11/2026`` in Viet Nam; dots for a moment that is not known."""
    pattern: str = form.words["moment"]
    if moment is None:
        room = gap_dots(form, 9 * MM)
        return pattern.format(hour=room, minute=room, day=room + room)
    local = moment.astimezone(VIETNAM)
    return pattern.format(hour=f"{local:%H}", minute=f"{local:%M}", day=f"{local:%d/%m/%Y}")


def gap_dots(form: Form, width: float) -> str:
    """Dots of the given width in points inside a line, for a hand."""
    return dots(width, form.family.regular, form.page.body)


def prose(form: Form, text: str) -> Paragraph:
    """A paragraph of running text, justified, its first line indented."""
    return Paragraph(markup(text, form.family), _prose_style(form.family.regular, form.page))


@cache
def _prose_style(font: str, page: PageStyle) -> ParagraphStyle:
    plain = style(font, page.body, page.leading, "justify", page.gap + 2)
    return ParagraphStyle(f"{plain.name}-prose", parent=plain, firstLineIndent=_INDENT)


def serial_words(form: Form, serial: str) -> str:
    """What stands on the left under the agency: the number, or dots before the form's sign."""
    return f"{form.words['serial']}: {serial.strip() or '............' + form.words['serial_suffix']}"


def head(form: Form, parts: SlipHead, day: date) -> Head:
    """The common head of a paper of that day."""
    return Head(parts, serial_words(form, parts.serial), day, form.family, form.page)


def number_label(form: Form, subject: PaperSubject) -> str:
    """What the number is called: a provisional one never looks official."""
    label: str = form.words["provisional_number" if subject.provisional else "number"]
    return label


def numbers(form: Form, subject: PaperSubject) -> list[Flowable]:
    """The number in bold under the title, and the provisional one small once both are known."""
    family, page = form.family, form.page
    centred = style(family.regular, page.body, page.leading, "center", page.gap)
    shown = markup(subject.number, family) or gap_dots(form, 50 * MM)
    label = markup(number_label(form, subject), family)
    return [Paragraph(f"{label}: <b>{shown}</b>", centred), *second_number(form, subject)]


def second_number(form: Form, subject: PaperSubject) -> list[Flowable]:
    """The provisional number in small letters, where the official one has come since."""
    if not subject.provisional_number.strip() or subject.provisional_number == subject.number:
        return []
    small = style(form.family.regular, form.page.note, form.page.leading, "center")
    label = form.words["provisional_number"]
    return [field(label, subject.provisional_number, form.family, small, bold=False)]


def phone_words(phone: str) -> str:
    """A phone number that is never broken over two lines."""
    return phone.replace(" ", "\u00a0")


def spaced(blocks: list[Flowable], gap: float) -> list[Flowable]:
    """The blocks with that much space before the first of them."""
    if blocks:
        blocks[0].spaceBefore = gap
    return blocks
