"""A leader agrees to a dossier that lacks a paper: why, and who, signed in beside the officer."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.text import t
from app.ui.reception.form import Form
from app.ui.widgets import Button, Card, Field, Kind, Label, Tone, Type, px


class OverrideForm(Card):
    """``edited(name, text)`` the reason; ``finished()`` all is typed; ``left()`` nobody agrees after all.

    Login and password are never part of the form: no draft keeps them.
    """

    edited = Signal(str, str)
    finished = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(t("Lãnh đạo đồng ý nhận thiếu"), parent=parent)
        self.note = Field(t("Lý do"), placeholder=t("ví dụ: mất giấy tờ vì lũ, bổ sung sau"))
        self.login = Field(t("Tên đăng nhập"), placeholder=t("của lãnh đạo"))
        self.password = Field(t("Mật khẩu"), secret=True)
        self._leader = QWidget()
        self._said = Label(
            t("Giấy còn thiếu, lý do và người đồng ý được ghi vào hồ sơ và báo về tỉnh."),
            Type.LABEL,
            tone=Tone.SECONDARY,
            wrap=True,
        )
        self.do = Button(t("Nhận thiếu và in phiếu"), Kind.TINTED, icon="pen", cap="F9", leading=True)
        self._stop = Button(t("Thôi"), Kind.LINK)
        self._build()
        self._wire()

    @property
    def needs_leader(self) -> bool:
        """Whether somebody else's word is asked for."""
        return not self._leader.isHidden()

    def set_leads(self, leads: bool) -> None:
        """The officer may answer for it himself, or not."""
        self._leader.setVisible(not leads)

    def show_form(self, form: Form) -> None:
        """The reason as the form has it."""
        if not self.note.line.hasFocus() and self.note.text() != form.override_note:
            self.note.set_text(form.override_note)

    def clear_leader(self) -> None:
        """Nobody's password stays in the window."""
        self.login.clear()
        self.password.clear()

    def fields(self) -> dict[str, QWidget]:
        """Every field by its name in drafts and refusals."""
        return {
            "override_note": self.note,
            "leader_login": self.login,
            "leader_password": self.password,
        }

    def _build(self) -> None:
        row = QHBoxLayout(self._leader)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(8))
        row.addWidget(self.login, 1, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.password, 1, Qt.AlignmentFlag.AlignTop)
        self.add_act(self._stop)
        for part in (self.note, self._leader, self._said, self.do):
            self.body.addWidget(part)
        self.body.addStretch(1)

    def _wire(self) -> None:
        self.note.edited.connect(lambda text: self.edited.emit("override_note", text))
        self.note.entered.connect(self._after_note)
        self.login.entered.connect(lambda: _focus(self.password))
        self.password.entered.connect(self.finished)
        self.do.clicked.connect(self.finished)
        self._stop.clicked.connect(self.left)

    def _after_note(self) -> None:
        if self.needs_leader:
            _focus(self.login)
        else:
            self.finished.emit()


def _focus(widget: QWidget) -> None:
    widget.setFocus(Qt.FocusReason.TabFocusReason)
