"""Beside the lines: sums, when it is due, what is done at once, who signs."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.copy_term import LongerTerm
from app.domain.deadline import due_words
from app.services.certify import CopyLine, Signer
from app.text import t
from app.ui.certify.words import fee_words, total_of
from app.ui.certify.work import Start
from app.ui.widgets import (
    AmountRow,
    Button,
    Card,
    CheckRow,
    Choice,
    ChoiceField,
    Field,
    Label,
    Tone,
    Type,
    px,
)

_WIDTH = 320


class Side(QWidget):
    """``changed()`` when something is chosen or typed here."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._start: Start | None = None
        self._lines = AmountRow(t("Số dòng"), "0")
        self._copies = AmountRow(t("Số bản"), "0")
        self._fee = AmountRow(t("Phí cả lượt"), "", total=True)
        self._due = Label("", Type.TABLE, semibold=True, wrap=True)
        self._why = Label("", Type.LABEL, tone=Tone.SECONDARY, wrap=True)
        self.paid = CheckRow(t("Đã thu phí tiền mặt"))
        self.handed = CheckRow(t("Đã ký xong, trả ngay"))
        self.book = CheckRow(t("In trang sổ chứng thực"), checked=True)
        self.longer = CheckRow(t("Cần thêm 2 ngày làm việc"))
        self.reason = Field(t("Lý do kéo dài"), placeholder=t("nhiều trang, nhiều bản…"))
        self.agreement = Field(t("Thỏa thuận bằng văn bản"), placeholder=t("số, ngày (nếu có)"))
        self.signer = ChoiceField(t("Người ký chứng thực"), placeholder=t("để trống, ký tay"))
        self.today = Button(t("In sổ hôm nay"), icon="printer", leading=True)
        self._signers: tuple[Signer, ...] = ()
        self._build()
        self._wire()
        self.restyle()

    def _build(self) -> None:
        sums = Card(t("Cộng"))
        for row in (self._lines, self._copies, self._fee):
            sums.body.addWidget(row)
        sums.body.addWidget(self._due)
        sums.body.addWidget(self._why)
        acts = Card(t("Khi vào sổ"))
        for part in (
            self.paid,
            self.handed,
            self.book,
            self.longer,
            self.reason,
            self.agreement,
            self.signer,
        ):
            acts.body.addWidget(part)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(sums)
        self._column.addWidget(acts)
        self._column.addWidget(self.today)
        self._column.addStretch(1)
        self._show_longer()

    def _wire(self) -> None:
        for tick in (self.paid, self.handed, self.longer, self.book):
            tick.toggled.connect(lambda _on: self._on_ticked())
        self.reason.edited.connect(lambda _text: self._on_typed(self.reason))
        self.agreement.edited.connect(lambda _text: self._on_typed(self.agreement))
        self.signer.changed.connect(lambda _key: self.changed.emit())

    def show_start(self, start: Start) -> None:
        """Who may sign and when today's work is due; the first leader is offered."""
        self._start = start
        if start.signers != self._signers:
            self._signers = start.signers
            self.signer.set_choices([Choice(str(n), s.name, s.title) for n, s in enumerate(start.signers)])
            self.signer.set_value("0" if start.signers else None)
        self._show_due()

    def show_lines(self, lines: Sequence[CopyLine], fees: Sequence[int | None]) -> None:
        """The running sums."""
        self._lines.set_amount(str(len(lines)))
        self._copies.set_amount(str(sum(line.copies for line in lines)))
        self._fee.set_amount(fee_words(total_of(fees)))

    def chosen_signer(self) -> Signer:
        """Who signs; nobody where none is chosen."""
        value = self.signer.value()
        return self._signers[int(value)] if value else Signer()

    def term(self) -> LongerTerm | None:
        """Why it takes longer than the day, if it does."""
        return LongerTerm(self.reason.text(), self.agreement.text()) if self.longer.isChecked() else None

    def show_term(self, *, longer: bool, reason: str, agreement: str) -> None:
        """What the form says."""
        self.reason.set_text(reason)
        self.agreement.set_text(agreement)
        self.longer.setChecked(longer)
        self._show_longer()

    def show_error(self, field: str, sentence: str) -> None:
        """Beside the box concerned."""
        box = self.agreement if field == "agreement" else self.reason
        box.set_error(sentence)
        box.line.setFocus()

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        self._column.setSpacing(px(12))

    def set_narrow(self, narrow: bool) -> None:
        """Below the list instead of beside it."""
        if narrow:
            self.setMinimumWidth(0)
            self.setMaximumWidth(1 << 20)
        else:
            self.setFixedWidth(px(_WIDTH))

    def _on_ticked(self) -> None:
        if self.longer.isChecked() and self.handed.isChecked():
            self.handed.setChecked(False)
        self._show_longer()
        self.changed.emit()

    def _on_typed(self, field: Field) -> None:
        field.set_error(None)
        self.changed.emit()

    def _show_longer(self) -> None:
        on = self.longer.isChecked()
        self.reason.setVisible(on)
        self.agreement.setVisible(on)
        self.handed.setEnabled(not on)
        self._show_due()

    def _show_due(self) -> None:
        if self._start is None:
            return
        deadline = self._start.longer if self.longer.isChecked() else self._start.due
        words = t("Hẹn trả {due}").format(due=due_words(deadline.due_at)) if deadline.due_at else ""
        self._due.setText(words)
        self._why.setText(deadline.reason)
