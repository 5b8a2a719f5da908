"""When the result is due, what is paid, where to reach the citizen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.catalogue import Detail
from app.domain.phone import normalise_phone
from app.services.intake.received_parts import FeeLine
from app.services.intake.reception import Reckoned
from app.text import t
from app.ui.reception.fee_options import FeeOptions, has_options
from app.ui.reception.form import Form
from app.ui.reception.words import due_line, fee_name, money
from app.ui.widgets import (
    AmountRow,
    Button,
    Card,
    DateField,
    Divider,
    Field,
    Kind,
    Label,
    Notice,
    NoticeKind,
    PhoneField,
    SegmentedChoice,
    Tone,
    Type,
    px,
)

WAYS = (("counter", t("Tại quầy")), ("post", t("Bưu chính")), ("online", t("Điện tử")))
_MOST_FEES = 3


class DueColumn(QWidget):
    """``edited(name, text)`` with the form's names; ``finished()`` Enter in the last field."""

    edited = Signal(str, str)
    manual_asked = Signal(bool)
    same_asked = Signal()
    finished = Signal()

    def __init__(self, parse_due: Callable[[str], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._narrow = False
        self._outlook: Reckoned | None = None
        self._form: Form | None = None
        self.same = Notice(NoticeKind.WARN, "")
        self.same.add_act(t("Xem hồ sơ đó")).clicked.connect(self.same_asked)
        self.same.setVisible(False)
        self.due = DateField(t("Ngày hẹn trả"), parse_due)
        self.due_reason = Field(t("Lý do"), placeholder=t("in trên phiếu cho công dân"))
        self.phone = PhoneField(t("Điện thoại"), normalise_phone)
        self.way = SegmentedChoice(WAYS, name=t("Nhận kết quả"))
        self.return_address = Field("", placeholder=t("Địa chỉ nhận qua bưu chính"))
        self._due_card, self._fee_card, self._reach_card = Card(t("Hẹn trả kết quả")), Card(), Card()
        self._change = Button(t("Đổi ngày hẹn…"), Kind.LINK)
        self._moment = Label("", Type.DUE, semibold=True, wrap=True)
        self._why = Label("", Type.TABLE, tone=Tone.SECONDARY, wrap=True)
        self._fees = [
            (AmountRow("", ""), Label("", Type.LABEL, tone=Tone.SECONDARY, elide=True))
            for _ in range(_MOST_FEES)
        ]
        self.fee_options = [FeeOptions() for _ in range(_MOST_FEES)]
        self.fee_link = Button(t("Số lượng, miễn phí…"), Kind.LINK)
        self._fees_open = False
        self._line, self._sum = Divider(), AmountRow(t("Thu hôm nay"), "–", total=True)
        self._build()
        self._wire()

    def fields(self) -> dict[str, QWidget]:
        """Every field by its name in the form."""
        return {
            "due": self.due,
            "due_reason": self.due_reason,
            "phone": self.phone,
            "return_method": self.way,
            "return_address": self.return_address,
        }

    def set_narrow(self, narrow: bool) -> None:
        """No labels, only the total."""
        self._narrow = narrow
        self.phone.set_label("" if narrow else t("Điện thoại"))
        self.phone.line.setPlaceholderText(t("Điện thoại") if narrow else "")
        self._due_card.set_title("" if narrow else t("Hẹn trả kết quả"))
        self._redraw()

    def show_form(self, form: Form) -> None:
        """Fill the fields without announcing."""
        self._form = form
        for name in ("due", "due_reason", "phone", "return_address"):
            field: Field = getattr(self, name)
            if not field.line.hasFocus() and _plain(field.text()) != _plain(getattr(form, name)):
                field.set_text(getattr(form, name))
                if name == "phone":
                    self.phone.read()
        self.way.set_value(form.return_method)
        self.return_address.setVisible(form.return_method == "post")
        self._redraw()

    def show_outlook(self, outlook: Reckoned | None) -> None:
        """Due date and fees as they would be."""
        self._outlook = outlook
        self._redraw()

    def first(self) -> QWidget:
        """Where typing goes after the papers."""
        form = self._form
        asks = form is not None and form.manual_due and not form.due.strip()
        return self.due if asks else self.phone

    def _redraw(self) -> None:
        form, outlook = self._form, self._outlook
        if form is None:
            return
        manual = form.manual_due
        for field in (self.due, self.due_reason):
            field.setVisible(manual)
        unknown = outlook is not None and outlook.deadline.due_at is None
        self._change.setVisible(outlook is not None and not unknown and not self._narrow)
        self._change.set_text(t("Theo quy định") if manual else t("Đổi ngày hẹn…"))
        self._moment.setVisible(not manual)
        self._moment.setText(due_line(outlook.deadline.due_at) if outlook else "–")
        why = outlook.deadline.reason if outlook else t("Chọn thủ tục để tính ngày hẹn.")
        self._why.setText(why)
        self._why.setVisible(not (manual and self._narrow) and (not manual or unknown))
        self._show_fees(outlook.fees if outlook else ())

    def _show_fees(self, fees: Sequence[FeeLine]) -> None:
        shown = () if self._narrow else fees
        for place, (row, rule) in enumerate(self._fees):
            fee = shown[place] if place < len(shown) else None
            row.setVisible(fee is not None)
            rule.setVisible(fee is not None and fee.amount_vnd is None and bool(fee.rule))
            if fee is not None:
                row.set_words(fee_name(fee))
                row.set_amount(money(fee.amount_vnd))
                rule.setText(fee.rule)
        self._line.setVisible(bool(shown))
        self._show_options()
        self._sum.set_amount(self._total(fees))

    def _show_options(self) -> None:
        """Counts and exemptions of the fees that have any, once the link was pressed or a draft has some."""
        form, outlook = self._form, self._outlook
        rules = list(outlook.version.fees) if outlook is not None and not self._narrow else []
        able = [rule for rule in rules if has_options(rule)][:_MOST_FEES]
        typed = form is not None and any((*form.fee_counts.values(), *form.fee_exemptions.values()))
        opened = bool(able) and (self._fees_open or typed)
        self.fee_link.setVisible(bool(able) and not opened)
        for place, options in enumerate(self.fee_options):
            shown = opened and place < len(able)
            options.setVisible(shown)
            if shown and form is not None:
                options.show_fee(able[place], form)

    def _open_fees(self) -> None:
        self._fees_open = True
        self._show_options()
        for options in self.fee_options:
            for part in (options.count, options.exempt):
                if part.isVisible():
                    _focus(part)
                    return

    def _total(self, fees: Sequence[FeeLine]) -> str:
        outlook = self._outlook
        if outlook is None:
            return "–"
        if not fees and outlook.version.detail is Detail.FULL:
            return t("Không thu")
        if not fees:
            return t("Chưa có mức thu")
        if outlook.fee_total is None:
            return t("Chưa có mức thu")
        return money(outlook.fee_total)

    def _build(self) -> None:
        self._due_card.add_act(self._change)
        for part in (self._moment, self._why, self.due, self.due_reason):
            self._due_card.body.addWidget(part)
        self._due_card.body.addStretch(1)
        self._fee_card.body.setSpacing(px(4))
        for row, rule in self._fees:
            self._fee_card.body.addWidget(row)
            self._fee_card.body.addWidget(rule)
        for options in self.fee_options:
            self._fee_card.body.addWidget(options)
            options.hide()
        self._fee_card.body.addWidget(self.fee_link)
        self.fee_link.hide()
        self._fee_card.body.addWidget(self._line)
        self._fee_card.body.addWidget(self._sum)
        self._reach_card.body.addWidget(self.phone)
        self._reach_card.body.addWidget(self.way)
        self._reach_card.body.addWidget(self.return_address)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(12))
        column.addWidget(self.same)
        column.addWidget(self._due_card, 1)
        column.addWidget(self._fee_card)
        column.addWidget(self._reach_card)

    def _wire(self) -> None:
        for name, field in self.fields().items():
            if isinstance(field, Field):
                field.edited.connect(lambda text, of=name: self.edited.emit(of, text))
                field.left.connect(lambda text, of=name: self.edited.emit(of, text))
        self.fee_link.clicked.connect(self._open_fees)
        for options in self.fee_options:
            options.edited.connect(self.edited)
        self._change.clicked.connect(self._on_change)
        self.due.entered.connect(lambda: _focus(self.due_reason))
        self.due_reason.entered.connect(lambda: _focus(self.phone))
        self.phone.entered.connect(lambda: _focus(self.way))
        self.phone.edited.connect(lambda _text: self.phone.set_unit(""))
        self.way.changed.connect(self._on_way)
        self.way.entered.connect(self._after_way)
        self.return_address.entered.connect(self.finished)

    def _on_change(self) -> None:
        manual = self._form is not None and not self._form.manual_due
        self.manual_asked.emit(manual)
        if manual:
            _focus(self.due)

    def _on_way(self, key: str) -> None:
        self.return_address.setVisible(key == "post")
        self.edited.emit("return_method", key)

    def _after_way(self) -> None:
        if self.way.value() == "post":
            _focus(self.return_address)
        else:
            self.finished.emit()


def _focus(widget: QWidget) -> None:
    widget.setFocus(Qt.FocusReason.TabFocusReason)


def _plain(text: str) -> str:
    return text.replace(" ", "")
