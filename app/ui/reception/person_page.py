"""The page where people are typed: who stands at the counter and, handing in for another, whose it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.text import t
from app.ui.reception.form import Form
from app.ui.reception.other_way import held_day
from app.ui.reception.person_fields import PersonFields
from app.ui.widgets import (
    Button,
    Card,
    DateField,
    Field,
    Kind,
    Notice,
    NoticeKind,
    ScrollColumn,
    SegmentedChoice,
    px,
)


class PersonPage(QWidget):
    """``edited(name, value)`` with the form's own names (``person.name``, ``owner.name``, ``second.name``,
    ``relation``, ``authority_kind``, ``proxy`` and ``couple`` as "1" or ""); ``finished()`` when all is
    typed."""

    edited = Signal(str, str)
    left = Signal(str)
    finished = Signal()

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.person, self.owner, self.second = (PersonFields(today) for _ in range(3))
        self.relation = Field(t("Quan hệ với chủ hồ sơ"), placeholder=t("ví dụ: dì"))
        self.authority_kind = Field(
            t("Giấy ủy quyền, đại diện"), placeholder=t("nếu có, ví dụ Giấy ủy quyền")
        )
        self.authority_number = Field(t("Số của giấy"))
        self.authority_day = DateField(
            t("Ngày của giấy"),
            lambda text: held_day(text, today(), "authority_day"),
            placeholder="20112026",
            weekday=False,
        )
        self.whose = SegmentedChoice(
            (("own", t("Hồ sơ của chính người này")), ("proxy", t("Nộp thay cho người khác"))),
            name=t("Hồ sơ của ai"),
        )
        self.couple = Button(t("Thêm vợ hoặc chồng cùng đứng tên…"), Kind.LINK)
        self._alone = Button(t("Bỏ người này"), Kind.LINK)
        self._doubts = Notice(NoticeKind.WARN, t("So lại với thẻ"), icon="card")
        self._doubts.setVisible(False)
        self.done = Button(t("Xong, sang thủ tục"), Kind.TINTED, cap="Enter", icon="check")
        self._first = Card(t("Người đến nộp hồ sơ"))
        self._owner_card = Card(t("Chủ hồ sơ"))
        self._second_card = Card(t("Vợ hoặc chồng cùng đứng tên"))
        self._build()
        self._wire()

    def set_narrow(self, narrow: bool) -> None:
        """Less air in a small window."""
        self._first.set_title("" if narrow else t("Người đến nộp hồ sơ"))

    def people(self) -> tuple[PersonFields, ...]:
        """The fields of everybody on the page."""
        return self.person, self.owner, self.second

    def fields(self) -> dict[str, QWidget]:
        """Every field by its name in the form."""
        named: dict[str, QWidget] = {f"person.{k}": v for k, v in self.person.fields().items()}
        named["proxy"] = self.whose
        named["couple"] = self.couple
        named |= {f"owner.{k}": v for k, v in self.owner.fields().items()}
        named |= self._lines()
        named |= {f"second.{k}": v for k, v in self.second.fields().items()}
        return named

    def show_form(self, form: Form, unit_words: Callable[[str], str]) -> None:
        """Fill the page without announcing."""
        for fields, person in zip(self.people(), (form.person, form.owner, form.second), strict=True):
            fields.show_person(person, unit_words(person.commune))
        for name, line in self._lines().items():
            if line.text() != getattr(form, name):
                line.set_text(getattr(form, name))
        self.whose.set_value("proxy" if form.proxy else "own")
        self._owner_card.setVisible(form.proxy)
        self._show_second(form.couple)
        self._doubts.setVisible(bool(form.warnings))
        self._doubts.set_points([(text, "") for _field, text in form.warnings])

    def _lines(self) -> dict[str, Field]:
        return {
            "relation": self.relation,
            "authority_kind": self.authority_kind,
            "authority_number": self.authority_number,
            "authority_day": self.authority_day,
        }

    def _show_second(self, shown: bool) -> None:
        self._second_card.setVisible(shown)
        self.couple.setVisible(not shown)

    def _build(self) -> None:
        self._first.body.addWidget(self._doubts)
        self._first.body.addWidget(self.person)
        self._first.body.addWidget(self.whose)
        self._owner_card.body.addWidget(self.owner)
        self._owner_card.body.addLayout(self._authority_row())
        self._second_card.add_act(self._alone)
        self._second_card.body.addWidget(self.second)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(12))
        for card in (self._first, self._owner_card, self._second_card):
            column.addWidget(card)
        foot = QHBoxLayout()
        foot.addWidget(self.couple)
        foot.addStretch(1)
        foot.addWidget(self.done)
        column.addLayout(foot)
        column.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(ScrollColumn(content))

    def _authority_row(self) -> QGridLayout:
        row = QGridLayout()
        row.setHorizontalSpacing(px(12))
        widths = (2, 3, 2, 2)
        for column, (line, width) in enumerate(zip(self._lines().values(), widths, strict=True)):
            row.addWidget(line, 0, column, Qt.AlignmentFlag.AlignTop)
            row.setColumnStretch(column, width)
        return row

    def _wire(self) -> None:
        for prefix, fields in zip(("person.", "owner.", "second."), self.people(), strict=True):
            fields.edited.connect(lambda name, text, of=prefix: self.edited.emit(of + name, text))
            fields.left.connect(lambda name, of=prefix: self.left.emit(of + name))
        for name, line in self._lines().items():
            line.edited.connect(lambda text, of=name: self.edited.emit(of, text))
            line.left.connect(lambda text, of=name: self.edited.emit(of, text))
        self.person.finished.connect(self._after_person)
        self.owner.finished.connect(lambda: _focus(self.relation))
        self.second.finished.connect(self.finished)
        self.relation.entered.connect(lambda: _focus(self.authority_kind))
        self.authority_kind.entered.connect(self._after_kind)
        self.authority_number.entered.connect(lambda: _focus(self.authority_day))
        self.authority_day.entered.connect(self._after_owner)
        self.whose.changed.connect(self._on_whose)
        self.whose.entered.connect(self._after_person)
        self.couple.clicked.connect(lambda: self._set_couple(True))
        self._alone.clicked.connect(lambda: self._set_couple(False))
        self.done.clicked.connect(self.finished)

    def _on_whose(self, key: str) -> None:
        self._owner_card.setVisible(key == "proxy")
        self.edited.emit("proxy", "1" if key == "proxy" else "")

    def _set_couple(self, couple: bool) -> None:
        self._show_second(couple)
        self.edited.emit("couple", "1" if couple else "")
        _focus(self.second.name if couple else self.couple)

    def _after_person(self) -> None:
        if self.whose.value() == "proxy":
            _focus(self.owner.name)
        else:
            self._after_owner()

    def _after_kind(self) -> None:
        if self.authority_kind.text().strip():
            _focus(self.authority_number)
        else:
            self._after_owner()

    def _after_owner(self) -> None:
        if self._second_card.isHidden():
            self.finished.emit()
        else:
            _focus(self.second.name)


def _focus(widget: QWidget) -> None:
    widget.setFocus(Qt.FocusReason.TabFocusReason)
