"""The look now worn: colours, type scale and the officer's size factor, and news of a change.

Parts read ``current()``, ``px()`` and ``font()`` while painting and never keep a measure: a part that
must set something (a font, a fixed height) does so in a method named ``restyle``, which the theme calls
on every living widget that has one when the look changes.
"""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtGui import QFont, QFontMetrics, QGuiApplication
from PySide6.QtWidgets import QApplication

from app.ui.widgets.tokens import DARK, LIGHT, Mode, Tokens, high_contrast

SMALLEST, LARGEST, STEP = 1.0, 1.75, 0.125
NARROW_WIDTH, NARROW_HEIGHT = 1200, 600
_TALLEST = "ẤỄỖẨỬ"
_POINTS_PER_PX = 0.75  # 96 dots per inch


class Type(IntEnum):
    """Type scale: px at 96 dpi before the officer's factor."""

    FIGURE = 28
    INVITATION = 24
    TITLE = 20
    DUE = 19
    PRIMARY = 17
    SECTION = 16
    BODY = 15
    TABLE = 14
    LABEL = 13
    CAP = 12


class Theme(QObject):
    """The one look of the program.

    ``changed`` is emitted, carrying nothing, after every widget was restyled.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.tokens: Tokens = LIGHT
        self.mode = Mode.LIGHT
        self.factor = 1.0
        self.family = "Open Sans"
        self.animated = False
        self._fonts: dict[tuple[int, bool], QFont] = {}
        self._metrics: dict[tuple[int, bool], QFontMetrics] = {}
        self._overshoots: dict[tuple[int, bool], int] = {}
        self._scale: float | None = None

    def set_family(self, family: str) -> None:
        """The font family of every part, chosen once by ``app.ui.theme``."""
        self.family = family
        self._announce()

    def set_mode(self, mode: Mode) -> None:
        """Wears light, dark or the system's high contrast."""
        self.mode = mode
        if mode is Mode.HIGH_CONTRAST:
            self.tokens = high_contrast(QGuiApplication.palette())
        else:
            self.tokens = DARK if mode is Mode.DARK else LIGHT
        self._announce()

    def set_factor(self, factor: float) -> None:
        """The officer's size, 1.0 to 1.75; a value outside is brought to the nearest end."""
        self.factor = min(LARGEST, max(SMALLEST, factor))
        self._announce()

    def larger(self) -> None:
        """Ctrl +: one step larger."""
        self.set_factor(self.factor + STEP)

    def smaller(self) -> None:
        """Ctrl −: one step smaller."""
        self.set_factor(self.factor - STEP)

    @property
    def scale(self) -> float:
        """Pixels on this screen for one px of the design."""
        if self._scale is None:
            screen = QGuiApplication.primaryScreen()
            dots = screen.logicalDotsPerInch() if screen else 96.0
            self._scale = self.factor * dots / 96.0
        return self._scale

    def font(self, role: Type, semibold: bool) -> QFont:
        """The font of a role; shared, do not change it."""
        key = (int(role), semibold)
        if key not in self._fonts:
            self._fonts[key] = self._make_font(role, semibold)
        return self._fonts[key]

    def metrics(self, role: Type, semibold: bool) -> QFontMetrics:
        """Measures of the font of a role."""
        key = (int(role), semibold)
        if key not in self._metrics:
            self._metrics[key] = QFontMetrics(self.font(role, semibold))
        return self._metrics[key]

    def overshoot(self, role: Type, semibold: bool) -> int:
        """Pixels by which capitals with two marks rise above the ascent."""
        key = (int(role), semibold)
        if key not in self._overshoots:
            measures = self.metrics(role, semibold)
            self._overshoots[key] = max(0, -measures.tightBoundingRect(_TALLEST).top() - measures.ascent())
        return self._overshoots[key]

    def _make_font(self, role: Type, semibold: bool) -> QFont:
        made = QFont(self.family)
        made.setPointSizeF(int(role) * _POINTS_PER_PX * self.factor)
        made.setWeight(QFont.Weight.DemiBold if semibold else QFont.Weight.Normal)
        screen = QGuiApplication.primaryScreen()
        if screen and screen.devicePixelRatio() % 1:
            made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        return made

    def _announce(self) -> None:
        self._fonts.clear()
        self._metrics.clear()
        self._overshoots.clear()
        self._scale = None
        if isinstance(QApplication.instance(), QApplication):
            QApplication.setFont(self.font(Type.BODY, False))
            for widget in QApplication.allWidgets():
                restyle = getattr(widget, "restyle", None)
                if restyle is not None:
                    restyle()
                widget.updateGeometry()
                widget.update()
        self.changed.emit()


_theme: Theme | None = None


def theme() -> Theme:
    """The one theme."""
    global _theme
    if _theme is None:
        _theme = Theme()
    return _theme


def current() -> Tokens:
    """The colours now worn."""
    return theme().tokens


def px(size: float) -> int:
    """A length of the design on this screen, at least one pixel for anything above zero."""
    return max(1, round(size * theme().scale)) if size else 0


def font(role: Type = Type.BODY, semibold: bool = False) -> QFont:
    """The font of a role at the officer's size."""
    return theme().font(role, semibold)


def metrics(role: Type = Type.BODY, semibold: bool = False) -> QFontMetrics:
    """Measures of ``font(role, semibold)``."""
    return theme().metrics(role, semibold)


def overshoot(role: Type = Type.BODY, semibold: bool = False) -> int:
    """Pixels by which the marks of "Ấ" rise above the font's own ascent at this size (0 or 1 as a rule)."""
    return theme().overshoot(role, semibold)


def is_narrow(size: QSize) -> bool:
    """Whether a window of this size takes the narrow layout (below 1200 wide or 600 high)."""
    scale = theme().scale
    return size.width() / scale < NARROW_WIDTH or size.height() / scale < NARROW_HEIGHT
