"""The colours keep the contrast the design states; the font covers Vietnamese; sizes follow the officer."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QFontMetrics

from app.ui.theme import choose_family, vietnamese_letters
from app.ui.widgets import Label, Tone, Type, font, is_narrow, metrics, px, theme
from app.ui.widgets.tokens import DARK, LIGHT, Tokens, contrast, high_contrast
from tests.ui.widgets_rig import dressed
from tools.widget_gallery import black_palette

STATED = [
    (LIGHT, "text", 16.2),
    (LIGHT, "secondary", 7.6),
    (LIGHT, "placeholder", 4.8),
    (LIGHT, "input_border", 3.3),
    (LIGHT, "blue", 6.7),
    (LIGHT, "green", 6.6),
    (LIGHT, "amber", 6.8),
    (LIGHT, "red", 6.5),
    (LIGHT, "series_1", 5.2),
    (LIGHT, "series_2", 3.9),
    (DARK, "text", 13.5),
    (DARK, "secondary", 8.0),
    (DARK, "placeholder", 5.2),
    (DARK, "input_border", 4.3),
    (DARK, "blue", 7.4),
    (DARK, "green", 8.8),
    (DARK, "amber", 8.6),
    (DARK, "red", 7.8),
]


@pytest.mark.parametrize(("tokens", "name", "least"), STATED)
def test_contrast_on_the_surface_is_what_the_design_states(tokens: Tokens, name: str, least: float) -> None:
    assert contrast(getattr(tokens, name), tokens.surface) >= least - 0.06


@pytest.mark.parametrize("tokens", [LIGHT, DARK])
@pytest.mark.parametrize("tone", [Tone.BLUE, Tone.GREEN, Tone.AMBER, Tone.RED, Tone.SECONDARY])
def test_tinted_words_stay_readable(tokens: Tokens, tone: Tone) -> None:
    assert contrast(tokens.of(tone), tokens.tint_of(tone)) >= 5.6


@pytest.mark.parametrize("tokens", [LIGHT, DARK])
def test_words_on_blue_and_on_the_selection_are_readable(tokens: Tokens) -> None:
    assert contrast(tokens.on_primary, tokens.blue) >= 6.6
    assert contrast(tokens.on_selection, tokens.selection) >= 9.6
    assert contrast(tokens.blue, tokens.selection) >= 4.5
    assert contrast(tokens.secondary, tokens.rail) >= 4.5


def test_high_contrast_is_made_of_the_systems_palette_alone() -> None:
    dressed()
    palette = black_palette()
    tokens = high_contrast(palette)
    assert tokens.line_width == 2
    for tone in Tone:
        if tone is not Tone.ON_PRIMARY:
            assert contrast(tokens.of(tone), tokens.surface) >= 14
            assert tokens.tint_of(tone) == tokens.surface
    assert contrast(tokens.on_selection, tokens.selection) >= 14


def test_a_font_with_every_vietnamese_letter_is_found() -> None:
    dressed()
    assert len(set(vietnamese_letters())) == 146
    assert choose_family() is not None
    assert choose_family(("No Such Font",)) is None


def test_the_type_scale_follows_the_officers_factor() -> None:
    dressed()
    label = Label("Ấm", Type.BODY)
    before, small = label.font().pointSizeF(), px(36)
    theme().set_factor(1.5)
    assert label.font().pointSizeF() == pytest.approx(before * 1.5)
    assert px(36) == small * 1.5
    assert label.minimumHeight() >= QFontMetrics(font(Type.BODY)).height()
    theme().set_factor(9)
    assert theme().factor == 1.75
    theme().set_factor(1.0)


def test_the_smallest_letters_are_twelve_px() -> None:
    dressed()
    assert min(int(role) for role in Type) == 12
    assert {font(role, bold).weight() for role in Type for bold in (False, True)} == {400, 600}
    assert metrics(Type.CAP).height() > 12


def test_narrow_is_reckoned_in_the_officers_own_size() -> None:
    dressed()
    assert not is_narrow(QSize(1366, 696))
    assert is_narrow(QSize(911, 440))
    theme().set_factor(1.5)
    assert is_narrow(QSize(1366, 696))
    theme().set_factor(1.0)
