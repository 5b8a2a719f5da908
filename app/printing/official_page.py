"""Parts common to the official papers of the counter, laid out after NĐ 30/2020, appendix I."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph

from app.clock import VIETNAM
from app.domain.slips import SlipHead
from app.printing.fonts import FontFamily
from app.printing.paper import MM, PageStyle
from app.printing.typeset import balanced_lines, dots, literal, markup, style
from app.text import t

_NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
_MOTTO = "Độc lập - Tự do - Hạnh phúc"
_LEFT_SHARE = 0.42
"""Share of the width for the agency; the rest holds the name of the state on one line."""
_AGENCY_RULE = 0.4
"""The rule under the agency is a third to a half of the line above it."""
_RULE = 0.7


class Head(Flowable):
    """Agency, state, serial number, place and date. ``day`` ``None``: a book, which bears no date."""

    def __init__(
        self, head: SlipHead, serial: str, day: date | None, family: FontFamily, page: PageStyle
    ) -> None:
        super().__init__()
        self._family, self._page = family, page
        left = page.inner_width * _LEFT_SHARE
        self._left_middle = left / 2
        self._right_middle = left + (page.inner_width - left) / 2
        room = left - 2 * MM
        self._parent = self._lines(head.parent_agency, family.regular, room)
        self._agency = self._lines(head.agency, family.bold, room)
        self._serial = literal(serial, family)
        self._place = "" if day is None else literal(place_and_date(head.place, day), family)

    def _lines(self, name: str, font: str, room: float) -> list[str]:
        text = literal(name, self._family).upper()
        return balanced_lines(text, font, self._page.agency, room) if text else []

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:  # noqa: N803
        """Size in points."""
        page = self._page
        pitch = page.agency * page.leading
        left = pitch * max(1, len(self._parent) + len(self._agency))
        right = (page.national + page.motto) * page.leading
        self._column = max(left, right) + 2.2 * MM
        self.width = aW
        self.height = self._column + max(page.date, page.agency) * 1.35
        return self.width, self.height

    def draw(self) -> None:
        """Left column, right column, then number and date on one line."""
        self._draw_agency()
        self._draw_state()
        page, canvas = self._page, self.canv
        baseline = page.date * 0.3
        canvas.setFont(self._family.regular, page.date)
        canvas.drawCentredString(self._left_middle, baseline, self._serial)
        canvas.setFont(self._family.italic, page.date)
        canvas.drawCentredString(self._right_middle, baseline, self._place)

    def _draw_agency(self) -> None:
        page, family, canvas = self._page, self._family, self.canv
        y = self.height
        faces = [(line, family.regular) for line in self._parent]
        faces += [(line, family.bold) for line in self._agency]
        for line, font in faces:
            y -= page.agency * page.leading
            canvas.setFont(font, page.agency)
            canvas.drawCentredString(self._left_middle, y + page.agency * 0.25, line)
        if self._agency:
            longest = max(stringWidth(line, family.bold, page.agency) for line in self._agency)
            self._rule(self._left_middle, y - 0.9 * MM, longest * _AGENCY_RULE)

    def _draw_state(self) -> None:
        page, family, canvas = self._page, self._family, self.canv
        y = self.height - page.national * page.leading
        canvas.setFont(family.bold, page.national)
        canvas.drawCentredString(self._right_middle, y + page.national * 0.25, _NATION)
        y -= page.motto * page.leading
        canvas.setFont(family.bold, page.motto)
        canvas.drawCentredString(self._right_middle, y + page.motto * 0.25, _MOTTO)
        self._rule(self._right_middle, y - 0.9 * MM, stringWidth(_MOTTO, family.bold, page.motto))

    def _rule(self, middle: float, y: float, length: float) -> None:
        self.canv.setLineWidth(_RULE)
        self.canv.line(middle - length / 2, y, middle + length / 2, y)


def place_and_date(place: str, day: date) -> str:
    """``…, ngày 05 tháng 02 năm 2027``: days under 10 and months 1–2 take a leading nought (NĐ 30/2020)."""
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"{place.strip() or '……………'}, ngày {day.day:02d} tháng {month} năm {day.year}"


def local_day(moment: datetime) -> date:
    """The day in Viet Nam."""
    return moment.astimezone(VIETNAM).date()


def title_blocks(title: str, family: FontFamily, page: PageStyle) -> list[Paragraph]:
    """The title in bold capitals, centred."""
    how = style(family.bold, page.title, page.leading, "center", page.title * 0.75)
    return [Paragraph(markup(title, family).upper(), how)]


class Signatures(Flowable):
    """Signers side by side: title in bold capitals, hint in italics, room to sign, name in bold."""

    def __init__(self, signers: Sequence[tuple[str, str, str]], family: FontFamily, page: PageStyle) -> None:
        super().__init__()
        self._page = page
        self.spaceBefore = page.body * 0.6
        self._columns = [self._column(*signer, family) for signer in signers]

    def _column(self, title: str, hint: str, name: str, family: FontFamily) -> tuple[Paragraph, ...]:
        page = self._page
        bold = style(family.bold, page.body, page.leading, "center")
        italic = style(family.italic, page.note, page.leading, "center")
        return (
            Paragraph(_lines_of(title, family), bold),
            Paragraph(markup(hint, family), italic),
            Paragraph(markup(name, family), bold),
        )

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:  # noqa: N803
        """Size in points."""
        self._share = aW / len(self._columns)
        inner = self._share - 4 * MM
        self._tops = [[part.wrap(inner, 1e6)[1] for part in column] for column in self._columns]
        self._head = max(title + hint for title, hint, _ in self._tops)
        names = max(name for _, _, name in self._tops)
        self.width, self.height = aW, self._head + self._page.sign_room + names
        return self.width, self.height

    def draw(self) -> None:
        """Every name begins at the same height."""
        for index, (column, heights) in enumerate(zip(self._columns, self._tops, strict=True)):
            x = index * self._share + 2 * MM
            title, hint, name = column
            title.drawOn(self.canv, x, self.height - heights[0])
            hint.drawOn(self.canv, x, self.height - heights[0] - heights[1])
            name.drawOn(self.canv, x, self.height - self._head - self._page.sign_room - heights[2])


def _lines_of(title: str, family: FontFamily) -> str:
    """A signer's title in capitals; "KT. … / …" stands on two lines (NĐ 30/2020)."""
    return "<br/>".join(markup(part, family).upper() for part in title.split("/"))


def short_blank(text: str, family: FontFamily, page: PageStyle, width: float = 14 * MM) -> str:
    """The text, or dots of the given width for a hand to fill in."""
    return literal(text, family) or dots(width, family.regular, page.body)


def draw_marks(
    canvas: Canvas,
    page: PageStyle,
    family: FontFamily,
    *,
    x: float = 0,
    y: float = 0,
    page_no: int = 1,
    copy_no: int = 1,
    demo: bool = False,
    replaces: str = "",
) -> None:
    """Top margin of a page whose corner is (``x``, ``y``): sample mark, page number, reprint mark.

    The number stands centred from page 2 on (NĐ 30/2020); "In lại lần n" from the second printing on, or
    which printing a corrected paper ``replaces``.
    """
    size = min(page.body * 0.85, 11.0)
    baseline = y + page.height - page.top * _STRIP - size * 0.35
    if page_no > 1:
        canvas.setFont(family.regular, page.body)
        canvas.drawCentredString(x + page.width / 2, baseline, str(page_no))
    if demo:
        _stamp(canvas, t("DỮ LIỆU MẪU"), family.bold, size, x + page.left, baseline)
    if replaces or copy_no > 1:
        words = replaces or t("In lại lần {count}").format(count=copy_no - 1)
        width = stringWidth(words, family.bold, size) + 2 * _STAMP_PAD
        _stamp(canvas, words, family.bold, size, x + page.width - page.right - width, baseline)


def draw_foot(canvas: Canvas, page: PageStyle, family: FontFamily, left: str, right: str = "") -> None:
    """Small words in the bottom margin: what the page says of itself."""
    canvas.setFont(family.regular, page.note)
    baseline = page.bottom * 0.5
    canvas.drawString(page.left, baseline, literal(left, family))
    if right:
        canvas.drawRightString(page.width - page.right, baseline, literal(right, family))


_STAMP_PAD = 3.5
_STRIP = 0.6
"""Where in the top margin the marks stand: low, since printers leave the outer 4 mm white."""


def _stamp(canvas: Canvas, words: str, font: str, size: float, x: float, baseline: float) -> None:
    canvas.setFont(font, size)
    canvas.setLineWidth(_RULE)
    width = stringWidth(words, font, size) + 2 * _STAMP_PAD
    canvas.rect(x, baseline - size * 0.38, width, size * 1.4, stroke=1, fill=0)
    canvas.drawString(x + _STAMP_PAD, baseline, words)
