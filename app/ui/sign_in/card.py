"""The card of signing in: login, password, and what else is asked for once it is known to be needed."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy

from app.errors import AppError
from app.text import t
from app.ui.widgets import Button, Card, Field, Kind, Label, Notice, NoticeKind, Size, Tone, Type


@dataclass(frozen=True)
class Entry:
    """What was typed. ``code``: of the second step; ``phrase``: opens the store where no key store does."""

    login: str
    password: str = field(repr=False)
    code: str = field(default="", repr=False)
    phrase: str = field(default="", repr=False)


class SignInCard(Card):
    """``tried(Entry)`` when Enter is pressed in the last field, or the button."""

    tried = Signal(object)

    def __init__(self, enter: str) -> None:
        super().__init__()
        self.why = Label("", Type.TABLE, tone=Tone.SECONDARY, wrap=True)
        self.news = Notice(NoticeKind.WARN, "")
        self.phrase = Field(t("Cụm mật khẩu mở kho"), icon="key", secret=True)
        self.login = Field(t("Tên đăng nhập"), icon="person-plus")
        self.password = Field(t("Mật khẩu"), icon="lock", secret=True)
        self.code = Field(t("Mã trên điện thoại"), icon="shield-check", placeholder=t("sáu số"))
        self.enter = Button(enter, kind=Kind.PRIMARY, size=Size.BIG, cap="Enter")
        self.enter.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        for part in (self.why, self.news, self.phrase, self.login, self.password, self.code, self.enter):
            self.body.addWidget(part)
        for hidden in (self.why, self.news, self.phrase, self.code):
            hidden.hide()
        self._fields = {"phrase": self.phrase, "code": self.code}
        self.phrase.entered.connect(lambda: self._go_on(self.phrase))
        self.login.entered.connect(lambda: self._go_on(self.login))
        self.password.entered.connect(lambda: self._go_on(self.password))
        self.code.entered.connect(self.press)
        self.enter.clicked.connect(self.press)

    def ask(self, login: str = "", why: str = "", *, phrase: bool = False) -> None:
        """An empty card for this officer; ``why`` says what happened, ``phrase`` asks for the store's."""
        self.forget()
        self.login.set_text(login)
        self.why.setText(why)
        self.why.setVisible(bool(why))
        self.set_phrase_asked(phrase)
        self.focus_first()

    def set_phrase_asked(self, asked: bool) -> None:
        """Whether the store's own phrase has to be typed as well."""
        self.phrase.setVisible(asked)

    def focus_first(self) -> None:
        """Where typing begins."""
        shown = [each for each in (self.phrase, self.login, self.password) if not each.isHidden()]
        empty = [each for each in shown if not each.text()]
        (empty or shown)[0].line.setFocus()

    def forget(self) -> None:
        """Nothing secret stays typed."""
        for each in (self.phrase, self.password, self.code):
            each.clear()
        self.code.hide()
        self.news.hide()
        self.enter.setEnabled(True)

    def press(self) -> None:
        """Try what is typed, once at a time."""
        if self.enter.isEnabled():
            self.enter.setEnabled(False)
            self.news.hide()
            typed = (each.text() for each in (self.login, self.password, self.code, self.phrase))
            self.tried.emit(Entry(*typed))

    def refused(self, error: AppError) -> None:
        """Beside the field concerned, else above; what was refused is typed over, not typed on."""
        self.enter.setEnabled(True)
        self.password.set_error(None)
        for each in self._fields.values():
            each.set_error(None)
        field = self._field_of(error)
        if field is None:
            self.news.set_notice(NoticeKind.WARN, error.title, error.next_step)
            self.news.show()
            return
        field.show()
        if error.code == "code-needed":
            field.set_hint(error.next_step)
        else:
            field.set_error(f"{error.title} {error.next_step}")
        field.line.selectAll()
        field.line.setFocus()

    def _field_of(self, error: AppError) -> Field | None:
        if error.code in ("wrong-passphrase", "no-key-store") and not self.phrase.isHidden():
            return self.phrase
        return self._fields.get(error.field or "", self.password if error.field else None)

    def _go_on(self, after: Field) -> None:
        shown = [each for each in (self.phrase, self.login, self.password, self.code) if not each.isHidden()]
        place = shown.index(after) + 1
        if place == len(shown):
            self.press()
            return
        shown[place].line.setFocus()
        shown[place].line.selectAll()
