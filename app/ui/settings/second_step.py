"""Bước hai khi đăng nhập: a code from the officer's own telephone, put on and taken off by himself."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.clock import VIETNAM
from app.services.people.second_step import Enrolment, SecondStep
from app.text import t
from app.ui.settings.qr_view import QrView
from app.ui.widgets import Button, Card, Fact, Field, Kind, Label, Tone, Type


class SecondStepCard(Card):
    """Off, being put on, on, or telling the spare codes. ``begun()``, ``confirmed()``, ``ended()``: what the
    officer pressed."""

    begun = Signal()
    confirmed = Signal()
    ended = Signal()

    def __init__(self) -> None:
        super().__init__(t("Bước hai khi đăng nhập"))
        self.state = Fact(t("Hiện nay"), semibold=True)
        self.told = Label("", Type.LABEL, tone=Tone.SECONDARY, wrap=True)
        self.qr = QrView()
        self.words = Label("", Type.TABLE, semibold=True, wrap=True)
        self.spare = Label("", Type.TITLE, semibold=True, wrap=True)
        self.password = Field(t("Mật khẩu đang dùng"), icon="lock", secret=True)
        self.code = Field(t("Mã trên điện thoại"), icon="shield-check", placeholder=t("sáu số"))
        self.put_on = Button(t("Bật bước hai"), icon="shield-check")
        self.confirm = Button(t("Xác nhận và bật"), Kind.PRIMARY, icon="check")
        self.take_off = Button(t("Tắt bước hai"), icon="lock")
        self.noted = Button(t("Đã ghi xong mã dự phòng"), Kind.PRIMARY, icon="check")
        self._enrolment: Enrolment | None = None
        across = QHBoxLayout()
        across.addWidget(self.qr)
        across.addWidget(self.words, 1)
        above: tuple[QWidget, ...] = (self.state, self.told)
        below: tuple[QWidget, ...] = (self.spare, self.password, self.code)
        for part in above:
            self.body.addWidget(part)
        self.body.addLayout(across)
        for part in (*below, self.put_on, self.confirm, self.take_off, self.noted):
            self.body.addWidget(part)
        self.put_on.clicked.connect(self.begun)
        self.confirm.clicked.connect(self.confirmed)
        self.code.entered.connect(self.confirmed)
        self.password.entered.connect(self._after_password)
        self.take_off.clicked.connect(self.ended)
        self._lay(())

    @property
    def secret(self) -> bytes:
        """What the QR code shown holds."""
        return self._enrolment.secret if self._enrolment is not None else b""

    def show_state(self, now: SecondStep) -> None:
        """On or off."""
        self.forget()
        if now.since is None:
            self.state.set_value(t("Chỉ dùng mật khẩu"))
            self.told.setText(t("Bật thì mỗi lần vào gõ thêm sáu số trên điện thoại; không cần mạng."))
            self._lay((self.put_on,))
            return
        self.state.set_value(t("Bật từ {day}").format(day=f"{now.since.astimezone(VIETNAM):%d/%m/%Y}"))
        self.told.setText(
            t("Còn {count} mã dự phòng. Mất điện thoại: dùng mã ấy, hoặc nhờ quản trị viên tắt.").format(
                count=now.spare_left
            )
        )
        self._lay((self.password, self.take_off))

    def show_enrolment(self, made: Enrolment) -> None:
        """The code to be read by the telephone, and what proves that it was."""
        self._enrolment = made
        self.told.setText(t("Mở ứng dụng mã xác thực trên điện thoại, quét mã này hoặc gõ dãy chữ bên cạnh."))
        self.qr.set_text(made.uri)
        self.words.setText(made.words)
        self._lay((self.words, self.password, self.code, self.confirm))
        self.password.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_spare(self, codes: tuple[str, ...]) -> None:
        """Told once."""
        self.forget()
        self.state.set_value(t("Đã bật"))
        self.told.setText(
            t("Ghi tám mã dự phòng ra giấy, cất riêng. Mỗi mã thay mã điện thoại một lần; chỉ hiện lần này.")
        )
        self.spare.setText("\n".join("    ".join(codes[at : at + 2]) for at in range(0, len(codes), 2)))
        self._lay((self.spare, self.noted))
        self.noted.setFocus(Qt.FocusReason.OtherFocusReason)

    def forget(self) -> None:
        """Nothing secret stays on the card."""
        self._enrolment = None
        self.qr.set_text("")
        self.words.setText("")
        self.spare.setText("")
        for each in (self.password, self.code):
            each.clear()

    def _after_password(self) -> None:
        if self.code.isHidden():
            self.ended.emit()
        else:
            self.code.setFocus(Qt.FocusReason.TabFocusReason)

    def _lay(self, shown: tuple[QWidget, ...]) -> None:
        parts = (self.words, self.spare, self.password, self.code, self.put_on, self.confirm, self.take_off)
        for part in (*parts, self.noted):
            part.setVisible(part in shown)
