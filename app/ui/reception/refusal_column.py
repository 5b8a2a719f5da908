"""What stands beside the list when acceptance is refused: what is missing, and what can be done now."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.errors import RuleError
from app.text import t
from app.ui.reception.override_form import OverrideForm
from app.ui.widgets import Button, Card, Kind, Notice, NoticeKind, px


class RefusalColumn(QWidget):
    """``guidance_asked()`` names in writing what to bring; ``leader_asked()`` opens the leader's word;
    ``register_asked()`` writes down only that the citizen came."""

    guidance_asked = Signal()
    leader_asked = Signal()
    register_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._notice = Notice(NoticeKind.ERROR, "")
        self._narrow, self._title = False, ""
        self._points: Sequence[tuple[str, str]] = ()
        self._next = Card(t("Có thể làm tiếp"))
        self.guidance = Button(t("In hướng dẫn bổ sung"), Kind.TINTED, icon="printer", cap="F6", leading=True)
        self.leader = Button(t("Lãnh đạo đồng ý…"), icon="pen", cap="F7", leading=True)
        self.register = Button(t("Chỉ ghi đã đến"), icon="book", cap="Ctrl+G", leading=True)
        self.override = OverrideForm()
        self._build()
        self.guidance.clicked.connect(self.guidance_asked)
        self.leader.clicked.connect(self.leader_asked)
        self.register.clicked.connect(self.register_asked)

    def set_narrow(self, narrow: bool) -> None:
        """Fewer words in a small window."""
        self._narrow = narrow
        self._next.set_title("" if narrow else t("Có thể làm tiếp"))
        self._redraw()

    @property
    def overriding(self) -> bool:
        """Whether the leader's word is being typed."""
        return not self.override.isHidden()

    def show_refusal(self, refused: RuleError, points: Sequence[tuple[str, str]]) -> None:
        """Name what is missing."""
        count = len(points)
        self._points = points
        self._title = (
            t("Chưa nhận được: thiếu {count} giấy tờ").format(count=count) if points else refused.title
        )
        self._redraw()

    def show_override(self, shown: bool) -> None:
        """The leader's word in place of the ways on; what is missing stays marked in the list."""
        self._next.setVisible(not shown)
        self.override.setVisible(shown)
        self.override.clear_leader()
        self._redraw()

    def _redraw(self) -> None:
        short = self.overriding
        said = t("Có giấy: gõ số rồi bấm lại F9. Chưa có: in hướng dẫn, ghi đủ một lần.")
        self._notice.set_notice(NoticeKind.ERROR, self._title, "" if short or self._narrow else said)
        self._notice.set_points(() if short else self._points)

    def _build(self) -> None:
        for button in (self.guidance, self.leader, self.register):
            self._next.body.addWidget(button)
        self._next.body.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(12))
        column.addWidget(self._notice)
        column.addWidget(self._next, 1)
        column.addWidget(self.override, 1)
        self.override.hide()
