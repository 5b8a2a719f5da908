"""How many of a fee, and why it is not asked for: behind a link, since most visits need neither."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.catalogue import FeeRule
from app.text import t
from app.ui.reception.form import Form, fee_count
from app.ui.widgets import Choice, ChoiceField, Field, px

COUNT, EXEMPT = "fee_count:", "fee_exempt:"
"""Beginnings of the names under which the form keeps them; the fee's code follows."""
_NONE = "-"
_COUNTED = {"page": t("Số trang tính phí"), "copy": t("Số bản tính phí"), "job": t("Số việc tính phí")}


def has_options(rule: FeeRule) -> bool:
    """Whether there is anything to choose."""
    return rule.per in _COUNTED or bool(rule.exemptions)


class FeeOptions(QWidget):
    """One fee. ``edited(name, text)`` with the form's names; nothing is announced while it is filled."""

    edited = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self._code = ""
        self.count = Field("", placeholder="1", height=30)
        self.exempt = ChoiceField(t("Miễn vì"), [])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(4))
        column.addWidget(self.count)
        column.addWidget(self.exempt)
        self.count.edited.connect(self._on_count)
        self.exempt.changed.connect(self._on_exempt)

    def show_fee(self, rule: FeeRule, form: Form) -> None:
        """The fee with what the form says of it."""
        self._code = rule.code
        self.count.setVisible(rule.per in _COUNTED)
        self.count.set_label(_COUNTED.get(rule.per, ""))
        typed = form.fee_counts.get(rule.code, "")
        if not self.count.line.hasFocus() and self.count.text() != typed:
            self.count.set_text(typed)
        self._judge(self.count.text())
        self.exempt.setVisible(bool(rule.exemptions))
        reasons = [Choice(reason, reason) for reason in rule.exemptions]
        self.exempt.set_choices([Choice(_NONE, t("Không miễn")), *reasons])
        self.exempt.set_value(form.fee_exemptions.get(rule.code) or _NONE)

    def _on_count(self, text: str) -> None:
        self._judge(text)
        self.edited.emit(COUNT + self._code, text)

    def _on_exempt(self, key: str) -> None:
        self.edited.emit(EXEMPT + self._code, "" if key == _NONE else key)

    def _judge(self, text: str) -> None:
        good = not text.strip() or fee_count(text) is not None
        self.count.set_error(None if good else t("Gõ số từ 1 đến 999."))
