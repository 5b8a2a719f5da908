"""Ủy quyền: who signs while the leader is away, given and taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.domain.roles import Officer
from app.errors import AppError
from app.services.people.delegation import Delegation
from app.text import t
from app.ui.leader.words import delegation_words
from app.ui.widgets import (
    Button,
    Card,
    Choice,
    ChoiceField,
    DateField,
    Field,
    Kind,
    Label,
    Notice,
    NoticeKind,
    Size,
    Tone,
    Type,
    px,
)


class DelegationCard(Card):
    """One line a delegation. ``asked()``: give one; ``ended(str)``: take this one back."""

    asked = Signal()
    ended = Signal(str)

    def __init__(self) -> None:
        super().__init__(t("Ký thay"))
        self.give = Button(t("Ủy quyền khi vắng"), Kind.LINK)
        self.give.clicked.connect(self.asked)
        self.add_act(self.give)
        self.nothing = Label(t("Không ai đang ký thay."), Type.TABLE, tone=Tone.SECONDARY)
        self._list = QVBoxLayout()
        self.body.addWidget(self.nothing)
        self.body.addLayout(self._list)
        self.lines: list[DelegationLine] = []

    def set_delegations(self, given: Sequence[Delegation], by: Officer, now: datetime, *, may: bool) -> None:
        """Shows them; only who gave one may take it back. ``may``: whether this officer can give one."""
        self.give.setVisible(may)
        self.nothing.setVisible(not given)
        for old in self.lines:
            self._list.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.lines = [DelegationLine(one, now, mine=one.leader_id == by.id) for one in given]
        for line in self.lines:
            self._list.addWidget(line)
            line.ended.connect(self.ended)


class DelegationLine(QWidget):
    """Who signs for whom and when; ``ended(str)``: take it back."""

    ended = Signal(str)

    def __init__(self, given: Delegation, now: datetime, *, mine: bool) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(Label(delegation_words(given, now), Type.TABLE, wrap=True), 1)
        self.end = Button(t("Rút lại"), Kind.LINK)
        self.end.clicked.connect(lambda _on=False: self.ended.emit(given.id))
        row.addWidget(self.end)
        self.end.setVisible(mine)


class DelegationForm(Card):
    """``given(str, date, date, str)``: deputy's id, first and last day, reason; ``left()``."""

    given = Signal(str, object, object, str)
    left = Signal()

    def __init__(self, parse_day: Callable[[str], date]) -> None:
        super().__init__(t("Ủy quyền ký khi vắng"))
        self.back = Button(t("Đóng"), cap="Esc", size=Size.SMALL)
        self.add_act(self.back)
        self.notice = Notice(NoticeKind.WARN, "")
        self.notice.hide()
        self.deputy = ChoiceField(t("Người ký thay"), placeholder=t("chọn cán bộ"))
        self.first = DateField(t("Từ ngày"), parse_day)
        self.last = DateField(t("Đến hết ngày"), parse_day)
        self.reason = Field(t("Lý do hoặc văn bản ủy quyền"), placeholder=t("ví dụ: nghỉ phép"))
        self.give = Button(t("Ủy quyền"), Kind.PRIMARY, size=Size.BIG, cap="Enter")
        self.give.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        for part in (self.notice, self.deputy, self.first, self.last, self.reason, self.give):
            self.body.addWidget(part)
        self.body.addStretch(1)
        self.back.clicked.connect(self.left)
        self.deputy.entered.connect(self.first.line.setFocus)
        self.first.entered.connect(self.last.line.setFocus)
        self.last.entered.connect(self.reason.line.setFocus)
        self.reason.entered.connect(self._ask)
        self.give.clicked.connect(self._ask)
        self.restyle()

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        super().restyle()
        self.body.setSpacing(px(8))

    def ask(self, officers: Sequence[Officer], today: date) -> None:
        """Opens empty, from today on."""
        self.deputy.set_choices([Choice(each.id, each.name, each.position) for each in officers])
        self.first.set_value(today)
        self.last.set_value(None)
        self.reason.clear()
        self.notice.hide()
        self.deputy.setFocus()

    def say(self, error: AppError) -> None:
        """Beside its field where it has one."""
        fields = {
            "deputy": self.deputy,
            "from_day": self.first,
            "to_day": self.last,
            "reason": self.reason,
        }
        field = fields.get(error.field or "")
        if field is None:
            self.notice.set_notice(NoticeKind.WARN, error.title, error.next_step)
            self.notice.show()
            return
        field.set_error(f"{error.title} {error.next_step}")
        field.setFocus()

    def _ask(self) -> None:
        if not self.deputy.value():
            self.deputy.set_error(t("Chưa chọn người ký thay."))
            self.deputy.setFocus()
            return
        self.deputy.set_error(None)
        for field in (self.first, self.last):
            if not field.read():
                field.setFocus()
                return
            if field.value() is None:
                field.set_error(t("Chưa ghi ngày. Gõ ví dụ 27112026."))
                field.setFocus()
                return
        self.given.emit(self.deputy.value(), self.first.value(), self.last.value(), self.reason.text())
