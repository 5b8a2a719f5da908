"""Take-home card of an account-help case: A5, large letters, nothing that names the citizen (DOMAIN §9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from reportlab.platypus import Flowable, Paragraph

from app.domain.deadline_words import weekday_words
from app.domain.slips import AccountCard
from app.printing.document import draw_page, finish, new_canvas
from app.printing.flow import Page, Together, paginate
from app.printing.fonts import FontFamily, sans
from app.printing.official_page import draw_marks
from app.printing.paper import A5, A5_STYLE, MM
from app.printing.typeset import paragraph, style
from app.text import t

_SCALES = (1.06, 1.0, 0.93, 0.86, 0.8)
"""Tried in turn until the card fits one page; letters never go below 12 points."""


@dataclass(frozen=True)
class _Look:
    """Letters of the card at one scale."""

    family: FontFamily
    scale: float

    def text(self, words: str, size: float, *, bold: bool = False, gap: float = 0) -> Paragraph:
        """One paragraph; size and gap in points at full scale."""
        font = self.family.bold if bold else self.family.regular
        how = style(font, size * self.scale, 1.28, "left", gap * self.scale)
        return paragraph(words, self.family, how)


def draw_account_card(card: AccountCard) -> bytes:
    """The card as PDF, A5 upright; the same card always gives the same bytes.

    ``next_visit`` is printed as weekday and date with ``next_visit_words`` behind it; without a date the
    words stand alone; without both there is no box. Raises ``StorageError`` ``no-paper-font``.
    """
    family = sans()
    canvas = new_canvas(A5, t("Phiếu mang về"), family.regular, None)
    for index, content in enumerate(_pages(card, family)):
        draw_page(canvas, content)
        draw_marks(canvas, A5_STYLE, family, page_no=index + 1, demo=card.demo)
        canvas.showPage()
    return finish(canvas)


def _pages(card: AccountCard, family: FontFamily) -> list[Page]:
    pages: list[Page] = []
    for scale in _SCALES:
        pages = paginate(_blocks(card, _Look(family, scale)), A5_STYLE)
        if len(pages) == 1:
            break
    return pages


def _blocks(card: AccountCard, look: _Look) -> list[Flowable]:
    blocks: list[Flowable] = [
        look.text(t("Phiếu mang về"), 15),
        look.text(card.title, 25, bold=True),
        _Rule(2, 7),
        look.text(card.step_words, 17.5, bold=True, gap=16),
    ]
    blocks += [_Step(str(n), look.text(words, 17), look) for n, words in enumerate(card.todo, start=1)]
    visit = visit_words(card.next_visit, card.next_visit_words)
    if visit:
        blocks.append(_Box([look.text(t("Hẹn gặp lại"), 15), look.text(visit, 20, bold=True)], look))
    if card.warning:
        blocks.append(look.text(card.warning, 17.5, bold=True, gap=18))
    blocks += [look.text(line, 17, gap=12 if n == 0 else 2) for n, line in enumerate(card.contacts)]
    if card.footnote:
        blocks.append(Together([_Rule(1, 14), look.text(card.footnote, 15, gap=6)]))
    return blocks


def visit_words(day: date | None, words: str) -> str:
    """Day and words as one phrase, ``Thứ Hai 30/11/2026, buổi sáng``; either part may be missing."""
    named = f"{weekday_words(day)} {day:%d/%m/%Y}" if day else ""
    shown = ", ".join(part for part in (named, words.strip()) if part)
    return shown[:1].upper() + shown[1:]


class _Rule(Flowable):
    """A line over the full width."""

    def __init__(self, thickness: float, gap: float) -> None:
        super().__init__()
        self._thickness, self.spaceBefore = thickness, gap

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:  # noqa: N803
        """Size in points."""
        self.width, self.height = aW, self._thickness
        return aW, self._thickness

    def draw(self) -> None:
        """The line."""
        self.canv.setLineWidth(self._thickness)
        self.canv.line(0, self.height / 2, self.width, self.height / 2)


class _Step(Flowable):
    """A thing to do, its number in a circle."""

    def __init__(self, number: str, words: Paragraph, look: _Look) -> None:
        super().__init__()
        self._number, self._words, self._look = number, words, look
        self._circle = 26 * look.scale
        self.spaceBefore = 11 * look.scale

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:  # noqa: N803
        """Size in points."""
        self._left = self._circle + 3 * MM
        height = self._words.wrap(aW - self._left, 1e6)[1]
        self.width, self.height = aW, max(height, self._circle)
        return self.width, self.height

    def split(self, aW: float, aH: float) -> list[Flowable]:  # noqa: N803
        """Very long words go on without a number."""
        parts: list[Any] = list(self._words.split(aW - self._circle - 3 * MM, aH))
        return [_Step(self._number, parts[0], self._look), parts[1]] if len(parts) > 1 else []

    def draw(self) -> None:
        """Circle and first line share their middle."""
        canvas, radius = self.canv, self._circle / 2
        middle = self.height - radius
        size = 15 * self._look.scale
        canvas.setLineWidth(1.4)
        canvas.circle(radius, middle, radius - 1, stroke=1, fill=0)
        canvas.setFont(self._look.family.bold, size)
        canvas.drawCentredString(radius, middle - size * 0.36, self._number)
        lead = max(0.0, (self._circle - self._words.style.leading) / 2)
        top = self.height - (lead if self._words.height < self._circle else 0)
        self._words.drawOn(canvas, self._left, top - self._words.height)


class _Box(Flowable):
    """Lines in a thick frame."""

    def __init__(self, lines: list[Paragraph], look: _Look) -> None:
        super().__init__()
        self._lines = lines
        self._pad = 8 * look.scale
        self.spaceBefore = 18 * look.scale

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:  # noqa: N803
        """Size in points."""
        heights = [line.wrap(aW - 2 * self._pad, 1e6)[1] for line in self._lines]
        self.width, self.height = aW, sum(heights) + 2 * self._pad
        return self.width, self.height

    def draw(self) -> None:
        """Frame, then the lines."""
        self.canv.setLineWidth(2)
        self.canv.rect(1, 1, self.width - 2, self.height - 2, stroke=1, fill=0)
        top = self.height - self._pad
        for line in self._lines:
            top -= line.height
            line.drawOn(self.canv, self._pad, top)
