"""The line picked in the outbox, told in words, with its next act: correct and send again, or the dossier."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.phone import display_phone
from app.errors import AppError
from app.services.from_province.giving_up import may_give_up
from app.services.from_province.resubmission import PersonField, Returned
from app.text import t
from app.ui.ports import OutboxLine
from app.ui.sync_status.words import line_state, line_words
from app.ui.widgets import Button, Card, Field, Kind, Label, StateBadge, Tone, Type, px, to_send

_LABELS = {
    PersonField.OWNER_NAME: t("Họ tên chủ hồ sơ"),
    PersonField.OWNER_ID_VALUE: t("Số giấy tờ của chủ hồ sơ"),
    PersonField.OWNER_BIRTH_DATE: t("Ngày sinh chủ hồ sơ"),
    PersonField.OWNER_PHONE: t("Điện thoại chủ hồ sơ"),
    PersonField.OWNER_EMAIL: t("Thư điện tử chủ hồ sơ"),
    PersonField.SUBMITTER_NAME: t("Họ tên người nộp"),
    PersonField.SUBMITTER_ID_VALUE: t("Số giấy tờ của người nộp"),
    PersonField.SUBMITTER_BIRTH_DATE: t("Ngày sinh người nộp"),
    PersonField.SUBMITTER_PHONE: t("Điện thoại người nộp"),
    PersonField.SUBMITTER_EMAIL: t("Thư điện tử người nộp"),
}


class ItemCard(Card):
    """``open``: the dossier; ``later``: on to the next line; ``evidence``: the page that proves the times;
    ``resend_asked()``: correct what was typed and send again; ``give_up_asked()``: the act is given up, the
    reason is typed."""

    resend_asked = Signal()
    give_up_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._line: OutboxLine | None = None
        self._returned: Returned | None = None
        self._badge = StateBadge(to_send(""))
        self._who = Label("", Type.SECTION, semibold=True, elide=True)
        self._number = Label("", Type.LABEL, tone=Tone.SECONDARY, wrap=True)
        self._strong = Label("", semibold=True, wrap=True)
        self._points = Label("", Type.TABLE, tone=Tone.RED, wrap=True)
        self._plain = Label("", wrap=True)
        self._call = Label("", Type.TABLE, tone=Tone.SECONDARY, wrap=True)
        self.fields = {each: Field(label) for each, label in _LABELS.items()}
        self.resend = Button(t("Sửa và gửi lại"), Kind.PRIMARY, cap="Enter")
        self.open = Button(t("Mở hồ sơ"), icon="folder", cap="Enter")
        self.later = Button(t("Để sau"))
        self.reason = Field(
            t("Lý do bỏ việc này"), hint=t("Tỉnh đọc được lý do; lịch sử hồ sơ ở quầy giữ nguyên.")
        )
        self.give_up = Button(t("Bỏ việc này"), Kind.LINK)
        self.evidence = Button(t("Trang bằng chứng"), Kind.LINK)
        self.evidence.setToolTip(t("In một trang: làm lúc nào, gửi mấy lần, tỉnh trả lời lúc nào"))
        self._build()

    def _build(self) -> None:
        head, acts, words = QHBoxLayout(), QHBoxLayout(), QVBoxLayout()
        head.setSpacing(px(10))
        head.addWidget(self._badge)
        head.addWidget(self._who, 1)
        words.setSpacing(px(4))
        for label in (self._number, self._strong, self._points, self._plain, self._call):
            words.addWidget(label)
        acts.setSpacing(px(8))
        for button in (self.resend, self.open, self.later):
            acts.addWidget(button)
        acts.addStretch(1)
        self.body.addLayout(head)
        self.body.addLayout(words)
        for field in self.fields.values():
            self.body.addWidget(field)
            field.hide()
            field.entered.connect(self.resend_asked)
        self.body.addLayout(acts)
        self.body.addWidget(self.reason)
        self.reason.hide()
        links = QHBoxLayout()
        links.setSpacing(px(16))
        for link in (self.evidence, self.give_up):
            links.addWidget(link)
        links.addStretch(1)
        self.body.addLayout(links)
        self.resend.clicked.connect(self.resend_asked)
        self.give_up.clicked.connect(self._ask_reason)
        self.reason.entered.connect(self.give_up_asked)

    def set_line(self, line: OutboxLine) -> None:
        """Another line, or the same as it reads now."""
        if self._line is None or self._line.event_id != line.event_id or self._line.state != line.state:
            self._returned = None
        self._line = line
        self._badge.set_state(line_state(line))
        self._who.setText(" – ".join(part for part in (line.who, line.act) if part))
        self._number.setText(line.number)
        self.setAccessibleName(f"{line_state(line).word}: {self._who.text()}")
        self._show()

    def set_returned(self, returned: Returned) -> None:
        """What can be done about a line that came back; what is being typed stays."""
        if self._line is None or self._line.event_id != returned.event_id:
            return
        if self._returned is None or self._returned.event_id != returned.event_id:
            for each, field in self.fields.items():
                field.set_text(returned.fields.get(each, ""))
                field.set_error(None)
            self.reason.set_text("")
            self.reason.hide()
        self._returned = returned
        self._show()

    def wants_returned(self) -> str | None:
        """The event whose way out is not known yet."""
        line = self._line
        return line.event_id if line and line.state == "rejected" and self._returned is None else None

    def returned(self) -> Returned | None:
        """What can be done about the line shown, as far as it is known."""
        return self._returned

    def dossier_id(self) -> str | None:
        """The dossier of the line shown."""
        return None if self._line is None else self._line.dossier_id

    def typed(self) -> Mapping[PersonField, str]:
        """What differs from what is stored."""
        if self._returned is None:
            return {}
        known = self._returned.fields
        return {each: self.fields[each].text() for each in known if self.fields[each].text() != known[each]}

    def say_wrong(self, error: AppError) -> bool:
        """The sentence beside its field; false where it belongs to none that is shown."""
        if error.field == "reason" and not self.reason.isHidden():
            self.reason.set_error(error.title)
            return True
        for each, field in self.fields.items():
            field.set_error(error.title if each.value == error.field else None)
        return any(each.value == error.field and not f.isHidden() for each, f in self.fields.items())

    def first(self) -> QWidget | None:
        """Where Enter in the list leads: the field to correct."""
        return next((field.line for field in self.fields.values() if not field.isHidden()), None)

    def set_busy(self, busy: bool) -> None:
        """While it is being written."""
        self.resend.setEnabled(not busy)
        self.give_up.setEnabled(not busy)

    def _ask_reason(self) -> None:
        """First the reason, then the act."""
        if not self.reason.isHidden():
            self.give_up_asked.emit()
            return
        self.reason.show()
        self.reason.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self) -> None:
        line, returned = self._line, self._returned
        if line is None:
            return
        rejected = line.state == "rejected"
        fields = returned.fields if returned is not None and rejected else {}
        told = line_words(line, mendable=bool(fields))
        self._say(self._strong, told.strong)
        self._say(self._points, _points(told.points))
        self._plain.setText(told.plain)
        phone = returned.phone if returned is not None and rejected else ""
        self._say(self._call, _call(phone))
        for each, field in self.fields.items():
            field.setVisible(each in fields)
        sendable = rejected and returned is not None and returned.sendable
        self.resend.setVisible(sendable)
        self.resend.set_text(t("Sửa và gửi lại") if fields else t("Gửi lại như đang ghi"))
        self.resend.set_kind(Kind.PRIMARY if fields else Kind.NORMAL)
        self.resend.set_cap("Enter" if fields else "")
        self.open.setVisible(line.dossier_id is not None)
        self.open.set_kind(Kind.PRIMARY if rejected and not fields else Kind.NORMAL)
        self.open.set_cap("" if fields else "Enter")
        self.later.setVisible(rejected)
        given = rejected and returned is not None and may_give_up(returned.type)
        self.give_up.setVisible(given)
        if not given:
            self.reason.hide()
        self.evidence.setVisible(line.dossier_id is not None)

    def _say(self, label: Label, words: str) -> None:
        label.setText(words)
        label.setVisible(bool(words))


def _points(points: tuple[str, ...]) -> str:
    return t("Chỗ cần xem: {where}").format(where=", ".join(points)) if points else ""


def _call(phone: str) -> str:
    shown = display_phone(phone).replace(" ", "\u00a0") if phone else ""
    return t("Cần hỏi lại công dân: gọi {phone}.").format(phone=shown) if shown else ""
