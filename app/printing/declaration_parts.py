"""Parts of a declaration: head of the state alone, addressee, boxes to tick, lines shared by short fields."""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable, Paragraph

from app.domain.eform.paper import DeclarationPaper, PaperField
from app.printing.fonts import FontFamily
from app.printing.official_page import place_and_date
from app.printing.paper import MM, PageStyle
from app.printing.typeset import dots, literal, markup, style
from app.text import t

_NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
_MOTTO = "Độc lập - Tự do - Hạnh phúc"
_RULE = 0.7
_SHORTEST = 18 * MM
"""Dots for a short blank inside a line."""


class StateHead(Flowable):
    """Name of the state and motto in the middle: a citizen's paper bears no agency and no number."""

    def __init__(self, family: FontFamily, page: PageStyle) -> None:
        super().__init__()
        self._family, self._page = family, page

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:  # noqa: N803
        """Size in points."""
        page = self._page
        self.width = aW
        self.height = (page.national + page.motto) * page.leading + 2.5 * MM
        return self.width, self.height

    def draw(self) -> None:
        """Two lines and the rule as long as the motto (NĐ 30/2020)."""
        page, family, canvas, middle = self._page, self._family, self.canv, self.width / 2
        y = self.height - page.national * page.leading
        canvas.setFont(family.bold, page.national)
        canvas.drawCentredString(middle, y + page.national * 0.25, _NATION)
        y -= page.motto * page.leading
        canvas.setFont(family.bold, page.motto)
        canvas.drawCentredString(middle, y + page.motto * 0.25, _MOTTO)
        half = stringWidth(_MOTTO, family.bold, page.motto) / 2
        canvas.setLineWidth(_RULE)
        canvas.line(middle - half, y - 0.9 * MM, middle + half, y - 0.9 * MM)


def addressee(words: str, family: FontFamily, page: PageStyle) -> Flowable:
    """The line "Kính gửi: …" in the middle; dots where the office is not named."""
    how = style(family.regular, page.body, page.leading, "center", page.body * 0.5)
    shown = markup(words, family) or dots(90 * MM, family.regular, page.body)
    return Paragraph(f"{markup(t('Kính gửi'), family)}: {shown}", how)


def section_title(title: str, family: FontFamily, page: PageStyle) -> Flowable:
    """A heading inside the form."""
    return Paragraph(
        markup(title, family),
        style(family.bold, page.body, page.leading, "left", page.gap + page.body * 0.35),
    )


def shared_line(fields: Sequence[PaperField], family: FontFamily, page: PageStyle) -> Flowable:
    """Short fields one after the other; blanks share what room is left."""
    font, size = family.regular, page.body
    labels = [f"{literal(each.label, family)}: " for each in fields]
    gap = "; "
    fixed = sum(stringWidth(label, font, size) for label in labels)
    fixed += stringWidth(gap, font, size) * (len(fields) - 1)
    known = sum(stringWidth(literal(each.words, family), font, size) for each in fields)
    blanks = sum(not each.words for each in fields)
    room = (page.inner_width - fixed - known) / blanks - 1 if blanks else 0
    parts = []
    for label, each in zip(labels, fields, strict=True):
        value = markup(each.words, family) or dots(max(_SHORTEST, room), font, size)
        parts.append(f"{markup(label, family)} {f'<b>{value}</b>' if each.bold else value}")
    return Paragraph(gap.join(parts), style(font, size, page.leading, "left", page.gap))


class Boxes(Flowable):
    """A yes-or-no field as two boxes, and the count that goes with it on the same line."""

    def __init__(
        self, field: PaperField, counts: Sequence[PaperField], family: FontFamily, page: PageStyle
    ) -> None:
        super().__init__()
        self._family, self._page = family, page
        self._label = f"{literal(field.label, family)}:"
        self._yes = field.yes
        self._counts = [
            f"{literal(each.label, family)}: {literal(each.words, family) or '……'}" for each in counts
        ]
        self.spaceBefore = page.gap + 2

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:  # noqa: N803
        """Size in points."""
        self.width, self.height = aW, self._page.body * self._page.leading
        return self.width, self.height

    def draw(self) -> None:
        """Label, the word and box for yes, for no, then the count."""
        font, size, canvas = self._family.regular, self._page.body, self.canv
        base = size * 0.28
        canvas.setFont(font, size)
        x = self._words(0, base, self._label) + size * 0.6
        for word, ticked in ((t("Có"), self._yes is True), (t("Không"), self._yes is False)):
            x = self._words(x, base, word) + size * 0.35
            x = self._box(x, base, ticked) + size * 0.9
        for words in self._counts:
            x = self._words(x, base, words) + size

    def _words(self, x: float, base: float, words: str) -> float:
        self.canv.drawString(x, base, words)
        return x + stringWidth(words, self._family.regular, self._page.body)

    def _box(self, x: float, base: float, ticked: bool) -> float:
        size, canvas = self._page.body, self.canv
        side = size * 0.82
        canvas.setLineWidth(_RULE)
        canvas.rect(x, base - size * 0.08, side, side, stroke=1, fill=0)
        if ticked:
            width = stringWidth("x", self._family.bold, size)
            canvas.setFont(self._family.bold, size)
            canvas.drawString(x + (side - width) / 2, base + size * 0.08, "x")
            canvas.setFont(self._family.regular, size)
        return x + side


def place_line(paper: DeclarationPaper, family: FontFamily, page: PageStyle) -> Flowable:
    """The line "Làm tại: …, ngày … tháng … năm …", in the right half."""
    label, place = literal(paper.place_label, family), literal(paper.place, family)
    place = place or dots(28 * MM, family.italic, page.date)
    if paper.day is None:
        room = dots(8 * MM, family.italic, page.date)
        told = t("{place}, ngày {room} tháng {room} năm {room}").format(place=place, room=room)
    else:
        told = place_and_date(place, paper.day)
    how = style(family.italic, page.date, page.leading, "left", page.gap + page.body * 0.5)
    return _AtRight(Paragraph(markup(f"{label}: {told}", family), how))


class _AtRight(Flowable):
    """A line whose right end stands at the right margin."""

    def __init__(self, words: Paragraph) -> None:
        super().__init__()
        self._words = words
        self.spaceBefore = words.getSpaceBefore()

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:  # noqa: N803
        """Size in points."""
        self._words.wrap(aW, aH)
        widths = self._words.getActualLineWidths0()
        self._shift = max(0.0, aW - max(widths)) if widths else 0.0
        self.width, self.height = aW, self._words.height
        return self.width, self.height

    def draw(self) -> None:
        """The line, moved to the right."""
        self._words.drawOn(self.canv, self._shift, 0)
