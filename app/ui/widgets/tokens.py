"""Colours of the desk: light, dark, and what the system's high contrast gives.

The contrast of each text colour on its surface is kept by ``tests/ui/test_widgets_tokens.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtGui import QColor, QPalette


class Mode(StrEnum):
    """Which set of colours the screen wears."""

    LIGHT = "light"
    DARK = "dark"
    HIGH_CONTRAST = "high_contrast"


class Tone(StrEnum):
    """What a piece of text or a mark means; the tokens give the colour."""

    TEXT = "text"
    SECONDARY = "secondary"
    FAINT = "placeholder"
    BLUE = "blue"
    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    ON_PRIMARY = "on_primary"


@dataclass(frozen=True)
class Tokens:
    """Every colour a part may use; ``line_width`` is the border in px (2 in high contrast)."""

    window: QColor
    surface: QColor
    rail: QColor
    text: QColor
    secondary: QColor
    placeholder: QColor
    card_line: QColor
    grid_line: QColor
    input_border: QColor
    button_border: QColor
    blue: QColor
    blue_tint: QColor
    green: QColor
    green_tint: QColor
    amber: QColor
    amber_tint: QColor
    red: QColor
    red_tint: QColor
    on_primary: QColor
    selection: QColor
    on_selection: QColor
    series_1: QColor
    series_2: QColor
    band: QColor
    line_width: int = 1

    def of(self, tone: Tone) -> QColor:
        """The colour of a tone on the surface."""
        found: QColor = getattr(self, tone.value)
        return found

    def tint_of(self, tone: Tone) -> QColor:
        """The quiet background of a tone; tones without one get the grey band."""
        found: QColor = getattr(self, f"{tone.value}_tint", self.band)
        return found

    def outline_of(self, tone: Tone) -> QColor:
        """The border of a tinted part: the tone softened towards its tint (full in high contrast)."""
        if self.line_width > 1:
            return self.text
        if tone in (Tone.TEXT, Tone.SECONDARY, Tone.FAINT):
            return self.button_border
        return mixed(self.of(tone), self.tint_of(tone), 0.45)


def mixed(ink: QColor, paper: QColor, share: float) -> QColor:
    """``share`` of ``ink`` laid over ``paper``, opaque."""
    rest = 1.0 - share
    return QColor(
        round(ink.red() * share + paper.red() * rest),
        round(ink.green() * share + paper.green() * rest),
        round(ink.blue() * share + paper.blue() * rest),
    )


def contrast(one: QColor, other: QColor) -> float:
    """The WCAG contrast ratio of two opaque colours, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: QColor) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)

    red, green, blue = (linear(part) for part in (colour.redF(), colour.greenF(), colour.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _c(code: str) -> QColor:
    return QColor("#" + code)


LIGHT = Tokens(
    window=_c("F3F5F8"),
    surface=_c("FFFFFF"),
    rail=_c("E9EDF2"),
    text=_c("18212F"),
    secondary=_c("4B5563"),
    placeholder=_c("6B7280"),
    card_line=_c("D8DEE6"),
    grid_line=_c("E6EAF0"),
    input_border=_c("838D9B"),
    button_border=_c("B4BDC9"),
    blue=_c("1D4ED8"),
    blue_tint=_c("E9EFFD"),
    green=_c("0B6B3A"),
    green_tint=_c("E5F3EB"),
    amber=_c("8A4B00"),
    amber_tint=_c("FDF2E2"),
    red=_c("B3261E"),
    red_tint=_c("FCECEB"),
    on_primary=_c("FFFFFF"),
    selection=_c("DCE7FC"),
    on_selection=_c("18212F"),
    series_1=_c("0072B2"),
    series_2=_c("D55E00"),
    band=_c("EDF0F4"),
)

DARK = Tokens(
    window=_c("14181F"),
    surface=_c("1C222B"),
    rail=_c("10141A"),
    text=_c("E8ECF2"),
    secondary=_c("AEB8C6"),
    placeholder=_c("8A95A5"),
    card_line=_c("333C49"),
    grid_line=_c("28303B"),
    input_border=_c("7A8698"),
    button_border=_c("566273"),
    blue=_c("8AB0FF"),
    blue_tint=_c("1E2C4A"),
    green=_c("6FD3A0"),
    green_tint=_c("153224"),
    amber=_c("F0B35E"),
    amber_tint=_c("35270F"),
    red=_c("FF9A92"),
    red_tint=_c("3B1D1C"),
    on_primary=_c("0F1A33"),
    selection=_c("26395F"),
    on_selection=_c("E8ECF2"),
    series_1=_c("56A9DE"),
    series_2=_c("F08A4B"),
    band=_c("262D38"),
)


def high_contrast(palette: QPalette) -> Tokens:
    """Tokens made of the system's own palette: no tints, every border 2 px and as strong as text."""
    role = QPalette.ColorRole
    paper, ink = palette.color(role.Base), palette.color(role.Text)
    mark, on_mark = palette.color(role.Highlight), palette.color(role.HighlightedText)
    return Tokens(
        window=palette.color(role.Window),
        surface=paper,
        rail=palette.color(role.Window),
        text=ink,
        secondary=ink,
        placeholder=ink,
        card_line=ink,
        grid_line=ink,
        input_border=ink,
        button_border=ink,
        blue=mark,
        blue_tint=paper,
        green=ink,
        green_tint=paper,
        amber=ink,
        amber_tint=paper,
        red=ink,
        red_tint=paper,
        on_primary=on_mark,
        selection=mark,
        on_selection=on_mark,
        series_1=mark,
        series_2=ink,
        band=paper,
        line_width=2,
    )
