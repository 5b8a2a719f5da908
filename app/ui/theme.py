"""Sets the whole application's look up once: Fusion, the font, the palette, the wish of the system."""

from __future__ import annotations

import unicodedata

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette, QRawFont
from PySide6.QtWidgets import QApplication, QStyleFactory

from app.ui.widgets.look import theme
from app.ui.widgets.tokens import Mode, Tokens

FAMILIES = ("Segoe UI", "Open Sans", "Noto Sans", "Liberation Sans")


def vietnamese_letters() -> str:
    """The 146 letters a font must have: twelve vowels in six tones, and đ, small and capital."""
    marks = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
    small = (
        "".join(unicodedata.normalize("NFC", vowel + mark) for vowel in "aăâeêioôơuưy" for mark in marks)
        + "đ"
    )
    return small + small.upper()


def covers_vietnamese(family: str) -> bool:
    """Whether the family itself, without borrowing from others, has every Vietnamese letter."""
    raw = QRawFont.fromFont(QFont(family))
    return raw.isValid() and all(raw.supportsCharacter(ord(letter)) for letter in vietnamese_letters())


def choose_family(wanted: tuple[str, ...] = FAMILIES) -> str | None:
    """The first family that is installed and covers Vietnamese; None when no wanted one does."""
    installed = set(QFontDatabase.families())
    return next((family for family in wanted if family in installed and covers_vietnamese(family)), None)


def system_mode() -> Mode:
    """What the system asks for: high contrast, dark or light."""
    hints = QGuiApplication.styleHints()
    if hints.accessibility().contrastPreference() is Qt.ContrastPreference.HighContrast:
        return Mode.HIGH_CONTRAST
    return Mode.DARK if hints.colorScheme() is Qt.ColorScheme.Dark else Mode.LIGHT


def set_up_look(app: QApplication, *, mode: Mode | None = None, factor: float = 1.0) -> str | None:
    """Dresses the application; ``mode`` None follows the system. Returns the font family taken.

    None means that no wanted family covers Vietnamese: the system's own font is kept, and the main window
    should say so in a notice.
    """
    app.setStyle(QStyleFactory.create("Fusion"))
    family = choose_family()
    look = theme()
    look.family = family or app.font().family()
    look.factor = factor
    wear(mode or system_mode())
    if mode is None:
        app.styleHints().colorSchemeChanged.connect(lambda _scheme: wear(system_mode()))
    return family


def wear(mode: Mode) -> None:
    """Changes to another set of colours while running."""
    look = theme()
    look.set_mode(mode)
    if mode is not Mode.HIGH_CONTRAST:
        QApplication.setPalette(palette_of(look.tokens))


def palette_of(tokens: Tokens) -> QPalette:
    """Qt's own palette in our colours, for what Qt paints itself (tooltips, menus, file dialogs)."""
    role, palette = QPalette.ColorRole, QPalette()
    colours: dict[QPalette.ColorRole, QColor] = {
        role.Window: tokens.window,
        role.WindowText: tokens.text,
        role.Base: tokens.surface,
        role.AlternateBase: tokens.band,
        role.Text: tokens.text,
        role.Button: tokens.surface,
        role.ButtonText: tokens.text,
        role.BrightText: tokens.red,
        role.Highlight: tokens.blue,
        role.HighlightedText: tokens.on_primary,
        role.PlaceholderText: tokens.placeholder,
        role.ToolTipBase: tokens.surface,
        role.ToolTipText: tokens.text,
        role.Link: tokens.blue,
        role.LinkVisited: tokens.blue,
        role.Mid: tokens.button_border,
        role.Dark: tokens.input_border,
    }
    for which, colour in colours.items():
        palette.setColor(which, colour)
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, tokens.placeholder)
    return palette
