"""Mật khẩu của tôi: the officer's own password, changed by nobody else."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.services.people.access import change_password
from app.text import t
from app.ui.screen import Context
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
        self.add(self.card)
        self.fields = {"old_password": self.old, "new_password": self.new, "again": self.again}
        self.old.entered.connect(lambda: self.new.setFocus(Qt.FocusReason.TabFocusReason))
        self.new.entered.connect(lambda: self.again.setFocus(Qt.FocusReason.TabFocusReason))
        self.again.entered.connect(self.save)
        self.keep.clicked.connect(self.save)

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

    def _changed(self, _nothing: None) -> None:
        self.forget()
        self.said(t("Đã đổi mật khẩu."), t("Từ lần đăng nhập sau dùng mật khẩu mới."))
