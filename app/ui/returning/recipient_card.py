"""Who takes the result: at the counter with a paper shown, or by post with a bill code."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from app.domain.phone import display_phone
from app.domain.vietnamese import fold, tidy_name
from app.services.papers.slips import address_words
from app.services.returning.view import Identity, ReturnView
from app.text import t
from app.ui.returning.typed import COUNTER, ONLINE, POST, Typed
from app.ui.widgets import Card, CheckRow, Field, Label, Notice, NoticeKind, SegmentedChoice, Tone, Type, px

_FIELDS = {
    "recipient": "name",
    "recipient_id": "id_value",
    "relation": "relation",
    "bill": "bill",
    "phone": "phone",
    "address": "address",
    "name": "recipient",
    "fee_payer": "payer",
}


class RecipientCard(Card):
    """``typed()`` at each change; ``asked()`` for Enter in the last field."""

    typed = Signal()
    asked = Signal()

    def __init__(self) -> None:
        super().__init__(t("Người nhận"))
        self.way = SegmentedChoice(
            ((COUNTER, t("Tại quầy")), (POST, t("Bưu chính")), (ONLINE, t("Điện tử"))), name=t("Cách trả")
        )
        self.identity = Notice(NoticeKind.INFO, "")
        self.name = Field(t("Họ và tên người nhận"), tidy=tidy_name)
        self.id_value = Field(t("Số giấy tờ đã xem"), hint=t("Quét thẻ căn cước, hoặc gõ số."))
        self.relation = Field(t("Quan hệ với chủ hồ sơ"))
        self.authority = Field(t("Giấy ủy quyền (số, ngày)"))
        self.bill = Field(t("Mã vận đơn"), hint=t("Quét mã trên phiếu gửi; chưa có thì để trống."))
        self.recipient = Field(t("Người nhận bưu gửi"), tidy=tidy_name)
        self.phone = Field(t("Điện thoại"))
        self.address = Field(t("Địa chỉ nhận"))
        self.payer = SegmentedChoice(
            (("citizen", t("Người nhận trả cước")), ("office", t("Cơ quan trả cước"))), name=t("Cước")
        )
        self.collect = CheckRow(t("Thu tiền khi trả"), checked=True)
        self._counter, self._post = QWidget(), QWidget()
        self._boxes: list[QVBoxLayout] = []
        self._other = QWidget()
        self._fill(self._other, (self.relation, self.authority))
        self._fill(self._counter, (self.identity, self.name, self.id_value, self._other, self.collect))
        self._payer_words = Label(t("Cước bưu chính"), Type.LABEL, tone=Tone.SECONDARY, semibold=True)
        self._who = QWidget()
        self._pair = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._who)
        self._pair.setContentsMargins(0, 0, 0, 0)
        self._pair.addWidget(self.recipient, 3)
        self._pair.addWidget(self.phone, 2)
        self._fill(self._post, (self.bill, self._who, self.address, self._payer_words, self.payer))
        self._online = Label(
            t("Chỉ ghi đã trả khi bản điện tử của kết quả đã gửi tới công dân. Không in biên nhận."),
            wrap=True,
        )
        for part in (self.way, self._counter, self._post, self._online):
            self.body.addWidget(part)
        self.body.addStretch(1)
        self._view: ReturnView | None = None
        self._now: Typed | None = None
        self._wire()
        self._show_way()
        self.restyle()

    @property
    def fields(self) -> dict[str, Field]:
        """Every typed field by its name in ``Typed``."""
        return {
            "name": self.name,
            "id_value": self.id_value,
            "relation": self.relation,
            "authority": self.authority,
            "bill": self.bill,
            "recipient": self.recipient,
            "phone": self.phone,
            "address": self.address,
        }

    def show_dossier(self, view: ReturnView, typed: Typed) -> None:
        """The fields for a dossier, with what was typed before."""
        self._view, self._now = view, typed
        for key, field in self.fields.items():
            field.set_text(str(getattr(typed, key)))
            field.set_error(None)
        self.way.set_value(typed.way)
        self.payer.set_value(typed.payer)
        self.collect.setChecked(typed.collect)
        self.collect.setVisible(view.can_collect)
        self._show_way()
        self._show_other()

    def show_identity(self, identity: Identity) -> None:
        """A card was compared: what it says, and its name and number in the fields."""
        self.way.set_value(COUNTER)
        self._show_way()
        kind = NoticeKind.OK if identity.role else NoticeKind.WARN
        self.identity.set_notice(kind, identity.title, identity.next_step)
        self.identity.show()
        self.name.set_text(identity.name)
        self.id_value.set_text(identity.id_value)
        self._show_other()
        if not identity.role:
            self.relation.line.setFocus()
        self.typed.emit()

    def value(self) -> Typed:
        """What is typed now."""
        assert self._now is not None
        words = {key: field.text().strip() for key, field in self.fields.items()}
        return replace(
            self._now,
            way=self.way.value(),
            payer=self.payer.value(),
            collect=self.collect.isChecked(),
            **words,
        )

    def say(self, field: str | None, sentence: str) -> bool:
        """Beside the field that is wrong; whether there is such a field in sight."""
        by_post = self.way.value() == POST
        name = _FIELDS.get(field or "", "")
        if by_post and field == "recipient":
            name = "recipient"
        wrong = self.fields.get(name)
        if wrong is None:
            return False
        if wrong in (self.relation, self.authority):
            self._other.show()
        wrong.set_error(sentence)
        wrong.line.setFocus()
        wrong.line.selectAll()
        return wrong.isVisible()

    def clear_errors(self) -> None:
        """Nothing is wrong any more."""
        for field in self.fields.values():
            field.set_error(None)

    def first(self) -> QWidget:
        """Where typing goes: the bill code by post, the number of the paper shown at the counter."""
        places: dict[str, QWidget] = {POST: self.bill.line, ONLINE: self.way}
        return places.get(self.way.value(), self.id_value.line)

    def set_locked(self, locked: bool) -> None:
        """While nothing can be handed over the fields are not shown."""
        self.setVisible(not locked)

    def set_narrow(self, narrow: bool) -> None:
        """Name over phone."""
        direction = QBoxLayout.Direction
        self._pair.setDirection(direction.TopToBottom if narrow else direction.LeftToRight)

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        super().restyle()
        for box in getattr(self, "_boxes", ()):
            box.setSpacing(px(8))
        if hasattr(self, "_pair"):
            self._pair.setSpacing(px(8))

    def _fill(self, holder: QWidget, parts: tuple[QWidget, ...]) -> None:
        box = QVBoxLayout(holder)
        box.setContentsMargins(0, 0, 0, 0)
        for part in parts:
            box.addWidget(part)
        self._boxes.append(box)

    def _wire(self) -> None:
        for key, field in self.fields.items():
            field.edited.connect(lambda _text, of=field: self._edited(of))
            field.entered.connect(lambda of=key: self._on_enter(of))
        self.way.changed.connect(lambda _way: self._way_chosen())
        self.payer.changed.connect(lambda _payer: self.typed.emit())
        self.collect.toggled.connect(lambda _on: self.typed.emit())

    def _edited(self, field: Field) -> None:
        field.set_error(None)
        if field is self.name:
            self.identity.hide()
            self._show_other()
        self.typed.emit()

    def _on_enter(self, key: str) -> None:
        order = (
            ("bill", "recipient", "phone", "address")
            if self.way.value() == POST
            else ("name", "id_value", *(("relation", "authority") if self._is_other() else ()))
        )
        if key in ("bill", "id_value", order[-1]) and not (key == "id_value" and self._is_other()):
            self.asked.emit()
        elif key in order:
            self.fields[order[order.index(key) + 1]].line.setFocus()

    def _way_chosen(self) -> None:
        self._show_way()
        self.typed.emit()
        self.first().setFocus()

    def _show_way(self) -> None:
        way = self.way.value()
        self._counter.setVisible(way == COUNTER)
        self._post.setVisible(way == POST)
        self._online.setVisible(way == ONLINE)
        self.identity.hide()

    def _show_other(self) -> None:
        self._other.setVisible(self._is_other())

    def _is_other(self) -> bool:
        """Whether the name is neither the submitter's nor the owner's."""
        if self._view is None:
            return False
        known = {fold(self._view.submitter.name), fold(self._view.dossier.owner.name), ""}
        return fold(self.name.text().strip()) not in known


def first_typed(view: ReturnView, draft_id: str) -> Typed:
    """What stands in the fields when a dossier opens: the submitter, and the way he chose at reception."""
    dossier, person = view.dossier, view.submitter
    parcel = view.parcel if view.parcel is not None and view.parcel.state == "ready" else None
    address = address_words(dossier.return_address) or address_words(person.address)
    return Typed(
        draft_id,
        dossier.id,
        way=POST if parcel is not None else dossier.return_method,
        name=person.name,
        bill=parcel.bill if parcel else "",
        recipient=parcel.recipient if parcel else person.name,
        phone=display_phone(parcel.phone if parcel else person.phone or "")
        if (parcel or person.phone)
        else "",
        address=parcel.address if parcel else address,
        payer=parcel.fee_payer if parcel else "citizen",
    )
