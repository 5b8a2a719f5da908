"""Who is being helped and how far: name, six steps, the telephone."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout

from app.domain.phone import normalise_phone
from app.text import t
from app.ui.account_help.visit import Visit
from app.ui.account_help.words import person_line, step_title, steps_shown
from app.ui.widgets import (
    Card,
    Divider,
    Label,
    Notice,
    NoticeKind,
    PhoneField,
    StepList,
    Tone,
    Type,
    px,
)

_NARROW_PHONE = 260


class PersonCard(Card):
    """``phone_changed()``: the telephone was typed or taken away."""

    phone_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._name = Label("", Type.DUE, semibold=True, elide=True)
        self._line = Label("", Type.LABEL, tone=Tone.SECONDARY, elide=True)
        self._rule = Divider()
        self._warnings = Notice(NoticeKind.WARN, "")
        self.steps = StepList()
        self.phone = PhoneField(t("Số điện thoại của công dân"), normalise_phone)
        self.phone.value_changed.connect(lambda _value: self.phone_changed.emit())
        words = QVBoxLayout()
        words.setSpacing(0)
        for label in (self._name, self._line):
            words.addWidget(label)
        self._top = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._top.addLayout(words, 1)
        self._top.addWidget(self._rule)
        self._top.addWidget(self.phone)
        self.body.addLayout(self._top)
        self.body.addWidget(self._warnings)
        self.body.addWidget(self.steps, 1)
        self._narrow = False
        self._visit: Visit | None = None
        self.set_narrow(False)

    def set_visit(self, visit: Visit) -> None:
        """Another citizen, or another step of the same."""
        self._visit = visit
        self._say()
        self.steps.set_steps(steps_shown(visit))
        self.phone.setVisible(not visit.kept_phone)
        self._warnings.setVisible(bool(visit.warnings))
        if visit.warnings:
            title = t("So thẻ với màn hình")
            self._warnings.set_notice(NoticeKind.WARN, title, " ".join(visit.warnings), icon="card")

    def set_phone(self, phone: str) -> None:
        """Shows a telephone without announcing it."""
        self.phone.blockSignals(True)
        self.phone.set_value(phone or None)
        self.phone.blockSignals(False)

    def set_narrow(self, narrow: bool) -> None:
        """One line: name and step at left, the telephone at right; the list of steps goes."""
        self._narrow = narrow
        ways = QBoxLayout.Direction
        self._top.setDirection(ways.LeftToRight if narrow else ways.TopToBottom)
        self._top.setSpacing(px(12) if narrow else px(8))
        self._rule.setVisible(not narrow)
        self._line.setVisible(not narrow)
        self.steps.setVisible(not narrow)
        self.phone.setMaximumWidth(px(_NARROW_PHONE) if narrow else 1 << 20)
        self._say()

    def _say(self) -> None:
        visit = self._visit
        if visit is None:
            return
        name = visit.name or t("Công dân không lưu tên")
        line = person_line(visit)
        self._line.setText(line)
        parts = (name, step_title(visit.outcome), line) if self._narrow else (name,)
        self._name.setText(" · ".join(part for part in parts if part))
