"""The first sign-in: the one-time password gives way to the officer's own before any work begins."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy

from app.domain.roles import Officer
from app.errors import AppError
from app.services.desk import Desk
from app.services.people.access import change_password
from app.text import t
from app.ui.background import Background
from app.ui.widgets import Button, Card, Field, Kind, Label, Size, Tone, Type


class NewPasswordCard(Card):
    """``changed(Officer)`` when the officer's own password is kept; ``left()`` when he turned back."""

    changed = Signal(object)
    left = Signal()

    def __init__(self, desk: Desk, background: Background) -> None:
        super().__init__()
        self._desk, self._background = desk, background
        self._officer: Officer | None = None
        self._once = ""
        self._why = Label("", Type.TABLE, tone=Tone.SECONDARY, wrap=True)
        self.new = Field(
            t("Mật khẩu mới"), icon="lock", secret=True, hint=t("Ít nhất 8 ký tự; một câu ngắn dễ nhớ là đủ.")
        )
        self.again = Field(t("Gõ lại mật khẩu mới"), icon="lock", secret=True)
        self.keep = Button(t("Đổi và vào làm việc"), kind=Kind.PRIMARY, size=Size.BIG, cap="Enter")
        self.back = Button(t("Quay lại"), cap="Esc")
        for button in (self.keep, self.back):
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        for part in (self._why, self.new, self.again, self.keep, self.back):
            self.body.addWidget(part)
        self.new.entered.connect(self.again.line.setFocus)
        self.again.entered.connect(self._try)
        self.keep.clicked.connect(self._try)
        self.back.clicked.connect(self.turn_back)

    def ask(self, officer: Officer, once: str) -> None:
        """Show the card for the officer who came in with the one-time password."""
        self._officer, self._once = officer, once
        self._why.setText(
            t("Chào {name}. Mật khẩu vừa gõ chỉ dùng một lần; đặt mật khẩu của riêng bạn.").format(
                name=officer.name
            )
        )
        self.new.clear()
        self.again.clear()
        self.new.line.setFocus()

    def turn_back(self) -> None:
        """Nothing was changed; the one-time password still holds."""
        self.forget()
        self.left.emit()

    def _try(self) -> None:
        officer, once, new = self._officer, self._once, self.new.text()
        if officer is None or not self.keep.isEnabled():
            return
        if new != self.again.text():
            self.again.set_error(t("Hai lần gõ chưa giống nhau. Gõ lại lần nữa."))
            self.again.line.selectAll()
            self.again.line.setFocus()
            return
        self.keep.setEnabled(False)
        self._background.run(
            lambda: change_password(self._desk, officer, once, new),
            lambda _: self._done(officer),
            self._refused,
            owner=self,
        )

    def _done(self, officer: Officer) -> None:
        self.forget()
        self.changed.emit(officer)

    def _refused(self, error: AppError) -> None:
        self.keep.setEnabled(True)
        self.again.set_error(None)
        self.new.set_error(f"{error.title} {error.next_step}")
        self.new.line.selectAll()
        self.new.line.setFocus()

    def forget(self) -> None:
        """What was typed is gone from the card."""
        self._officer, self._once = None, ""
        self.new.clear()
        self.again.clear()
        self.keep.setEnabled(True)
