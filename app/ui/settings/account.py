"""Tài khoản nhận tiền: where the VietQR code on the slip leads; none until the office has entered one."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.domain.vietqr import BankAccount
from app.services.money.fee_account import configure_account, fee_account, forget_account
from app.text import t
from app.ui.screen import Context
from app.ui.settings.section import Section
from app.ui.widgets import Button, Card, Field, Kind, Label, Tone, Type


class AccountSection(Section):
    """Four fields; taking the account away is an act of its own."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.card = Card(t("Tài khoản nhận phí, lệ phí"))
        self.state = Label("", Type.TABLE, tone=Tone.SECONDARY, wrap=True)
        self.bin = Field(t("Mã ngân hàng (BIN)"), placeholder=t("sáu chữ số, hỏi ngân hàng"))
        self.account = Field(t("Số tài khoản"))
        self.name = Field(t("Tên chủ tài khoản"), placeholder=t("đúng như ngân hàng ghi"))
        self.bank = Field(t("Tên ngân hàng"), placeholder=t("in dưới mã QR, để trống cũng được"))
        self.keep = Button(t("Lưu tài khoản"), Kind.PRIMARY, icon="save", cap="Ctrl+S")
        self.drop = Button(t("Không in mã QR nữa"), Kind.LINK)
        parts = (self.bin, self.account, self.name, self.bank)
        for part in (self.state, *parts, self.keep, self.drop):
            self.card.body.addWidget(part)
        self.add(self.card)
        self.fields = {"bin": self.bin, "account": self.account, "name": self.name}
        for field, after in zip(parts, (*parts[1:], None), strict=True):
            field.edited.connect(lambda _text, of=field: of.set_error(None))
            if after is None:
                field.entered.connect(self.save)
            else:
                field.entered.connect(lambda to=after: to.setFocus(Qt.FocusReason.TabFocusReason))
        self.keep.clicked.connect(self.save)
        self.drop.clicked.connect(self.take_away)

    def load(self) -> None:
        """What is kept."""
        desk = self.desk
        self.ask(lambda: fee_account(desk), self._show)

    def save(self) -> None:
        """Keeps what was typed."""
        desk, by = self.desk, self.by
        typed = [field.text() for field in (self.bin, self.account, self.name, self.bank)]
        self.work(lambda: configure_account(desk, by, *typed), self._kept)

    def take_away(self) -> None:
        """No code from the next slip on."""
        desk, by = self.desk, self.by
        self.work(lambda: forget_account(desk, by), self._gone)

    def first(self) -> QWidget:
        """The bank's number."""
        return self.bin

    def _show(self, kept: BankAccount | None) -> None:
        self.drop.setVisible(kept is not None)
        self.state.setText(
            t("Phiếu hẹn của hồ sơ còn nợ phí có mã VietQR về tài khoản này.")
            if kept
            else t("Chưa có tài khoản nên phiếu hẹn không in mã VietQR.")
        )
        shown = (kept.bin, kept.account, kept.name, kept.bank) if kept else ("", "", "", "")
        for field, text in zip((self.bin, self.account, self.name, self.bank), shown, strict=True):
            field.set_text(text)

    def _kept(self, kept: BankAccount) -> None:
        self._show(kept)
        self.said(
            t("Đã lưu tài khoản {account}.").format(account=kept.account),
            t("Quét thử mã trên một phiếu trước khi dùng với công dân."),
        )

    def _gone(self, _nothing: None) -> None:
        self._show(None)
        self.said(t("Từ phiếu sau không in mã QR."), t("Tiền đã thu không thay đổi."))
