"""The layout of Đồng bộ: head, the round that runs, outbox at left, what is picked at right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from app.services.from_province.notices import UnseenNotice
from app.services.from_province.proposals import OpenProposal
from app.text import t
from app.ui.ports import OutboxLine
from app.ui.settled import SettledColumn
from app.ui.sync_status.courier_card import CourierCard
from app.ui.sync_status.enrol_card import EnrolCard
from app.ui.sync_status.head import HeadCard, RunningCard
from app.ui.sync_status.item_card import ItemCard
from app.ui.sync_status.notice_card import NoticeCard
from app.ui.sync_status.proposal_card import ProposalCard
from app.ui.sync_status.words import line_detail, line_state, moment_words
from app.ui.widgets import (
    Card,
    Drawing,
    EmptyState,
    Notice,
    NoticeKind,
    RowItem,
    RowList,
    ScrollColumn,
    is_narrow,
    near,
    px,
)
from app.ui.wire_words import field_words

PROPOSAL = "proposal:"
_LIST = 360
_LIST_NARROW = 300
_FITS, _FITS_HINT = t("Tỉnh và quầy khớp nhau"), t("Không có gì phải xem.")
_OFFLINE = t("Mất mạng, quầy vẫn làm đủ việc")
_OFFLINE_HINT = t("Nhận hồ sơ, in phiếu, tra cứu, trả lời công dân đều chạy trên máy này.")


class SyncView:
    """Built into ``holder``."""

    def __init__(self, holder: QWidget, data: Path) -> None:
        self._holder = holder
        self.head, self.running = HeadCard(), RunningCard()
        self.failure = Notice(NoticeKind.WARN, "")
        self.again = self.failure.add_act(t("Thử lại"))
        self.failure.hide()
        self.news = Notice(NoticeKind.OK, "")
        self.news.hide()
        self.notices = NoticeCard()
        self.list = RowList(name=t("Hộp gửi đi"), lines=True)
        self.box = Card(t("Hộp gửi đi"))
        self._none = EmptyState(
            t("Không còn việc nào chờ gửi"),
            t("Việc mới ở quầy sẽ hiện ở đây."),
            drawing=Drawing.DONE,
            small=True,
        )
        self._box_stack = QStackedWidget()
        self._box_stack.addWidget(self.list)
        self._box_stack.addWidget(self._none)
        self.box.full.addWidget(self._box_stack, 1)
        self.item, self.proposal, self.enrol = ItemCard(), ProposalCard(), EnrolCard(data)
        self.courier = CourierCard()
        self.rest = EmptyState(_FITS, _FITS_HINT, drawing=Drawing.DONE)
        self._light = ""
        self._build(holder)
        self.restyle()

    def _build(self, holder: QWidget) -> None:
        inner = self._inner = SettledColumn()
        self._right = QVBoxLayout(inner)
        self._right.setContentsMargins(0, 0, 0, 0)
        self.notices.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        for part in (self.news, self.enrol, self.item, self.proposal, self.courier):
            part.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
            self._right.addWidget(part)
        self._right.addWidget(self.notices)
        self._right.addWidget(self.rest, 1)
        self._right.addStretch(1)
        self.column = ScrollColumn(inner)
        self._across = QHBoxLayout()
        self._across.addWidget(self.box)
        self._across.addWidget(self.column, 1)
        self._whole = QVBoxLayout(holder)
        for card in (self.failure, self.head, self.running):
            self._whole.addWidget(card)
        self._whole.addLayout(self._across, 1)
        for hidden in (self.news, self.notices, self.enrol, self.item, self.proposal, self.courier):
            hidden.hide()

    def show_lines(
        self, lines: Sequence[OutboxLine], proposals: Sequence[OpenProposal], now: datetime
    ) -> None:
        """What needs an officer first: sent back, then proposals, then what waits."""
        rejected = [line for line in lines if line.state == "rejected"]
        others = [line for line in lines if line.state != "rejected"]
        rows = [_line_row(line, now) for line in rejected]
        rows += [_proposal_row(each, now) for each in _one_each(proposals)]
        rows += [_line_row(line, now) for line in others]
        self.list.set_items(rows)
        self._box_stack.setCurrentIndex(0 if rows else 1)

    def show_picked(
        self, line: OutboxLine | None, proposals: Sequence[OpenProposal], *, enrolled: bool
    ) -> None:
        """The line, the proposals of a dossier, or that nothing is to be looked at."""
        self.enrol.setVisible(not enrolled)
        self.item.setVisible(line is not None and enrolled)
        if line is not None:
            self.item.set_line(line)
        self.proposal.set_proposals(proposals, picked=line is None)
        calm = enrolled and not proposals and (line is None or line.state != "rejected")
        self._inner.settle_soon()
        self.rest.setVisible(calm and (line is None or self._light in ("ok", "offline")))

    def settle(self) -> None:
        """After words at right have changed."""
        self._inner.settle_soon()

    def show_notices(self, notices: Sequence[UnseenNotice], now: datetime) -> None:
        """What is grave above all else, the others below what is picked."""
        self.notices.set_notices(notices, now)
        grave = bool(notices) and self.notices.kind() is NoticeKind.ERROR
        if grave != (self._right.indexOf(self.notices) == 0):
            self._right.removeWidget(self.notices)
            self._right.insertWidget(0 if grave else self._right.indexOf(self.rest), self.notices)

    def tell(self, kind: NoticeKind, title: str, body: str = "") -> None:
        """What became of the officer's act."""
        self.news.set_notice(kind, title, body)
        self.news.show()
        self._inner.settle_soon()

    def set_light(self, kind: str) -> None:
        """What the empty place says: all fits, or no line and all goes on."""
        self._light = kind
        if kind == "offline":
            self.rest.set_words(_OFFLINE, _OFFLINE_HINT, Drawing.OFFLINE)
        else:
            self.rest.set_words(_FITS, _FITS_HINT, Drawing.DONE)

    def set_narrow(self, narrow: bool) -> None:
        """A slimmer list."""
        self.head.set_narrow(narrow)
        self.running.set_narrow(narrow)
        self.proposal.set_narrow(narrow)
        self.box.setFixedWidth(px(_LIST_NARROW if narrow else _LIST))

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        self._whole.setContentsMargins(px(16), px(12), px(16), px(12))
        for layout in (self._whole, self._across, self._right):
            layout.setSpacing(px(12))
        self.set_narrow(is_narrow(self._holder.window().size()))


def _line_row(line: OutboxLine, now: datetime) -> RowItem:
    return RowItem(line.event_id, line.who or line.act, line_detail(line, now), state=line_state(line))


def _proposal_row(each: OpenProposal, now: datetime) -> RowItem:
    detail = f"{field_words(each.field)} · {moment_words(each.made_at, now)}"
    return RowItem(PROPOSAL + each.dossier_id, each.owner_name, detail, state=near(t("Tỉnh đề xuất khác")))


def _one_each(proposals: Sequence[OpenProposal]) -> list[OpenProposal]:
    return list({each.dossier_id: each for each in reversed(proposals)}.values())[::-1]
