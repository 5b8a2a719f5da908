"""Fields whose text means something: a date, a phone number. A wrong text says why and stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Generic, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.errors import AppError
from app.text import t
from app.ui.widgets.field import Field

Value = TypeVar("Value")


class ParsedField(Field, Generic[Value]):
    """A field read by ``parse`` on leaving and on Enter, and shown again by ``show``.

    ``parse`` raises RuleError for a text that is wrong; its title and next step stand below the box and
    the text stays as typed. ``value_changed(object)`` carries the new value or None.
    """

    value_changed = Signal(object)

    def __init__(
        self,
        label: str,
        parse: Callable[[str], Value],
        show: Callable[[Value], str] = str,
        *,
        placeholder: str = "",
        icon: str = "",
        unit: str = "",
        hint: str = "",
        height: int = 36,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            label, placeholder=placeholder, icon=icon, unit=unit, hint=hint, height=height, parent=parent
        )
        self._parse, self._show = parse, show
        self._value: Value | None = None
        self.left.connect(lambda _text: self.read())
        self.edited.connect(lambda _text: self.set_error(None))

    def value(self) -> Value | None:
        """The value last understood; None when empty or wrong. Call ``read()`` first to be sure."""
        return self._value

    def set_value(self, value: Value | None) -> None:
        """Shows a value."""
        self._keep(value)
        self.set_text("" if value is None else self._show(value))

    def read(self) -> bool:
        """Understands the text now; False when it is wrong (the sentence is then shown)."""
        text = self.text().strip()
        if not text:
            self.set_error(None)
            self._keep(None)
            return True
        try:
            value = self._parse(text)
        except AppError as wrong:
            self.set_error(f"{wrong.title} {wrong.next_step}".strip())
            self._keep(None)
            return False
        self.set_error(None)
        self._keep(value)
        self.line.setText(self._show(value))
        return True

    def _on_enter(self) -> None:
        if self.read():
            self.entered.emit()

    def _keep(self, value: Value | None) -> None:
        changed = value != self._value
        self._value = value
        self._after(value)
        if changed:
            self.value_changed.emit(value)

    def _after(self, value: Value | None) -> None:
        """What a kind of field shows beside its value."""


_DAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


def _day_text(day: date) -> str:
    return f"{day:%d/%m}/{day.year:04d}"


class DateField(ParsedField[date]):
    """A typed date, ``22112026`` or ``22/11``; shows dd/mm/yyyy and the weekday at right.

    ``parse`` turns the text into a date or raises RuleError (``app.domain.typed_date``).
    """

    def __init__(
        self,
        label: str,
        parse: Callable[[str], date],
        *,
        placeholder: str = "",
        icon: str = "",
        hint: str = "",
        weekday: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        self._weekday = weekday
        super().__init__(
            label,
            parse,
            _day_text,
            placeholder=placeholder or t("ngày tháng năm, ví dụ 22112026"),
            icon=icon,
            hint=hint,
            parent=parent,
        )

    def _after(self, value: date | None) -> None:
        if self._weekday:
            self.set_unit(t(_DAYS[value.weekday()]) if value else "")


class PhoneField(ParsedField[str]):
    """A phone number, shown in groups (``0900 000 123``); ``parse`` gives the digits or raises RuleError."""

    def __init__(
        self, label: str, parse: Callable[[str], str], *, hint: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(label, parse, grouped_phone, icon="phone", hint=hint, parent=parent)


def grouped_phone(digits: str) -> str:
    """Ten digits as 4-3-3; others unchanged."""
    if len(digits) == 10 and digits.isdigit():
        return f"{digits[:4]} {digits[4:7]} {digits[7:]}"
    return digits
