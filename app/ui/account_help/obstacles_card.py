"""What stands in the way: the usual chips of the step, the rest on demand, a note that takes no code."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.account_help import HelpState, Obstacle
from app.domain.secret_guard import refuse_secrets
from app.errors import RuleError
from app.text import t
from app.ui.account_help.words import obstacle_label, usual_obstacles
from app.ui.widgets import Card, Chip, ChipBar, ChipItem, Field


class ObstaclesCard(Card):
    """``changed()``: chips pressed; ``note_changed()``: the note was typed."""

    changed = Signal()
    note_changed = Signal()

    def __init__(self) -> None:
        super().__init__(t("Đang vướng gì?"), hint=t("Chọn được nhiều"))
        self._state = HelpState.REGISTERED
        self._chosen: set[Obstacle] = set()
        self._open = False
        self.chips = ChipBar(name=t("Vướng mắc"))
        self.more: Chip = self.chips.add_act("")
        self.note = Field(t("Ghi chú"), placeholder=t("Vài chữ, không ghi mật khẩu, passcode hay mã OTP"))
        self.body.addWidget(self.chips)
        self.body.addWidget(self.note)
        self.chips.toggled.connect(self._on_chip)
        self.more.clicked.connect(self._on_more)
        self.note.edited.connect(self._on_note)
        self._show()

    def set_state(self, state: HelpState, chosen: Collection[Obstacle]) -> None:
        """The chips of another step; pressed ones stay in sight."""
        if (state, set(chosen)) != (self._state, self._chosen):
            self._state, self._chosen = state, set(chosen)
            self._show()

    def close_up(self) -> None:
        """Another citizen: only the usual chips again, no note."""
        self._open = False
        self.note.clear()
        self._show()

    def chosen(self) -> frozenset[Obstacle]:
        """Chips pressed."""
        return frozenset(self._chosen)

    def focus_first(self) -> None:
        """The focus to the first chip."""
        first = self.first_chip()
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def first_chip(self) -> QWidget | None:
        """Where the keys begin."""
        layout = self.chips.layout()
        item = layout.itemAt(0) if layout is not None else None
        return item.widget() if item is not None else None

    def show_all(self) -> None:
        """Every obstacle there is, and the note."""
        self._open = True
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _on_chip(self, key: str, on: bool) -> None:
        obstacle = Obstacle(key)
        (self._chosen.add if on else self._chosen.discard)(obstacle)
        self._place_note()
        self._fit_soon()
        if obstacle is Obstacle.OTHER and on:
            self.note.setFocus()
        self.changed.emit()

    def _on_more(self) -> None:
        self._open = not self._open
        self._show()
        if self._open and self._chosen:
            self.note.setFocus()

    def _on_note(self, text: str) -> None:
        try:
            refuse_secrets(text, "note")
        except RuleError as refused:
            self.note.set_error(f"{refused.title} {refused.next_step}")
        else:
            self.note.set_error(None)
        self.note_changed.emit()

    def _shown(self) -> list[Obstacle]:
        usual = usual_obstacles(self._state)
        if self._open:
            return [*usual, *(each for each in Obstacle if each not in usual)]
        return [*usual, *(each for each in Obstacle if each in self._chosen and each not in usual)]

    def _show(self) -> None:
        items = [ChipItem(each.value, obstacle_label(each), each in self._chosen) for each in self._shown()]
        focused = self.chips.isAncestorOf(QApplication.focusWidget() or self)
        self.chips.set_chips(items)
        if focused and not self.more.hasFocus():
            QTimer.singleShot(0, self, self.focus_first)
        self.more.setText(t("Thu gọn") if self._open else t("Vướng mắc khác…"))
        self.more.setAccessibleName(self.more.text())
        self.more.updateGeometry()
        self._place_note()
        self._fit_soon()

    def _place_note(self) -> None:
        wanted = self._open or Obstacle.OTHER in self._chosen or bool(self.note.text())
        self.note.setVisible(wanted)

    def _fit_soon(self) -> None:
        self._fit()
        QTimer.singleShot(0, self, self._fit)

    def _fit(self) -> None:
        """A chip grown by its check may need one line more."""
        layout = self.chips.layout()
        if layout is not None and self.chips.width() > 0:
            layout.invalidate()
            self.chips.setMinimumHeight(layout.heightForWidth(self.chips.width()))
