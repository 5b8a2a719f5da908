"""Khóa và tờ khôi phục: another key for the data, another sheet; the words are told once and never again."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from app.keys import lies_under_phrase
from app.services.people.access import confirm_password
from app.services.safety.automatic import run_automatic_backup
from app.services.safety.key_change import new_sheet
from app.services.safety.recovery_sheet import recovery_sheet
from app.text import t
from app.ui.lock.door import KeyOrder
from app.ui.screen import Context
from app.ui.settings.section import Section
from app.ui.widgets import Button, Card, Field, Kind, Label, NoticeKind, Tone, Type

_ACROSS = 3


class KeySection(Section):
    """``key_change(KeyOrder)``: the store has to be closed for it, by whoever holds the window."""

    key_change = Signal(object)

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._words = ""
        self._build_sheet()
        self._build_acts()
        self.add(self.sheet, self.acts)
        self.sheet.hide()
        self.fields = {"password": self.password, "phrase": self.phrase}

    def _build_sheet(self) -> None:
        self.sheet = Card(t("Tờ khôi phục mới"))
        self.words = Label("", Type.TITLE, semibold=True, wrap=True)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        told = Label(
            t(
                "Chín từ này mở được mọi hồ sơ của quầy trên máy khác, và chỉ hiện một lần. In ra, cất "
                "trong tủ có khóa. Giữ cả tờ cũ đến khi không còn bản sao lưu nào làm trước hôm nay."
            ),
            Type.LABEL,
            tone=Tone.SECONDARY,
            wrap=True,
        )
        self.print = Button(t("In tờ khôi phục"), Kind.PRIMARY, icon="printer")
        self.noted = Button(t("Đã cất xong, ẩn chín từ"), icon="check")
        for part in (self.words, told, self.print, self.noted):
            self.sheet.body.addWidget(part)
        self.print.clicked.connect(self.print_sheet)
        self.noted.clicked.connect(self._noted)

    def _build_acts(self) -> None:
        self.acts = Card(t("Khóa dữ liệu của quầy"))
        told = Label(
            t(
                "Đổi khóa khi nghi khóa hay tờ khôi phục đã lộ, hoặc khi người giữ tờ nghỉ việc. Chương "
                "trình sao lưu, đóng kho, đổi khóa rồi mở lại; mất điện giữa chừng vẫn mở được. Chỉ mất tờ "
                "khôi phục thì lập tờ mới là đủ."
            ),
            Type.LABEL,
            tone=Tone.SECONDARY,
            wrap=True,
        )
        self.password = Field(t("Mật khẩu của bạn"), icon="lock", secret=True)
        self.phrase = Field(t("Cụm mật khẩu mở kho"), icon="key", secret=True)
        self.change = Button(t("Đổi khóa dữ liệu"), icon="key")
        self.renew = Button(t("Lập tờ khôi phục mới"), icon="document")
        for part in (told, self.password, self.phrase, self.change, self.renew):
            self.acts.body.addWidget(part)
        self.phrase.setVisible(lies_under_phrase(self.desk.folder))
        self.password.entered.connect(lambda: self.phrase.setFocus(Qt.FocusReason.TabFocusReason))
        self.change.clicked.connect(self.change_key)
        self.renew.clicked.connect(self.renew_sheet)

    def change_key(self) -> None:
        """A backup first, then the store is closed and gets its other key."""
        desk, by, phrase = self.desk, self.by, self.phrase.text()
        if not self.phrase.isHidden() and not phrase:
            self.wrong(self.phrase, t("Gõ cụm mật khẩu: khóa mới cũng nằm dưới cụm này."))
            return
        password = self.password.text()
        self.work(lambda: confirm_password(desk, by, password), lambda _: self._copy(KeyOrder(by, phrase)))

    def renew_sheet(self) -> None:
        """Other words for the same key."""
        desk, by, password = self.desk, self.by, self.password.text()

        def renew() -> str:
            confirm_password(desk, by, password)
            return new_sheet(desk, by)

        self.work(renew, self.show_words)

    def show_words(self, words: str) -> None:
        """Told once: they go with the section, the screen or the lock."""
        self.forget()
        self._words = words
        each = words.split()
        self.words.setText(
            "\n".join("   ".join(each[at : at + _ACROSS]) for at in range(0, len(each), _ACROSS))
        )
        self.sheet.show()
        self.acts.hide()
        self.print.setFocus(Qt.FocusReason.OtherFocusReason)

    def print_sheet(self) -> None:
        """On paper, straight from here; no file is kept."""
        desk, by, words = self.desk, self.by, self._words
        if words:
            self.work(lambda: recovery_sheet(desk, by, words), self._printing)

    def first(self) -> QWidget:
        """The sheet while it is told, else the password."""
        return self.password if self.sheet.isHidden() else self.print

    def forget(self) -> None:
        """Nothing secret stays."""
        self._words = ""
        self.words.setText("")
        self.sheet.hide()
        self.acts.show()
        for field in (self.password, self.phrase):
            field.clear()

    def _noted(self) -> None:
        self.forget()
        self.password.setFocus(Qt.FocusReason.OtherFocusReason)

    def _copy(self, order: KeyOrder) -> None:
        desk, by = self.desk, self.by
        self.tell(
            NoticeKind.INFO, t("Đang sao lưu trước khi đổi khóa…"), t("Xong sẽ tự đóng kho và đổi khóa.")
        )
        self.context.background.aside(
            partial(run_automatic_backup, desk, by),
            lambda _made: self.key_change.emit(order),
            lambda error: self.tell(NoticeKind.WARN, error.title, error.next_step),
            owner=self,
        )

    def _printing(self, pdf: bytes) -> None:
        self.context.printer.print_pdf(
            pdf,
            t("Tờ khôi phục"),
            lambda queue: self.said(t("Đã gửi tờ khôi phục đến máy in {queue}.").format(queue=queue)),
            lambda refused: self.tell(NoticeKind.WARN, refused.title, refused.next_step),
        )
