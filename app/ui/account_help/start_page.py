"""Nobody is chosen: an invitation with the field ready, and the cases still open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.clock import VIETNAM
from app.services.help.account_help import CaseLine
from app.text import t
from app.ui.account_help.visit import Visit
from app.ui.account_help.words import case_row_words
from app.ui.widgets import (
    Card,
    Drawing,
    EmptyState,
    Field,
    Notice,
    NoticeKind,
    RowItem,
    RowList,
    px,
)

_INVITATION = 360
_LIST = 360
_LIST_NARROW = 300
_INVITE = t("Mời công dân đưa thẻ căn cước")
_HINT = t("Quét mã QR trên thẻ, con trỏ ở đâu cũng nhận. Hoặc gõ để tìm lượt đang hỗ trợ:")


class StartPage(QWidget):
    """``searched(str)`` at each key, ``opened(str)`` a case id, ``typed_asked(str)`` a name with no case."""

    searched = Signal(str)
    opened = Signal(str)
    typed_asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.news = Notice(NoticeKind.WARN, "")
        self.news.hide()
        self.field = Field(
            "", placeholder=t("Tên hoặc số điện thoại của người đang được hỗ trợ"), icon="search", height=48
        )
        self.invitation = EmptyState(_INVITE, _HINT, drawing=Drawing.CARD)
        self.invitation.set_field(self.field)
        self.invitation.setMinimumWidth(px(_INVITATION))
        self.by_hand = self.invitation.add_way(
            t("Nhập tay khi không có thẻ"), t("Họ tên, ngày sinh; số định danh nếu có"), icon="keyboard"
        )
        self.waiting = self.invitation.add_way("", "", icon="save")
        self.waiting.hide()
        self.list = RowList(name=t("Đang hỗ trợ"), lines=True)
        self.card = Card(t("Đang hỗ trợ"))
        nobody = EmptyState(
            t("Chưa có ai đang hỗ trợ"),
            t("Chỉ người đồng ý lưu tiến trình mới hiện ở đây."),
            drawing=Drawing.PEOPLE,
            small=True,
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(nobody)
        self.card.full.addWidget(self._stack, 1)
        self._build()
        self.restyle()

    def _build(self) -> None:
        left = QVBoxLayout()
        left.addWidget(self.news)
        left.addWidget(self.invitation, 1)
        self._across = QHBoxLayout(self)
        self._across.addLayout(left, 1)
        self._across.addWidget(self.card)
        self.field.edited.connect(self.searched)
        self.field.entered.connect(self._on_enter)
        self.field.line.take_keys(self)
        self.list.opened.connect(self.opened)
        self.by_hand.clicked.connect(lambda: self.typed_asked.emit(self.field.text().strip()))

    def set_cases(self, lines: Sequence[CaseLine]) -> None:
        """The open cases, or those found."""
        self.list.set_items([_row(line) for line in lines])
        self._stack.setCurrentIndex(0 if lines else 1)
        self.card.set_hint(t("{n} người").format(n=len(lines)) if lines else "")
        if lines and self.list.current_key() is None and self.field.text().strip():
            self.list.set_current(lines[0].id)

    def set_waiting(self, visits: Sequence[Visit]) -> None:
        """Somebody left unsaved can be gone back to."""
        self.waiting.setVisible(bool(visits))
        if visits:
            visit = visits[-1]
            at = f"{visit.opened_at.astimezone(VIETNAM):%H:%M}" if visit.opened_at else ""
            who = visit.name or t("công dân không lưu tên")
            self.waiting.set_words(
                t("Trở lại với {who}").format(who=who), t("Mở lúc {at}, chưa lưu").format(at=at)
            )

    def take_key(self, event: QKeyEvent) -> bool:
        """Arrows in the field walk through the list."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        keys = [item.key for item in self.list.items()]
        if step is None or not keys:
            return False
        now = self.list.current_key()
        place = keys.index(now) + step if now in keys else 0
        self.list.set_current(keys[min(len(keys) - 1, max(0, place))])
        return True

    def set_narrow(self, narrow: bool) -> None:
        """No hint, a slimmer list."""
        self.invitation.set_words(_INVITE, "" if narrow else _HINT)
        self.invitation.set_small_room(narrow) if hasattr(self.invitation, "set_small_room") else None
        self.card.setFixedWidth(px(_LIST_NARROW if narrow else _LIST))

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        self._across.setContentsMargins(px(16), px(12), px(16), px(12))
        self._across.setSpacing(px(12))

    def tell(self, title: str, words: str) -> None:
        """Something did not work; nothing was lost."""
        self.news.set_notice(NoticeKind.WARN, title, words)
        self.news.show()

    def _on_enter(self) -> None:
        current = self.list.current_key()
        if current is not None:
            self.opened.emit(current)
        elif self.field.text().strip():
            self.typed_asked.emit(self.field.text().strip())


def _row(line: CaseLine) -> RowItem:
    title, detail = case_row_words(line)
    return RowItem(line.id, title, detail, right=_when(line.changed_at))


def _when(moment: datetime) -> str:
    return f"{moment.astimezone(VIETNAM):%d/%m}"
