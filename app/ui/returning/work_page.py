"""One dossier at the counter: whose it is, what to hand over, what is owed, and to whom it goes."""

from __future__ import annotations

from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.errors import AppError
from app.services.papers.slip_words import money
from app.services.post.items import HANDED
from app.services.returning.view import ReturnView
from app.text import t
from app.ui.dossier_detail.summary import Summary
from app.ui.returning.recipient_card import RecipientCard
from app.ui.returning.typed import Typed
from app.ui.settled import SettledColumn
from app.ui.widgets import (
    AmountRow,
    Button,
    Card,
    Fact,
    Field,
    Kind,
    Label,
    Notice,
    NoticeKind,
    ScrollColumn,
    Size,
    Tone,
    Type,
    px,
)

_SIDE, _SIDE_NARROW = 400, 330


class PostCard(Card):
    """What became of a parcel that the post has: delivered on a day, or back at the counter."""

    def __init__(self) -> None:
        super().__init__(t("Bưu gửi đang trên đường"))
        self.words = Label("", wrap=True)
        self.day = Field(t("Ngày phát"), placeholder=t("hôm nay"), hint=t("Theo giấy báo phát, ví dụ 25/11."))
        self.delivered = Button(t("Đã phát cho người nhận"), Kind.TINTED, leading=True, icon="check")
        self.note = Field(t("Vì sao chuyển lại"), placeholder=t("như ghi trên phong bì"))
        self.back = Button(t("Bưu chính chuyển lại"), leading=True, icon="back-arrow")
        for part in (self.words, self.day, self.delivered, self.note, self.back):
            self.body.addWidget(part)
        self.body.addStretch(1)


class WorkPage(QWidget):
    """Built once, filled for each dossier."""

    def __init__(self) -> None:
        super().__init__()
        self.summary = Summary()
        self.notice = Notice(NoticeKind.WARN, "")
        self.open = self.notice.add_act(t("Mở hồ sơ"))
        self.again = self.notice.add_act(t("In lại biên nhận"))
        self.late = Notice(NoticeKind.WARN, "")
        self.apology = self.late.add_act(t("Mở hồ sơ"))
        self.papers = Card(t("Giao cho công dân"))
        self._rows = QVBoxLayout()
        self.papers.body.addLayout(self._rows)
        self.people = Card(t("Người của hồ sơ"))
        self.owner, self.submitter, self.waits = Fact(t("Chủ hồ sơ")), Fact(t("Người nộp")), Fact(t("Đã chờ"))
        self.fees = Card(t("Phí, lệ phí"))
        self.owed = AmountRow("", "", total=True)
        self.unknown = Label("", Type.LABEL, tone=Tone.AMBER, wrap=True)
        self.fees.body.addWidget(self.owed)
        self.fees.body.addWidget(self.unknown)
        self.recipient = RecipientCard()
        self.post = PostCard()
        self.label = Button(t("In nhãn phong bì"), size=Size.SMALL)
        self.recipient.add_act(self.label)
        self._build()
        self.restyle()

    def _build(self) -> None:
        facts = QHBoxLayout()
        for fact in (self.owner, self.submitter, self.waits):
            facts.addWidget(fact, 1)
        self.people.body.addLayout(facts)
        inner = SettledColumn()
        self._left = QVBoxLayout(inner)
        self._left.setContentsMargins(0, 0, 0, 0)
        for part in (self.notice, self.papers, self.late, self.fees, self.people):
            self._left.addWidget(part)
        self._left.addStretch(1)
        side = SettledColumn()
        self._right = QVBoxLayout(side)
        self._right.setContentsMargins(0, 0, 0, 0)
        self._right.addWidget(self.recipient)
        self._right.addWidget(self.post)
        self._right.addStretch(1)
        self._inner, self._side = inner, side
        self.column, self.side = ScrollColumn(inner), ScrollColumn(side)
        self._across = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._across.addWidget(self.column, 1)
        self._across.addWidget(self.side)
        self._whole = QVBoxLayout(self)
        self._whole.addWidget(self.summary)
        self._whole.addLayout(self._across, 1)

    def show_dossier(self, view: ReturnView, typed: Typed) -> None:
        """Everything of the dossier."""
        self.summary.set_dossier(view.dossier)
        self._show_notice(view)
        self._show_papers(view)
        self._show_people(view)
        self._show_fees(view)
        with_post = view.parcel is not None and view.parcel.state == HANDED
        self.recipient.show_dossier(view, typed)
        self.recipient.set_locked(view.blocked is not None)
        self.label.setVisible(
            view.parcel is not None and view.blocked is None and view.parcel.state == "ready"
        )
        self.post.setVisible(with_post)
        self.side.setVisible(view.blocked is None or with_post)
        if with_post and view.parcel is not None:
            self.post.words.setText(
                t("Vận đơn {bill}, {no}. Người nhận {name}.").format(
                    bill=view.parcel.bill or t("chưa có mã"),
                    no=t("bảng kê {no}").format(no=view.parcel.list_no),
                    name=view.parcel.recipient,
                )
            )
            self.post.day.set_text("")
            self.post.note.set_text("")
            for field in (self.post.day, self.post.note):
                field.set_error(None)
        for column in (self.column, self.side):
            column.verticalScrollBar().setValue(0)
        self._inner.settle_soon()
        self._side.settle_soon()

    def say_failure(self, error: AppError) -> None:
        """What did not work, above what is typed."""
        self.notice.set_notice(NoticeKind.WARN, error.title, error.next_step)
        self.open.hide()
        self.again.hide()
        self.notice.show()
        self._inner.settle_soon()

    def show_wrong(self) -> None:
        """The field that is wrong comes into sight with its sentence."""
        self._side.settle()
        here = self.focusWidget()
        frame = here.parentWidget() if here is not None else None
        if frame is not None and self._side.isAncestorOf(frame):
            self.side.ensureWidgetVisible(frame, 0, px(60))

    def set_narrow(self, narrow: bool) -> None:
        """A slimmer side."""
        self.side.setFixedWidth(px(_SIDE_NARROW if narrow else _SIDE))
        self.summary.set_narrow(narrow)
        self.recipient.set_narrow(narrow)

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        self._whole.setContentsMargins(px(16), px(12), px(16), px(12))
        for box in (self._whole, self._across, self._left, self._right):
            box.setSpacing(px(12))
        self._rows.setSpacing(px(6))
        self.set_narrow(False)

    def _show_notice(self, view: ReturnView) -> None:
        blocked = view.blocked
        self.notice.setVisible(blocked is not None)
        if blocked is not None:
            self.notice.set_notice(NoticeKind.WARN, blocked.title, blocked.next_step)
        self.open.show()
        self.again.setVisible(view.dossier.returned_at is not None)
        self.late.setVisible(view.apology_due)
        if view.apology_due:
            self.late.set_notice(
                NoticeKind.WARN,
                t("Kết quả xong sau ngày hẹn, chưa có văn bản xin lỗi."),
                t("Xin lỗi công dân khi trả. Kết quả vẫn trả được ngay."),
            )

    def _show_papers(self, view: ReturnView) -> None:
        while self._rows.count():
            gone = self._rows.takeAt(0)
            widget = gone.widget() if gone is not None else None
            if widget is not None:
                widget.hide()
                widget.setParent(None)
                widget.deleteLater()
        back = any(paper.back for paper in view.papers)
        self.papers.set_title(t("Trả lại công dân") if back else t("Giao cho công dân"))
        for paper in view.papers:
            self._rows.addWidget(AmountRow(paper.name, paper.detail))
        if not view.papers:
            words = t("Chưa có gì để giao.") if view.blocked else t("Không có giấy tờ nào phải giao.")
            self._rows.addWidget(Label(words, Type.TABLE, tone=Tone.SECONDARY))
        self.papers.set_hint(view.timing)

    def _show_people(self, view: ReturnView) -> None:
        owner, submitter = view.dossier.owner, view.submitter
        self.owner.set_value(_person(owner.name, owner.id_value))
        same = submitter is owner
        self.submitter.set_value(
            t("Chính chủ hồ sơ") if same else _person(submitter.name, submitter.id_value)
        )
        days = view.waiting_days
        waits = t("{days} ngày").format(days=days) if days else t("xong hôm nay")
        self.waits.set_value(waits if view.blocked is None else "")

    def _show_fees(self, view: ReturnView) -> None:
        owed = view.owed
        self.fees.setVisible(bool(owed.left_vnd or owed.unknown or owed.taken_vnd))
        if owed.left_vnd:
            self.owed.set_words(t("Còn phải thu"))
            self.owed.set_amount(t("{amount} đ").format(amount=money(owed.left_vnd)))
        else:
            self.owed.set_words(t("Đã thu"))
            self.owed.set_amount(t("{amount} đ").format(amount=money(owed.taken_vnd)))
        self.owed.setVisible(bool(owed.left_vnd or owed.taken_vnd))
        self.unknown.setVisible(bool(owed.unknown))
        self.unknown.setText(
            t("Chưa rõ mức thu: {names}. Hỏi mức thu trước khi trả.").format(names=", ".join(owed.unknown))
        )


def _person(name: str, number: str | None) -> str:
    return " · ".join(part for part in (name, number or "") if part)
