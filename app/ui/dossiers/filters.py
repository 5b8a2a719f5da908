"""Ready-made filters with their counts: a card at left, or one button in a narrow window."""

from __future__ import annotations

from collections.abc import Mapping

from app.services.finding.grid import Preset
from app.text import t
from app.ui.dossiers.popup_button import PopupButton
from app.ui.dossiers.words import grouped
from app.ui.widgets import (
    Card,
    Choice,
    RowItem,
    RowList,
    State,
    late,
    near,
    px,
    ready,
    to_send,
    under_way,
    waiting_citizen,
)

ALL = "all"
_WIDTH = 196

_MARKS: dict[Preset, State] = {
    Preset.WORKING: under_way(""),
    Preset.DUE_TODAY: near(""),
    Preset.OVERDUE: late(""),
    Preset.WAITING: waiting_citizen(""),
    Preset.TO_RETURN: ready(""),
    Preset.UNSENT: to_send(""),
}


def preset_of(key: str) -> Preset | None:
    """The filter of a row's key, ``None`` for all dossiers."""
    return None if key == ALL else Preset(key)


def key_of(preset: Preset | None) -> str:
    """The row's key of a filter."""
    return ALL if preset is None else preset.value


class FilterCard(Card):
    """The card at left; ``list.picked(str)`` carries a key for ``preset_of``."""

    def __init__(self) -> None:
        super().__init__()
        self.list = RowList(name=t("Bộ lọc có sẵn"))
        self.full.addWidget(self.list)
        self.set_counts({})
        self.restyle()

    def set_counts(self, counts: Mapping[Preset, int]) -> None:
        """Shows how many each filter holds; what is not counted yet shows nothing."""
        rows = [RowItem("head", t("Có sẵn"), heading=True)]
        rows += [
            RowItem(preset.value, preset.label, right=_count(counts, preset), state=_MARKS[preset])
            for preset in Preset
        ]
        rows += [RowItem("head2", t("Toàn bộ"), heading=True), RowItem(ALL, t("Tất cả hồ sơ"))]
        self.list.set_items(rows)

    def set_preset(self, preset: Preset | None) -> None:
        """Shows which filter holds."""
        self.list.set_current(key_of(preset))

    def restyle(self) -> None:
        """Takes the width of the look now worn."""
        super().restyle()
        self.setFixedWidth(px(_WIDTH))
        self._outer.setContentsMargins(1, px(6), 1, px(6))


class FilterButton(PopupButton):
    """The same filters behind a button; ``chosen(str)`` carries a key for ``preset_of``."""

    def __init__(self) -> None:
        super().__init__(t("Tất cả hồ sơ"), icon="filter")
        self._counts: Mapping[Preset, int] = {}
        self._preset: Preset | None = None
        self._fill()

    def set_counts(self, counts: Mapping[Preset, int]) -> None:
        """Shows how many each filter holds."""
        self._counts = counts
        self._fill()

    def set_preset(self, preset: Preset | None) -> None:
        """Shows which filter holds."""
        self._preset = preset
        self.set_text(preset.label if preset is not None else t("Tất cả hồ sơ"))
        self._fill()

    def _fill(self) -> None:
        choices = [Choice(ALL, t("Tất cả hồ sơ"))]
        choices += [Choice(each.value, each.label, _count(self._counts, each)) for each in Preset]
        self.set_choices(choices, key_of(self._preset))


def _count(counts: Mapping[Preset, int], preset: Preset) -> str:
    return grouped(counts[preset]) if preset in counts else ""
