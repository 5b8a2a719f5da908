"""One paper of the list: brought by the citizen, held already, or another in its place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from app.domain.component_rules import Reuse
from app.text import t
from app.ui.reception.other_way import BROUGHT, HELD, INSTEAD, NATIONAL, OtherWay, held_day
from app.ui.widgets import (
    Button,
    Card,
    Choice,
    ChoiceField,
    DateField,
    Field,
    Kind,
    Label,
    SegmentedChoice,
    Type,
)

_WAYS = ((BROUGHT, t("Nộp")), (HELD, t("Đã có")), (INSTEAD, t("Giấy thay")))
_KINDS = (
    Choice(Reuse.COMPONENT.value, t("Giấy tờ của hồ sơ trước")),
    Choice(Reuse.RESULT.value, t("Kết quả đã cấp trước")),
    Choice(NATIONAL, t("Kho dữ liệu quốc gia")),
)


class PaperPanel(Card):
    """``edited(name, text)`` with the names of ``OtherWay``; ``finished()`` Enter in the last field;
    ``left()`` nothing of it after all. ``paper``: the id shown, or ""."""

    edited = Signal(str, str)
    finished = Signal()
    left = Signal()

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(t("Giấy này đã có thế nào?"), parent=parent)
        self.paper = ""
        self._name = Label("", Type.BODY, wrap=True)
        self.way = SegmentedChoice(_WAYS, name=t("Giấy tờ"))
        self.source = Field(t("Có ở đâu"), placeholder=t("mã hồ sơ cũ hoặc nơi tra cứu"))
        self.day = DateField(t("Ngày cấp hoặc tra cứu"), lambda text: held_day(text, today()), weekday=False)
        self.kind = ChoiceField(t("Là"), _KINDS)
        self.substitute = Field(t("Giấy thay thế"), placeholder=t("tên giấy đã nhận thay"))
        self.done = Button(t("Xong"), Kind.TINTED, icon="check", cap="Enter", leading=True)
        self._stop = Button(t("Thôi"), Kind.LINK)
        self.add_act(self._stop)
        for part in (self._name, self.way, self.source, self.day, self.kind, self.substitute, self.done):
            self.body.addWidget(part)
        self.body.addStretch(1)
        self._wire()

    def set_narrow(self, narrow: bool) -> None:
        """No name above: the row in the list is marked."""
        self._name.setVisible(not narrow)

    def show_paper(self, paper: str, name: str, other: OtherWay) -> None:
        """The paper with what is typed of it, without announcing."""
        self.paper = paper
        self._name.setText(name)
        for field, text in self._lines(other):
            if not field.line.hasFocus() and field.text() != text:
                field.set_text(text)
        self.way.set_value(other.way)
        self.kind.set_value(other.kind)
        for part in (self.source, self.day, self.kind):
            part.setVisible(other.way == HELD)
        self.substitute.setVisible(other.way == INSTEAD)

    def fields(self) -> dict[str, QWidget]:
        """Every field by its name in drafts and refusals."""
        return {
            "paper_way": self.way,
            "paper_source": self.source,
            "paper_day": self.day,
            "paper_kind": self.kind,
            "paper_substitute": self.substitute,
        }

    def clear_errors(self) -> None:
        """Take every red sentence away."""
        for field in (self.source, self.day, self.substitute):
            field.set_error(None)

    def _lines(self, other: OtherWay) -> tuple[tuple[Field, str], ...]:
        return (self.source, other.source), (self.day, other.day), (self.substitute, other.substitute)

    def _wire(self) -> None:
        for name in ("source", "day", "substitute"):
            field: Field = getattr(self, name)
            field.edited.connect(lambda text, of=name: self.edited.emit(of, text))
            field.left.connect(lambda text, of=name: self.edited.emit(of, text))
        self.way.changed.connect(lambda key: self.edited.emit("way", key))
        self.kind.changed.connect(lambda key: self.edited.emit("kind", key))
        self.way.entered.connect(self._after_way)
        self.source.entered.connect(lambda: _focus(self.day))
        self.day.entered.connect(lambda: _focus(self.kind))
        self.kind.entered.connect(self.finished)
        self.substitute.entered.connect(self.finished)
        self.done.clicked.connect(self.finished)
        self._stop.clicked.connect(self.left)

    def _after_way(self) -> None:
        way = self.way.value()
        if way == BROUGHT:
            self.finished.emit()
        else:
            _focus(self.source if way == HELD else self.substitute)


def _focus(widget: QWidget) -> None:
    widget.setFocus(Qt.FocusReason.TabFocusReason)
