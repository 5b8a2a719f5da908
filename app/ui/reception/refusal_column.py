"""What stands beside the list when acceptance is refused: what is missing, and what can be done now."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.errors import RuleError
from app.text import t
from app.ui.widgets import Button, Card, Kind, Notice, NoticeKind, px


class RefusalColumn(QWidget):
    """``leave_asked()`` keeps the draft for later; ``other_asked()`` chooses another procedure."""

    leave_asked = Signal()
    other_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._notice = Notice(NoticeKind.ERROR, "")
        self._next = Card(t("Có thể làm tiếp"))
        leave = Button(t("Để lại nháp, chờ bổ sung"), Kind.TINTED, icon="save", cap="Esc", leading=True)
        other = Button(t("Chọn thủ tục khác…"), icon="book", leading=True)
        leave.clicked.connect(self.leave_asked)
        other.clicked.connect(self.other_asked)
        self._next.body.addWidget(leave)
        self._next.body.addWidget(other)
        self._next.body.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(12))
        column.addWidget(self._notice)
        column.addWidget(self._next, 1)

    def show_refusal(self, refused: RuleError, points: Sequence[tuple[str, str]]) -> None:
        """Name what is missing."""
        count = len(points)
        title = t("Chưa nhận được: thiếu {count} giấy tờ").format(count=count) if points else refused.title
        self._notice.set_notice(
            NoticeKind.ERROR,
            title,
            t("Có giấy: gõ số rồi bấm lại F9. Chưa có: ghi cho công dân đủ một lần."),
        )
        self._notice.set_points(points)
