"""Mật khẩu của tôi: the officer's own password and second step, changed by nobody else."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.services.people.access import change_password
from app.services.people.second_step import (
    Enrolment,
    SecondStep,
    begin_second_step,
    confirm_second_step,
    end_own_second_step,
    own_second_step,
)
from app.text import t
from app.ui.screen import Context
from app.ui.settings.second_step import SecondStepCard
from app.ui.settings.section import Section
from app.ui.widgets import Button, Card, Field, Kind


class PasswordSection(Section):
    """Old, new, new again."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.card = Card(t("Đổi mật khẩu của tôi"))
        self.old = Field(t("Mật khẩu đang dùng"), icon="lock", secret=True)
        self.new = Field(
            t("Mật khẩu mới"), icon="lock", secret=True, hint=t("Ít nhất 8 ký tự; một câu ngắn dễ nhớ là đủ.")
        )
        self.again = Field(t("Gõ lại mật khẩu mới"), icon="lock", secret=True)
        self.keep = Button(t("Đổi mật khẩu"), Kind.PRIMARY, icon="key", cap="Ctrl+S")
        for part in (self.old, self.new, self.again, self.keep):
            self.card.body.addWidget(part)
        self.second = SecondStepCard()
        self.add(self.card, self.second)
        self.fields = {
            "old_password": self.old,
            "new_password": self.new,
            "again": self.again,
            "password": self.second.password,
            "code": self.second.code,
        }
        self.second.begun.connect(self._begin)
        self.second.confirmed.connect(self._confirm)
        self.second.ended.connect(self._end)
        self.second.noted.clicked.connect(self.load)
        self.old.entered.connect(lambda: self.new.setFocus(Qt.FocusReason.TabFocusReason))
        self.new.entered.connect(lambda: self.again.setFocus(Qt.FocusReason.TabFocusReason))
        self.again.entered.connect(self.save)
        self.keep.clicked.connect(self.save)

    def load(self) -> None:
        """Whether there is a second step."""
        desk, by = self.desk, self.by
        self.ask(lambda: own_second_step(desk, by), self._show)

    def save(self) -> None:
        """Once both new ones are alike."""
        self.clear_errors()
        if self.new.text() != self.again.text():
            self.wrong(self.again, t("Hai lần gõ chưa giống nhau. Gõ lại lần nữa."))
            return
        desk, by, old, new = self.desk, self.by, self.old.text(), self.new.text()
        self.work(lambda: change_password(desk, by, old, new), self._changed)

    def first(self) -> QWidget:
        """The old one."""
        return self.old

    def forget(self) -> None:
        """Nothing typed stays."""
        for field in (self.old, self.new, self.again):
            field.clear()
            field.set_error(None)
        self.second.forget()
        self.card.show()

    def _begin(self) -> None:
        desk, by = self.desk, self.by
        self.work(lambda: begin_second_step(desk, by), self._enrol)

    def _enrol(self, made: Enrolment) -> None:
        """The code alone on the page, so that it is in sight of the telephone."""
        self.card.hide()
        self.second.show_enrolment(made)

    def _show(self, now: SecondStep) -> None:
        self.card.show()
        self.second.show_state(now)

    def _confirm(self) -> None:
        desk, by, card = self.desk, self.by, self.second
        password, secret, code = card.password.text(), card.secret, card.code.text()
        self.work(lambda: confirm_second_step(desk, by, password, secret, code), card.show_spare)

    def _end(self) -> None:
        desk, by, password = self.desk, self.by, self.second.password.text()
        self.work(lambda: end_own_second_step(desk, by, password), self._ended)

    def _ended(self, _nothing: None) -> None:
        self.said(t("Đã tắt bước hai."), t("Từ lần sau chỉ cần mật khẩu."))
        self.load()

    def _changed(self, _nothing: None) -> None:
        self.forget()
        self.said(t("Đã đổi mật khẩu."), t("Từ lần đăng nhập sau dùng mật khẩu mới."))
