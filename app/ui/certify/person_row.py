"""Who asks: from the card, or two boxes typed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.vietnamese import tidy_name
from app.text import t
from app.ui.widgets import Card, Field, px


class PersonRow(Card):
    """``changed()`` at each key; ``finished()`` for Enter in the last box."""

    changed = Signal()
    finished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        self._built = False
        super().__init__(parent=parent)
        self.name = Field(t("Người yêu cầu"), placeholder=t("quét thẻ, hoặc gõ họ tên"), tidy=tidy_name)
        self.number = Field(t("Số giấy tờ tùy thân"), placeholder=t("12 chữ số, không có thì để trống"))
        self._row = QHBoxLayout()
        self._row.addWidget(self.name, 3, Qt.AlignmentFlag.AlignTop)
        self._row.addWidget(self.number, 2, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(self._row)
        self.name.edited.connect(lambda _text: self._on_edited(self.name))
        self.number.edited.connect(lambda _text: self._on_edited(self.number))
        self.name.entered.connect(self._after_name)
        self.number.entered.connect(self.finished)
        self._built = True
        self.restyle()

    def show_person(self, name: str, number: str, *, from_card: bool) -> None:
        """Fills the boxes; a number from the card is not typed over."""
        self.name.set_text(name)
        self.number.set_text(number)
        self.number.set_read_only(from_card)
        self.name.set_unit(t("theo thẻ") if from_card else "")

    def show_error(self, field: str | None, sentence: str) -> None:
        """Says beside the box what is wrong and goes there."""
        box = self.number if field == "id_value" else self.name
        box.set_error(sentence)
        box.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def clear_errors(self) -> None:
        """Takes the red sentences away."""
        self.name.set_error(None)
        self.number.set_error(None)

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        super().restyle()
        if not self._built:
            return
        self._row.setSpacing(px(12))

    def _on_edited(self, field: Field) -> None:
        field.set_error(None)
        self.changed.emit()

    def _after_name(self) -> None:
        if self.number.line.isReadOnly():
            self.finished.emit()
        else:
            self.number.line.setFocus(Qt.FocusReason.TabFocusReason)
