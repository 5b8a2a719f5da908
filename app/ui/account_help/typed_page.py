"""A citizen without a card: the same few fields, typed."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.people import IdKind, Person, Sex
from app.domain.personal_id import require_personal_id
from app.domain.phone import normalise_phone
from app.domain.typed_date import parse_typed_date
from app.domain.vietnamese import check_name, tidy_name
from app.errors import AppError
from app.text import t
from app.ui.widgets import (
    Button,
    Card,
    DateField,
    Field,
    Label,
    ParsedField,
    PhoneField,
    ScrollColumn,
    SegmentedChoice,
    Tone,
    Type,
    px,
)

_WIDTH = 560


class TypedPage(QWidget):
    """``given(Person)`` once every field that is filled can be read; ``left()`` for Esc."""

    given = Signal(object)
    left = Signal()

    def __init__(self, today: date) -> None:
        super().__init__()
        self.today = today
        self.name = Field(t("Họ và tên"), placeholder=t("như trên giấy tờ"), tidy=tidy_name)
        self.number = ParsedField[str](
            t("Số định danh"), require_personal_id, hint=t("12 chữ số; không có thì để trống")
        )
        self.born = DateField(
            t("Ngày sinh"),
            lambda text: parse_typed_date(text, self.today, "birth_date"),
            weekday=False,
            hint=t("Không rõ thì để trống"),
        )
        self.sex = SegmentedChoice(
            (("", t("Chưa rõ")), (Sex.FEMALE.value, t("Nữ")), (Sex.MALE.value, t("Nam"))),
            name=t("Giới tính"),
        )
        self.phone = PhoneField(
            t("Số điện thoại"), normalise_phone, hint=t("Chỉ giữ lại khi công dân đồng ý")
        )
        self.go_on = Button(t("Tiếp tục"), cap="Enter")
        self.back = Button(t("Quay lại"), cap="Esc")
        self._build()
        self.restyle()

    def _build(self) -> None:
        self.card = Card(t("Nhập tay khi không có thẻ"))
        for part in (self.name, self.number):
            self.card.body.addWidget(part)
        pair = QHBoxLayout()
        pair.addWidget(self.born, 1)
        sex = QVBoxLayout()
        sex.setSpacing(px(4))
        sex.addWidget(Label(t("Giới tính"), Type.LABEL, semibold=True))
        sex.addWidget(self.sex)
        sex.addStretch(1)
        pair.addLayout(sex, 1)
        pair.setSpacing(px(12))
        self.card.body.addLayout(pair)
        self.card.body.addWidget(self.phone)
        words = t("Chưa lưu gì cho đến khi công dân đồng ý và cán bộ bấm Lưu.")
        self.card.body.addWidget(Label(words, Type.LABEL, tone=Tone.SECONDARY, wrap=True))
        acts = QHBoxLayout()
        acts.addWidget(self.go_on)
        acts.addWidget(self.back)
        acts.addStretch(1)
        self.card.foot.addLayout(acts)
        inner = QWidget()
        self._middle = QVBoxLayout(inner)
        self._middle.addWidget(self.card, 0, Qt.AlignmentFlag.AlignHCenter)
        self._middle.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(ScrollColumn(inner))
        self.name.entered.connect(lambda: self.number.setFocus())
        self.number.entered.connect(lambda: self.born.setFocus())
        self.born.entered.connect(lambda: self.sex.setFocus())
        self.sex.entered.connect(lambda: self.phone.setFocus())
        self.phone.entered.connect(self.finish)
        self.go_on.clicked.connect(self.finish)
        self.back.clicked.connect(self.left)

    def start(self, name: str) -> None:
        """Empty fields, the name as far as it was typed."""
        self.name.set_text(tidy_name(name) if name else "")
        for field in (self.number, self.born, self.phone):
            field.set_value(None)
        self.sex.set_value("")
        (self.number if name else self.name).setFocus()

    def finish(self) -> None:
        """Hands over the person, or shows beside the field what cannot be read."""
        if not self._name_is_good():
            return
        wrong = [field for field in (self.number, self.born, self.phone) if not field.read()]
        if wrong:
            wrong[0].setFocus()
            return
        number = self.number.value()
        sex = self.sex.value()
        self.given.emit(
            Person(
                name=tidy_name(self.name.text()),
                id_kind=IdKind.PERSONAL_NUMBER if number else IdKind.NONE,
                id_value=number,
                birth_date=self.born.value(),
                sex=Sex(sex) if sex else None,
                phone=self.phone.value(),
            )
        )

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        self._middle.setContentsMargins(px(16), px(12), px(16), px(12))
        self.card.setFixedWidth(px(_WIDTH))

    def _name_is_good(self) -> bool:
        try:
            check_name(self.name.text())
        except AppError as wrong:
            self.name.set_error(f"{wrong.title} {wrong.next_step}".strip())
            self.name.setFocus()
            return False
        self.name.set_error(None)
        return True
