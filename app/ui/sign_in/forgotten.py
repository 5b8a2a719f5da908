"""Quên mật khẩu: when nobody can sign in, the printed recovery words set an administrator's password."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy

from app.domain.roles import Officer
from app.errors import AppError
from app.services.desk import Desk
from app.text import t
from app.ui.background import Background
from app.ui.widgets import Button, Card, Field, Kind, Label, Size, Tone, Type

Recover = Callable[[str, str, str], Officer]
"""Words, login, new password; raises what ``services.people.recovery`` raises."""


def recover_with(desk: Desk, words: str, login: str, new: str) -> Officer:
    """The service, loaded when it is needed: no window waits for it to open."""
    from app.services.people.recovery import recover_administrator

    return recover_administrator(desk, words, login, new)


class ForgottenCard(Card):
    """``recovered(Officer)`` when the new password is kept; ``left()`` when somebody turned back."""

    recovered = Signal(object)
    left = Signal()

    def __init__(self, background: Background, recover: Recover) -> None:
        super().__init__()
        self._background, self._recover = background, recover
        told = Label(
            t(
                "Quên mật khẩu: nhờ lãnh đạo hoặc quản trị viên cấp lại ở Cài đặt, mục Cán bộ. Chỉ khi "
                "không ai vào được mới lấy tờ khôi phục trong tủ để đặt lại mật khẩu quản trị viên."
            ),
            Type.LABEL,
            tone=Tone.SECONDARY,
            wrap=True,
        )
        self.words = Field(t("Chín từ trên tờ khôi phục"), icon="key", hint=t("Gõ cách nhau một dấu cách."))
        self.login = Field(t("Tên đăng nhập của quản trị viên"), icon="person-plus")
        self.new = Field(t("Mật khẩu mới"), icon="lock", secret=True, hint=t("Ít nhất 8 ký tự."))
        self.again = Field(t("Gõ lại mật khẩu mới"), icon="lock", secret=True)
        self.keep = Button(t("Đặt mật khẩu mới"), kind=Kind.PRIMARY, size=Size.BIG, cap="Enter")
        self.back = Button(t("Quay lại"), cap="Esc")
        for button in (self.keep, self.back):
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._fields = {"words": self.words, "login": self.login, "new_password": self.new}
        for part in (told, *self._fields.values(), self.again, self.keep, self.back):
            self.body.addWidget(part)
        order = (self.words, self.login, self.new, self.again)
        for here, there in pairwise(order):
            here.entered.connect(there.line.setFocus)
        self.again.entered.connect(self._try)
        self.keep.clicked.connect(self._try)
        self.back.clicked.connect(self.turn_back)

    def ask(self) -> None:
        """An empty card."""
        self.forget()
        self.words.line.setFocus()

    def turn_back(self) -> None:
        """Nothing was changed."""
        self.forget()
        self.left.emit()

    def forget(self) -> None:
        """Nothing typed stays."""
        for each in (self.words, self.login, self.new, self.again):
            each.clear()
        self.keep.setEnabled(True)

    def _try(self) -> None:
        if not self.keep.isEnabled():
            return
        words, login, new = self.words.text(), self.login.text(), self.new.text()
        if new != self.again.text():
            self.again.set_error(t("Hai lần gõ chưa giống nhau. Gõ lại lần nữa."))
            self.again.line.setFocus()
            return
        self.keep.setEnabled(False)
        self._background.run(lambda: self._recover(words, login, new), self._done, self._refused, owner=self)

    def _done(self, officer: Officer) -> None:
        self.forget()
        self.recovered.emit(officer)

    def _refused(self, error: AppError) -> None:
        self.keep.setEnabled(True)
        for each in (*self._fields.values(), self.again):
            each.set_error(None)
        field = self._fields.get(error.field or "", self.words)
        field.set_error(f"{error.title} {error.next_step}")
        field.line.setFocus()
