"""Cards of one request: a new one, the one picked, correcting a dossier, the leader's answer."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from PySide6.QtWidgets import QWidget

from app.clock import VIETNAM
from app.domain.phone import display_phone
from app.domain.privacy import KEPT_BY_LAW, Decision, RequestKind
from app.domain.typed_date import format_date
from app.services.privacy.requests import Bearing
from app.text import t
from app.ui.privacy.facts import WrappedFact
from app.ui.widgets import (
    Button,
    Card,
    Choice,
    ChoiceField,
    Field,
    FieldFrame,
    Kind,
    Label,
    TextArea,
    Tone,
    Type,
)

_VALUES = {
    "name": t("Họ và tên"),
    "address": t("Địa chỉ"),
    "phone": t("Điện thoại"),
    "email": t("Thư điện tử"),
}


class NewCard(Card):
    """What a citizen asks, as the officer takes it down."""

    def __init__(self) -> None:
        super().__init__(t("Yêu cầu mới"), hint=t("quét thẻ để điền"))
        self._kind = ChoiceField(t("Công dân muốn"))
        self._kind.set_choices([Choice(kind.value, kind.label) for kind in RequestKind])
        self.name = Field(t("Họ và tên"))
        self.identity = Field(t("Số giấy tờ"), icon="card", placeholder=t("số định danh, CMND hoặc hộ chiếu"))
        self.phone = Field(t("Điện thoại"))
        self.address = Field(t("Địa chỉ nhận trả lời"))
        self.words = TextArea(t("Điều yêu cầu"), lines=3, placeholder=t("ghi bằng lời của công dân"))
        self.keep = Button(t("Ghi yêu cầu"), Kind.PRIMARY, icon="save", cap="Ctrl+S")
        typed = (self.name, self.identity, self.phone, self.address)
        for part in (self._kind, *typed, self.words, self.keep):
            self.body.addWidget(part)
        self._kind.entered.connect(self.name.setFocus)
        for before, after in pairwise((*typed, self.words)):
            assert isinstance(before, Field)
            before.entered.connect(after.setFocus)
        self.words.entered.connect(self.keep.click)
        self.fields: Mapping[str, FieldFrame] = {
            "name": self.name,
            "identity": self.identity,
            "phone": self.phone,
            "address": self.address,
            "words": self.words,
        }
        self.clear()

    def kind(self) -> RequestKind:
        """What is asked for."""
        return RequestKind(self._kind.value() or RequestKind.ACCESS.value)

    def fill(self, name: str, identity: str, address: str) -> None:
        """From a card."""
        self.name.set_text(name)
        self.identity.set_text(identity)
        self.address.set_text(address)

    def clear(self) -> None:
        """For the next citizen."""
        self._kind.set_value(RequestKind.ACCESS.value)
        for field in (self.name, self.identity, self.phone, self.address):
            field.clear()
        self.words.set_text("")

    def first(self) -> QWidget:
        """Where typing begins."""
        return self._kind


class PickedCard(Card):
    """One request and what the desk holds of the person."""

    def __init__(self) -> None:
        super().__init__(t("Yêu cầu"))
        self.who = WrappedFact(t("Công dân"), semibold=True)
        self.number = WrappedFact(t("Số giấy tờ, điện thoại"))
        self.asked = WrappedFact(t("Điều yêu cầu"))
        self.days = WrappedFact(t("Hạn phản hồi, hạn thực hiện"))
        self.held = WrappedFact(t("Quầy đang giữ"))
        self.answered = WrappedFact(t("Trả lời"))
        self.export = Button(t("Xuất dữ liệu ra tệp"), icon="save")
        self.paper = Button(t("In phiếu trả lời"), icon="printer")
        self.end = Button(t("Thôi hạn chế"), Kind.LINK)
        self._facts = (self.who, self.number, self.asked, self.days, self.held, self.answered)
        for part in (*self._facts, self.export, self.paper, self.end):
            self.body.addWidget(part)

    def show_bearing(self, bearing: Bearing) -> None:
        """The request picked."""
        request, records = bearing.request, bearing.records
        self.set_title(t("Yêu cầu số {number}").format(number=request.number))
        self.who.set_value(request.name or t("đã xóa tên"))
        phone = display_phone(request.phone) if request.phone else ""
        self.number.set_value(" · ".join(each for each in (request.identity, phone) if each))
        self.asked.set_value(f"{request.kind.label}: {request.words}")
        days = [format_date(day) if day else t("chưa đặt") for day in (request.reply_due, request.due)]
        self.days.set_value(" · ".join(days))
        self.held.set_value(
            t("{dossiers} hồ sơ · {cases} lượt hỗ trợ · {drafts} bản nháp").format(
                dossiers=len(records.dossiers), cases=len(records.help_cases), drafts=len(records.drafts)
            )
        )
        self.answered.set_value(_answer_words(bearing))

    def offer(self, bearing: Bearing, *, acts: bool, prints: bool) -> None:
        """The acts that fit the request now."""
        request = bearing.request
        self.answered.setVisible(not request.open)
        access = request.kind is RequestKind.ACCESS and request.decision is not Decision.REFUSED
        self.export.setVisible(prints and access and bearing.records.any)
        self.paper.setVisible(prints and not request.open)
        self.end.setVisible(acts and request.binding)

    def clear(self) -> None:
        """Nobody's data stays in sight."""
        for fact in self._facts:
            fact.set_value("")


class CorrectCard(Card):
    """One value of one of the person's dossiers, by the act that corrects a slip."""

    def __init__(self) -> None:
        super().__init__(t("Sửa hồ sơ theo yêu cầu"))
        self.number = ChoiceField(t("Hồ sơ"))
        self.value = ChoiceField(t("Sửa"))
        self.value.set_choices([Choice(key, words) for key, words in _VALUES.items()])
        self.value.set_value("name")
        self.new = Field(t("Sửa thành"))
        self.keep = Button(t("Sửa hồ sơ"), icon="save")
        for part in (self.number, self.value, self.new, self.keep):
            self.body.addWidget(part)
        self.new.entered.connect(self.keep.click)
        both = ("owner", "submitter")
        corrected = {f"{role}_{key}": self.new for role in both for key in _VALUES}
        self.fields: Mapping[str, FieldFrame] = {"number": self.number, "act": self.new, **corrected}

    def offer(self, bearing: Bearing) -> None:
        """The dossiers of the person."""
        self.number.set_choices([Choice(number, number) for number in bearing.numbers.values()])
        first = next(iter(bearing.numbers.values()), None)
        if first is not None:
            self.number.set_value(first)

    def order(self) -> tuple[str, dict[str, str]]:
        """The dossier's number and the one value."""
        return self.number.value() or "", {self.value.value() or "name": self.new.text()}

    def clear(self) -> None:
        """For the next value."""
        self.new.clear()


class AnswerCard(Card):
    """The leader's word, with what an erasure would do."""

    def __init__(self) -> None:
        super().__init__(t("Trả lời công dân"))
        self.told = Label("", Type.LABEL, tone=Tone.SECONDARY, wrap=True)
        self._decision = ChoiceField(t("Kết quả"))
        self._decision.set_choices([Choice(each.value, each.label) for each in Decision])
        self.reason = TextArea(t("Lời trả lời"), lines=3, placeholder=t("đã làm gì, hoặc vì sao không"))
        self.basis = Field(t("Căn cứ của phần không làm"))
        self.keep = Button(t("Trả lời"), Kind.PRIMARY, icon="pen", cap="Ctrl+S")
        for part in (self.told, self._decision, self.reason, self.basis, self.keep):
            self.body.addWidget(part)
        self._decision.entered.connect(self.reason.setFocus)
        self.reason.entered.connect(self.basis.setFocus)
        self.basis.entered.connect(self.keep.click)
        self.fields: Mapping[str, FieldFrame] = {
            "decision": self._decision,
            "reason": self.reason,
            "basis": self.basis,
        }

    def decision(self) -> Decision:
        """What is chosen."""
        return Decision(self._decision.value() or Decision.GRANTED.value)

    def words(self) -> tuple[str, str]:
        """The answer and the basis of what is not done."""
        return self.reason.text(), self.basis.text()

    def offer(self, bearing: Bearing) -> None:
        """Another request: nothing typed for the one before is left."""
        self.reason.set_text("")
        erasure = bearing.request.kind is RequestKind.ERASURE
        keeps = erasure and bearing.erasure.dossiers_kept > 0
        self._decision.set_value((Decision.PARTLY if keeps else Decision.GRANTED).value)
        self.basis.set_text(t("Luật Lưu trữ 33/2024/QH15") if keeps else "")
        self.told.setVisible(erasure)
        if erasure:
            words = t("Sẽ xóa {cases} lượt hỗ trợ, {drafts} bản nháp; giữ {dossiers} hồ sơ.").format(
                cases=bearing.erasure.help_cases,
                drafts=bearing.erasure.drafts,
                dossiers=bearing.erasure.dossiers_kept,
            )
            self.told.setText(f"{words} {KEPT_BY_LAW}" if keeps else words)


def _answer_words(bearing: Bearing) -> str:
    request = bearing.request
    if request.decision is None or request.decided_at is None:
        return ""
    words = f"{request.decision.label}: {request.reason}"
    ended = t(" · đã thôi hạn chế") if request.ended_at is not None else ""
    day = f"{request.decided_at.astimezone(VIETNAM):%d/%m/%Y}"
    return f"{words} ({request.decided_by}, {day}){ended}"
