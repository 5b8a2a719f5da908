"""What the leader signs, whole: the dossier, the act, its effect, the officer's words; sign or send back."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout

from app.errors import AppError
from app.services.people.approvals import Approval
from app.text import t
from app.ui.leader.words import act_title, asked_words, effect, order_lines
from app.ui.settled import SettledColumn
from app.ui.widgets import (
    Button,
    Card,
    Kind,
    Label,
    Notice,
    NoticeKind,
    ScrollColumn,
    Size,
    TextArea,
    Tone,
    Type,
    px,
)


class SignCard(Card):
    """``signed()``, ``declined(str)`` with the words, ``opened()``: the whole dossier, ``left()``."""

    signed = Signal()
    declined = Signal(str)
    opened = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__("")
        self.back = Button(t("Đóng"), cap="Esc", size=Size.SMALL)
        self.add_act(self.back)
        self._laid: Approval | None = None
        self._who = Label("", Type.BODY, semibold=True, wrap=True)
        self._dossier = Label("", Type.TABLE, tone=Tone.SECONDARY, wrap=True)
        self._words = Label("", Type.BODY, wrap=True)
        self._effect = Label("", Type.LABEL, tone=Tone.SECONDARY, wrap=True)
        self.notice = Notice(NoticeKind.WARN, "")
        self._rows = QVBoxLayout()
        self._lines: list[Label] = []
        inner = SettledColumn()
        self._column = QVBoxLayout(inner)
        for part in (self.notice, self._who, self._dossier):
            self._column.addWidget(part)
        self._column.addLayout(self._rows)
        for part in (self._words, self._effect):
            self._column.addWidget(part)
        self._column.addStretch(1)
        self._inner = inner
        self.paper = ScrollColumn(inner)
        self.reason = TextArea(t("Vì sao trả lại"), lines=2)
        self.reason.area.setPlaceholderText(t("cần sửa gì để trình lại"))
        self.sign = Button(t("Ký"), Kind.PRIMARY, icon="pen", cap="F9", size=Size.BIG)
        self.send_back = Button(t("Trả lại"), icon="back-arrow", cap="F6", size=Size.BIG)
        self.open = Button(t("Mở hồ sơ"), Kind.LINK)
        for button in (self.sign, self.send_back):
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.body.addWidget(self.paper, 1)
        self._buttons = QHBoxLayout()
        self._buttons.addWidget(self.sign, 3)
        self._buttons.addWidget(self.send_back, 2)
        self.foot.addWidget(self.reason)
        self.foot.addLayout(self._buttons)
        self.foot.addWidget(self.open, alignment=Qt.AlignmentFlag.AlignHCenter)
        self.reason.hide()
        self.notice.hide()
        self.back.clicked.connect(self.step_back)
        self.sign.clicked.connect(self.ask_sign)
        self.send_back.clicked.connect(self.ask_decline)
        self.open.clicked.connect(self.opened)
        self.reason.entered.connect(self.ask_decline)
        self.reason.edited.connect(lambda _text: self.reason.set_error(None))
        self.restyle()

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        super().restyle()
        if hasattr(self, "_buttons"):
            self._column.setContentsMargins(0, 0, px(6), 0)
            self._column.setSpacing(px(8))
            self._rows.setSpacing(px(4))
            self._buttons.setSpacing(px(8))

    def laid(self) -> Approval | None:
        """What is shown."""
        return self._laid

    def show_laid(self, laid: Approval) -> None:
        """Shows one act; words typed for another one are gone."""
        if self._laid is None or self._laid.id != laid.id:
            self._ask_words(False)
            self.reason.set_text("")
            self.notice.hide()
        self._laid = laid
        self.set_title(act_title(laid.order.act))
        self._who.setText(laid.owner_name)
        self._dossier.setText(
            " · ".join((laid.procedure_name, t("Số {number}").format(number=laid.number), laid.stands.words))
        )
        self._fill(order_lines(laid))
        said = t(": “{words}”").format(words=laid.words) if laid.words else ""
        self._words.setText(asked_words(laid) + said)
        self._effect.setText(effect(laid.order.act))
        self._effect.setVisible(bool(effect(laid.order.act)))
        self.sign.setEnabled(laid.possible)
        if not laid.possible:
            self.tell(
                t("Hồ sơ đang ở bước “{status}” nên việc này không làm được nữa.").format(
                    status=laid.status.label
                ),
                t("Trả lại để cán bộ xem."),
            )
        self._inner.settle_soon()

    def ask_sign(self) -> None:
        """F9."""
        if self._laid is not None and self.sign.isEnabled():
            self.signed.emit()

    def ask_decline(self) -> None:
        """F6: first asks for words, then sends them."""
        if self._laid is None or not self.send_back.isEnabled():
            return
        if self.reason.isHidden():
            self._ask_words(True)
        else:
            self.declined.emit(self.reason.text())

    def step_back(self) -> None:
        """Esc: the words away first, then the card."""
        if not self.reason.isHidden():
            self._ask_words(False)
        else:
            self.left.emit()

    def set_busy(self, busy: bool) -> None:
        """While a signature is on its way nothing can be pressed again."""
        self.sign.setEnabled(not busy and self._laid is not None and self._laid.possible)
        self.send_back.setEnabled(not busy)

    def say(self, error: AppError) -> None:
        """Beside the words where they are meant, else above everything."""
        if error.field == "words" and not self.reason.isHidden():
            self.reason.set_error(f"{error.title} {error.next_step}")
            self.reason.setFocus()
        else:
            self.tell(error.title, error.next_step)

    def tell(self, title: str, body: str) -> None:
        """A sentence above everything."""
        self.notice.set_notice(NoticeKind.WARN, title, body)
        self.notice.show()
        self._inner.settle_soon()

    def _ask_words(self, asked: bool) -> None:
        self.reason.setVisible(asked)
        self.reason.set_error(None)
        self.send_back.set_text(t("Gửi trả lại") if asked else t("Trả lại"))
        self.sign.setVisible(not asked)
        if asked:
            self.reason.setFocus()

    def _fill(self, lines: list[tuple[str, str]]) -> None:
        for old in self._lines:
            self._rows.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._lines = []
        for label, value in lines:
            line = Label("", Type.BODY, wrap=True)
            line.set_parts([(f"{label}: ", False), (value, True)])
            self._rows.addWidget(line)
            self._lines.append(line)
