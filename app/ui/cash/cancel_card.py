"""Cancelling one receipt, in the place of the counting: which one, why, do it or leave it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal

from app.errors import AppError
from app.services.money.payments import Receipt
from app.text import t
from app.ui.cash.words import receipt_words
from app.ui.widgets import Button, Card, Kind, Label, Notice, NoticeKind, TextArea, Tone, Type


class CancelCard(Card):
    """``asked()``: cancel it; ``left()``: back."""

    asked = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__(t("Hủy biên nhận"))
        self.receipt: Receipt | None = None
        self._what = Label("", Type.BODY, semibold=True, wrap=True)
        self._why = Label(
            t(
                "Trả lại tiền cho người nộp. Biên nhận vẫn nằm trong sổ, ghi rõ đã hủy; "
                "khoản thu trở lại chưa thu."
            ),
            Type.TABLE,
            tone=Tone.SECONDARY,
            wrap=True,
        )
        self.notice = Notice(NoticeKind.WARN, "")
        self.reason = TextArea(t("Lý do hủy"), lines=2)
        self.do = Button(t("Hủy biên nhận"), Kind.PRIMARY, cap="Ctrl+Enter", leading=True)
        self.back = Button(t("Để lại"), cap="Esc", leading=True)
        for part in (self._what, self._why, self.notice, self.reason, self.do, self.back):
            self.body.addWidget(part)
        self.notice.hide()
        self.reason.entered.connect(self.asked)
        self.reason.edited.connect(lambda _text: self.reason.set_error(None))
        self.do.clicked.connect(self.asked)
        self.back.clicked.connect(self.left)

    def ask(self, receipt: Receipt) -> None:
        """Opens for a receipt; a reason typed for another one is gone."""
        if self.receipt is None or self.receipt.id != receipt.id:
            self.reason.set_text("")
        self.receipt = receipt
        self.reason.set_error(None)
        self.notice.hide()
        self.set_title(t("Hủy biên nhận {label}").format(label=receipt.label))
        self._what.setText(receipt_words(receipt))
        self.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def say(self, error: AppError) -> None:
        """A refusal beside the reason, or above it."""
        if error.field == "reason":
            self.reason.set_error(f"{error.title} {error.next_step}".strip())
            self.reason.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.notice.set_notice(NoticeKind.WARN, error.title, error.next_step)
            self.notice.show()

    def set_busy(self, busy: bool) -> None:
        """While it is on its way it cannot be pressed again."""
        self.do.setEnabled(not busy)
