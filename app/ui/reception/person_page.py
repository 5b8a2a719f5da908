"""The page where people are typed: who stands at the counter and, handing in for another, whose it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.text import t
from app.ui.reception.form import Form
from app.ui.reception.person_fields import PersonFields
from app.ui.widgets import (
    Button,
    Card,
    Field,
    Kind,
    Notice,
    NoticeKind,
    ScrollColumn,
    SegmentedChoice,
    px,
)


class PersonPage(QWidget):
    """``edited(name, value)`` with the form's own names (``person.name``, ``owner.name``, ``relation``,
    ``proxy`` as "1" or ""); ``finished()`` when all is typed."""

    edited = Signal(str, str)
    left = Signal(str)
    finished = Signal()

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.person, self.owner = PersonFields(today), PersonFields(today)
        self.relation = Field(t("Quan hệ với chủ hồ sơ"), placeholder=t("ví dụ: dì, người được ủy quyền"))
        self.whose = SegmentedChoice(
            (("own", t("Hồ sơ của chính người này")), ("proxy", t("Nộp thay cho người khác"))),
            name=t("Hồ sơ của ai"),
        )
        self._doubts = Notice(NoticeKind.WARN, t("So lại với thẻ"), icon="card")
        self._doubts.setVisible(False)
        self.done = Button(t("Xong, sang thủ tục"), Kind.TINTED, cap="Enter", icon="check")
        self._first = Card(t("Người đến nộp hồ sơ"))
        self._second = Card(t("Chủ hồ sơ"))
        self._build()
        self._wire()

    def set_narrow(self, narrow: bool) -> None:
        """Less air in a small window."""
        self._first.set_title("" if narrow else t("Người đến nộp hồ sơ"))

    def fields(self) -> dict[str, QWidget]:
        """Every field by its name in the form."""
        named: dict[str, QWidget] = {f"person.{k}": v for k, v in self.person.fields().items()}
        named["proxy"] = self.whose
        named |= {f"owner.{k}": v for k, v in self.owner.fields().items()}
        named["relation"] = self.relation
        return named

    def show_form(self, form: Form, unit_words: Callable[[str], str]) -> None:
        """Fill the page without announcing."""
        self.person.show_person(form.person, unit_words(form.person.commune))
        self.owner.show_person(form.owner, unit_words(form.owner.commune))
        if self.relation.text() != form.relation:
            self.relation.set_text(form.relation)
        self.whose.set_value("proxy" if form.proxy else "own")
        self._second.setVisible(form.proxy)
        self._doubts.setVisible(bool(form.warnings))
        self._doubts.set_points([(text, "") for _field, text in form.warnings])

    def _build(self) -> None:
        self._first.body.addWidget(self._doubts)
        self._first.body.addWidget(self.person)
        self._first.body.addWidget(self.whose)
        self._second.body.addWidget(self.owner)
        self._second.body.addWidget(self.relation)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(12))
        column.addWidget(self._first)
        column.addWidget(self._second)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.done)
        column.addLayout(foot)
        column.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(ScrollColumn(content))

    def _wire(self) -> None:
        for prefix, fields in (("person.", self.person), ("owner.", self.owner)):
            fields.edited.connect(lambda name, text, of=prefix: self.edited.emit(of + name, text))
            fields.left.connect(lambda name, of=prefix: self.left.emit(of + name))
        self.person.finished.connect(self._after_person)
        self.owner.finished.connect(lambda: self.relation.setFocus(Qt.FocusReason.TabFocusReason))
        self.relation.edited.connect(lambda text: self.edited.emit("relation", text))
        self.relation.entered.connect(self.finished)
        self.whose.changed.connect(self._on_whose)
        self.whose.entered.connect(self._after_whose)
        self.done.clicked.connect(self.finished)

    def _on_whose(self, key: str) -> None:
        self._second.setVisible(key == "proxy")
        self.edited.emit("proxy", "1" if key == "proxy" else "")

    def _after_person(self) -> None:
        if self.whose.value() == "proxy":
            self.owner.name.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.finished.emit()

    def _after_whose(self) -> None:
        self._after_person()
