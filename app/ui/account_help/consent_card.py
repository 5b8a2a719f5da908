"""Consent purpose by purpose: read aloud, ticked one by one, withdrawn with its effect told first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.account_help import CURRENT_WORDING, ConsentPurpose, consent_wording, consent_words
from app.domain.phone import display_phone
from app.text import t
from app.ui.account_help.visit import Visit
from app.ui.account_help.words import given_words, withdrawal_effect
from app.ui.widgets import Button, Card, CheckRow, Label, Notice, NoticeKind, Size, Tone, Type, px

_WORDINGS_LEFT = 34


class ConsentRow(QWidget):
    """One purpose. ``toggled(bool)`` by the officer, ``withdraw_asked()``, ``came()`` when it has the focus,
    ``went_on()`` for Enter."""

    toggled = Signal(bool)
    withdraw_asked = Signal()
    came = Signal()
    went_on = Signal()

    def __init__(self, purpose: ConsentPurpose) -> None:
        super().__init__()
        self.purpose = purpose
        wording = consent_wording(purpose)
        self._title, self._text = consent_words(wording)
        self._without = wording.without
        self._stored = False
        self.box = CheckRow(self._title, why=self._without)
        self.withdraw = Button(t("Rút lại…"), size=Size.SMALL)
        self.withdraw.setAccessibleName(t("Rút lại: {what}").format(what=self._title))
        self._reading = Label(t("Đọc to: “{text}”").format(text=self._text), Type.LABEL, wrap=True)
        self._reading.set_tone(Tone.BLUE)
        across, below, column = QHBoxLayout(), QHBoxLayout(), QVBoxLayout(self)
        across.addWidget(self.box, 1)
        across.addWidget(self.withdraw)
        below.setContentsMargins(px(_WORDINGS_LEFT), 0, 0, px(4))
        below.addWidget(self._reading)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(across)
        column.addLayout(below)
        self.box.clicked.connect(self._on_click)
        self.withdraw.clicked.connect(self.withdraw_asked)
        self.box.installEventFilter(self)

    def show_visit(self, visit: Visit, officer_name: str) -> None:
        """Given and kept, just ticked, or not given."""
        stored = next(
            (g for g in (visit.case.consents if visit.case else ()) if g.purpose is self.purpose and g.live),
            None,
        )
        ticked: datetime | None = visit.ticked.get(self.purpose)
        self._stored = stored is not None
        self.box.setChecked(stored is not None or ticked is not None)
        self.withdraw.setVisible(stored is not None)
        phone = visit.kept_phone or visit.phone
        named = self.purpose is ConsentPurpose.REMINDER and phone
        title = t("{title} đến {phone}").format(title=self._title, phone=display_phone(phone))
        self.box.setText(title if named else self._title)
        if stored is not None:
            self.box.set_why(given_words(stored.given_at, stored.wording_version, stored.officer_name))
        elif ticked is not None:
            self.box.set_why(given_words(ticked, CURRENT_WORDING, officer_name))
        else:
            self.box.set_why(self._without)

    def given(self) -> bool:
        """Whether the box is ticked."""
        return self.box.isChecked()

    def read_out(self, shown: bool) -> None:
        """Shows the wording that is read aloud."""
        self._reading.setVisible(shown)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn:
            self.came.emit()
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.went_on.emit()
            return True
        return False

    def _on_click(self, on: bool) -> None:
        if self._stored:
            self.box.setChecked(True)
            self.withdraw_asked.emit()
        else:
            self.toggled.emit(on)


class ConsentCard(Card):
    """``ticked(purpose, bool)``; ``withdrawn(purpose)`` once its effect was told; ``done()``: at the end."""

    ticked = Signal(object, bool)
    withdrawn = Signal(object)
    done = Signal()

    def __init__(self) -> None:
        super().__init__(t("Đồng ý của công dân"), hint=t("Đọc to từng dòng"))
        self.rows = {purpose: ConsentRow(purpose) for purpose in _ORDER}
        self._asking: ConsentPurpose | None = None
        self.effect = Notice(NoticeKind.WARN, "")
        self._yes = self.effect.add_act(t("Rút lại"))
        self._no = self.effect.add_act(t("Giữ như cũ"))
        self._nothing = Label("", Type.LABEL, tone=Tone.SECONDARY, wrap=True)
        rows = QVBoxLayout()
        rows.setSpacing(0)
        self.body.addLayout(rows)
        for row in self.rows.values():
            rows.addWidget(row)
            row.toggled.connect(_bound(self.ticked.emit, row.purpose))
            row.came.connect(_called(self._read_out, row.purpose))
            row.withdraw_asked.connect(_called(self.ask_withdrawal, row.purpose))
            row.went_on.connect(_called(self._go_on, row.purpose))
        self.body.addWidget(self.effect)
        self.body.addWidget(self._nothing)
        self.effect.hide()
        self._yes.clicked.connect(self._withdraw)
        self._no.clicked.connect(lambda: self.ask_withdrawal(None))

    def set_visit(self, visit: Visit, officer_name: str) -> None:
        """What is given and what is not; the wording of the next one not given stands open."""
        for row in self.rows.values():
            row.show_visit(visit, officer_name)
        focused = next((row for row in self.rows.values() if row.box.hasFocus()), None)
        open_row = focused if focused and not focused.given() else self._first_open()
        for row in self.rows.values():
            row.read_out(row is open_row)
        self._nothing.setText(_what_is_kept(visit))

    def ask_withdrawal(self, purpose: ConsentPurpose | None) -> None:
        """Tells what a withdrawal does before it is done; ``None`` puts the question away."""
        self._asking = purpose
        if purpose is not None:
            title = t("Rút lại: {what}").format(what=self.rows[purpose].box.text())
            self.effect.set_notice(NoticeKind.WARN, title, withdrawal_effect(purpose))
            self._no.setFocus()
        self.effect.setVisible(purpose is not None)

    def _withdraw(self) -> None:
        purpose = self._asking
        self.ask_withdrawal(None)
        if purpose is not None:
            self.withdrawn.emit(purpose)

    def _first_open(self) -> ConsentRow | None:
        return next((row for row in self.rows.values() if not row.given()), None)

    def _read_out(self, purpose: ConsentPurpose) -> None:
        for row in self.rows.values():
            row.read_out(row.purpose is purpose and not row.given())

    def _go_on(self, purpose: ConsentPurpose) -> None:
        following = _ORDER.index(purpose) + 1
        if following < len(_ORDER):
            self.rows[_ORDER[following]].box.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.done.emit()


_ORDER = (ConsentPurpose.REMINDER, ConsentPurpose.TRACKING, ConsentPurpose.CONTACT)


def _what_is_kept(visit: Visit) -> str:
    if visit.tracked:
        return ""
    if visit.keeps_something:
        return t("Tên và các bước không được lưu. Không gửi gì về tỉnh.")
    return t("Chưa đồng ý gì: không lưu tên, không gửi tỉnh, chỉ đếm một lượt.")


def _called(call: Callable[[ConsentPurpose], None], purpose: ConsentPurpose) -> Callable[[], None]:
    return lambda: call(purpose)


def _bound(call: Callable[..., None], purpose: ConsentPurpose) -> Callable[[bool], None]:
    return lambda on: call(purpose, on)
