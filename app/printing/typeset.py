"""Text on paper: always literal, always in letters the font holds, blanks as dots."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Literal
from xml.sax.saxutils import escape

from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Paragraph

from app.printing.fonts import FontFamily

Align = Literal["left", "center", "right", "justify"]
_ALIGN: dict[Align, Literal[0, 1, 2, 4]] = {"left": 0, "center": 1, "right": 2, "justify": 4}
"""reportlab's numbers."""
_MISSING = "□"


def literal(text: str, family: FontFamily) -> str:
    """The text as it can be printed: composed (NFC), on one line, without invisible characters.

    A character the font lacks is shown as a box, so that the gap is seen and never silent.
    """
    composed = unicodedata.normalize("NFC", text)
    if composed.isascii() and composed.isprintable():
        return composed.strip()
    missing = _MISSING if _MISSING in family.covered else "?"
    shown = (_printable(sign, family.covered, missing) for sign in composed)
    return " ".join(part for part in "".join(shown).split(" ") if part)


def _printable(sign: str, covered: frozenset[str], missing: str) -> str:
    category = unicodedata.category(sign)
    if category == "Cf":
        return ""
    if category in ("Cc", "Zl", "Zp", "Zs") and sign != "\u00a0":
        return " "
    return sign if sign in covered else missing


def markup(text: str, family: FontFamily) -> str:
    """The text made safe inside a reportlab paragraph: ``<b>`` in a name prints as it stands."""
    return escape(literal(text, family))


@cache
def style(font: str, size: float, leading: float, align: Align = "left", gap: float = 0) -> ParagraphStyle:
    """A paragraph style; ``leading`` is a multiple of the size, ``gap`` the space before in points."""
    return ParagraphStyle(
        f"{font}-{size}-{leading}-{align}-{gap}",
        fontName=font,
        fontSize=size,
        leading=size * leading,
        alignment=_ALIGN[align],
        spaceBefore=gap,
        allowWidows=1,
        allowOrphans=1,
        splitLongWords=1,
        justifyBreaks=0,
    )


def paragraph(text: str, family: FontFamily, how: ParagraphStyle) -> Paragraph:
    """One paragraph of plain text."""
    return Paragraph(markup(text, family), how)


def field(label: str, value: str, family: FontFamily, how: ParagraphStyle, *, bold: bool) -> Paragraph:
    """A form line "label: value"; value may be bold. An empty value must be a blank, see ``blank``."""
    body = markup(value, family)
    return Paragraph(f"{markup(label, family)}: {f'<b>{body}</b>' if bold else body}", how)


def blank(label: str, family: FontFamily, how: ParagraphStyle, width: float) -> Paragraph:
    """A form line to be filled in by hand: the label and dots up to the margin."""
    start = f"{literal(label, family)}: "
    room = width - stringWidth(start, how.fontName, how.fontSize)
    return Paragraph(escape(start) + dots(room, how.fontName, how.fontSize), how)


def dots(width: float, font: str, size: float) -> str:
    """As many dots as fit the width, at least three."""
    return "." * max(3, int(width / stringWidth(".", font, size)) - 1)


def balanced_lines(text: str, font: str, size: float, width: float) -> list[str]:
    """Words in the fewest lines that fit, of lengths as even as may be: for centred heads.

    A word longer than the width is cut.
    """
    words = [piece for word in text.split() for piece in _pieces(word, font, size, width)]
    fewest = len(_greedy(words, font, size, width))
    low, high = 0.0, width
    while high - low > 1:
        middle = (low + high) / 2
        lines = _greedy(words, font, size, middle)
        fits = len(lines) <= fewest and max(stringWidth(line, font, size) for line in lines) <= middle
        low, high = (low, middle) if fits else (middle, high)
    return _greedy(words, font, size, high)


def _pieces(word: str, font: str, size: float, width: float) -> list[str]:
    pieces = [""]
    for sign in word:
        if pieces[-1] and stringWidth(pieces[-1] + sign, font, size) > width:
            pieces.append("")
        pieces[-1] += sign
    return pieces


def _greedy(words: list[str], font: str, size: float, width: float) -> list[str]:
    lines: list[str] = []
    for word in words:
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and stringWidth(longer, font, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
