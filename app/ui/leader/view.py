"""The layout of Lãnh đạo, wide and narrow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from app.domain.roles import Officer
from app.errors import AppError
from app.services.overview.leader_view import LeaderView
from app.text import t
from app.ui.dossiers.words import grouped
from app.ui.leader.delegation_card import DelegationCard, DelegationForm
from app.ui.leader.late_card import LateCard
from app.ui.leader.load_card import LoadCard
from app.ui.leader.sign_card import SignCard
from app.ui.leader.waiting_card import WaitingCard
from app.ui.widgets import (
    Notice,
    NoticeKind,
    NumberTile,
    ScrollColumn,
    late,
    near,
    px,
    under_way,
)

_SIDE = 404
_LIST_NARROW, _LOAD_NARROW = 220, 170


class LeaderParts:
    """Figures, what waits, what is late, loads, signing and delegation; built into ``holder``."""

    def __init__(self, holder: QWidget, parse_day: Callable[[str], date]) -> None:
        self.waiting, self.late = WaitingCard(), LateCard()
        self.by_officer = LoadCard(t("Đang làm theo cán bộ"), t("Cán bộ"))
        self.by_field = LoadCard(t("Đang làm theo lĩnh vực"), t("Lĩnh vực"))
        self.signing, self.delegating = SignCard(), DelegationForm(parse_day)
        self.stand_in = DelegationCard()
        self.news = Notice(NoticeKind.OK, "")
        self.again = self.news.add_act(t("Thử lại"))
        self.news.hide()
        self.again.hide()
        self.to_sign = NumberTile("–", near(t("chờ ký")))
        self.is_late = NumberTile("–", late(t("quá hạn")))
        self.unsaid = NumberTile("–", near(t("chưa xin lỗi")))
        self.open = NumberTile("–", under_way(t("đang làm")))
        self._narrow, self._focused = False, False
        self._build(holder)
        self.restyle()

    def _build(self, holder: QWidget) -> None:
        self._tiles, self._lists, self._loads = QWidget(), QWidget(), QWidget()
        self._tile_row, self._list_column = QHBoxLayout(self._tiles), QVBoxLayout(self._lists)
        for tile in (self.to_sign, self.is_late, self.unsaid, self.open):
            self._tile_row.addWidget(tile, 1)
        self._list_column.addWidget(self.waiting, 5)
        self._list_column.addWidget(self.late, 4)
        self._load_column = QBoxLayout(QBoxLayout.Direction.TopToBottom, self._loads)
        for load in (self.by_officer, self.by_field):
            self._load_column.addWidget(load, 1)
        self._rest = QWidget()
        self._rest_column = QVBoxLayout(self._rest)
        self._rest_column.addWidget(self._loads, 1)
        self._rest_column.addWidget(self.stand_in)
        self._task = QStackedWidget()
        self._task.addWidget(self.signing)
        self._task.addWidget(self.delegating)
        self._task.hide()
        self._side = QWidget()
        side = QVBoxLayout(self._side)
        side.addWidget(self._rest)
        side.addWidget(self._task)
        self._across = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._across.addWidget(self._lists, 1)
        self._across.addWidget(self._side)
        self._inner = QWidget()
        self._column = QVBoxLayout(self._inner)
        self._column.addWidget(self.news)
        self._column.addWidget(self._tiles)
        self._column.addLayout(self._across, 1)
        self.scroll = ScrollColumn(QWidget())
        self._outer = QVBoxLayout(holder)
        self._outer.addWidget(self.scroll)
        self._outer.addWidget(self._inner)
        self.scroll.hide()
        for box in (
            self._tile_row,
            self._list_column,
            self._load_column,
            self._rest_column,
            side,
            self._outer,
        ):
            box.setContentsMargins(0, 0, 0, 0)

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        self._column.setContentsMargins(px(16), px(12), px(16), px(12))
        for box in (
            self._column,
            self._tile_row,
            self._list_column,
            self._load_column,
            self._rest_column,
            self._across,
        ):
            box.setSpacing(px(12))
        self._place()

    def set_narrow(self, narrow: bool) -> None:
        """One scrolling column; what is being signed has it to itself."""
        if narrow != self._narrow:
            typed_in = self._inner.focusWidget()
            self.scroll.takeWidget()
            if narrow:
                self._outer.removeWidget(self._inner)
                self.scroll.setWidget(self._inner)
            else:
                self._outer.addWidget(self._inner)
            self.scroll.setVisible(narrow)
            self._inner.setVisible(True)
            if typed_in is not None:
                typed_in.setFocus()
        self._narrow = narrow
        self.late.set_narrow(narrow)
        self._place()

    def show_all(self) -> None:
        """Lists and loads, nothing being signed."""
        self._focus(None)

    def show_signing(self) -> None:
        """What is signed, beside the list."""
        self._focus(self.signing)

    def show_delegating(self) -> None:
        """The form of a delegation, beside the list."""
        self._focus(self.delegating)

    def shows_signing(self) -> bool:
        """Whether something is open to be signed."""
        return self._focused and self._task.currentWidget() is self.signing

    def shows_delegating(self) -> bool:
        """Whether the form of a delegation is open."""
        return self._focused and self._task.currentWidget() is self.delegating

    def set_view(self, view: LeaderView, by: Officer, *, may_delegate: bool) -> None:
        """Shows everything of this moment."""
        self.to_sign.set_value(grouped(len(view.waiting)), _oldest(view))
        self.is_late.set_value(grouped(view.late_total), t("đã qua ngày hẹn"))
        self.unsaid.set_value(grouped(view.late_without_apology), t("trong số quá hạn"))
        waiting = t("và {count} chờ công dân").format(count=grouped(view.waiting_citizen))
        self.open.set_value(grouped(view.open_total - view.waiting_citizen), waiting)
        self.waiting.set_waiting(view.waiting)
        self.late.set_late(view)
        self.by_officer.set_loads(view.by_officer)
        self.by_field.set_loads(view.by_field)
        self.stand_in.set_delegations(view.delegations, by, view.now, may=may_delegate)

    def tell(self, title: str, body: str = "") -> None:
        """What was done."""
        self.again.hide()
        self.news.set_notice(NoticeKind.OK, title, body)
        self.news.show()

    def say_failure(self, error: AppError) -> None:
        """What did not work; the figures already there stay."""
        self.news.set_notice(NoticeKind.WARN, error.title, error.next_step)
        self.again.show()
        self.news.show()

    def _focus(self, card: QWidget | None) -> None:
        self._focused = card is not None
        if card is not None:
            for each in (self.signing, self.delegating):  # the one out of sight asks for no room
                high = QSizePolicy.Policy.Preferred if each is card else QSizePolicy.Policy.Ignored
                each.setSizePolicy(QSizePolicy.Policy.Preferred, high)
            self._task.setCurrentWidget(card)
        self._place()
        self.scroll.verticalScrollBar().setValue(0)

    def _place(self) -> None:
        narrow, focused = self._narrow, self._focused
        direction = QBoxLayout.Direction
        self._across.setDirection(direction.TopToBottom if narrow else direction.LeftToRight)
        self._load_column.setDirection(direction.LeftToRight if narrow else direction.TopToBottom)
        self._tiles.setVisible(not (narrow and focused))
        self._lists.setVisible(not (narrow and focused))
        self._rest.setVisible(not focused)
        self._task.setVisible(focused)
        self._side.setMinimumWidth(0 if narrow else px(_SIDE))
        self._side.setMaximumWidth(1 << 20 if narrow else px(_SIDE))
        for card in (self.waiting, self.late):
            card.setMinimumHeight(px(_LIST_NARROW) if narrow else 0)
        for load in (self.by_officer, self.by_field):
            load.setMinimumHeight(px(_LOAD_NARROW) if narrow else 0)


def _oldest(view: LeaderView) -> str:
    if not view.waiting:
        return t("không còn việc nào")
    days = (view.now.date() - view.waiting[0].asked_at.date()).days
    return t("lâu nhất {days} ngày").format(days=days) if days else t("đều trình hôm nay")
