"""The page of one visit: person over papers and due column, slip at right; or the person's fields."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.text import t
from app.ui.reception.due_column import DueColumn
from app.ui.reception.paper_panel import PaperPanel
from app.ui.reception.papers_card import PapersCard
from app.ui.reception.person_card import PersonCard
from app.ui.reception.person_page import PersonPage
from app.ui.reception.refusal_column import RefusalColumn
from app.ui.reception.slip_card import SlipCard
from app.ui.widgets import Choice, NoticeKind, NoticeLine, ScrollColumn, px

_LEFT, _RIGHT = 10, 7


class IntakePage(QWidget):
    """The parts of a visit; the screen wires them."""

    def __init__(
        self,
        find: Callable[[str], Sequence[Choice] | None],
        today: Callable[[], date],
        parse_due: Callable[[str], date],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._narrow = False
        self.trouble = NoticeLine("", kind=NoticeKind.ERROR)
        self.trouble.setVisible(False)
        self.person = PersonCard()
        self.papers = PapersCard(find)
        self.due = DueColumn(parse_due)
        self.refusal = RefusalColumn()
        self.panel = PaperPanel(today)
        self.slip = SlipCard()
        self.person_page = PersonPage(today)
        self._beside = QStackedWidget()
        self._beside.addWidget(ScrollColumn(self.due))
        self._beside.addWidget(ScrollColumn(self.refusal))
        self._beside.addWidget(ScrollColumn(self.panel))
        self._refused = False
        self._left = QStackedWidget()
        self._build()

    def set_narrow(self, narrow: bool) -> None:
        """The slip goes behind Ctrl+P, the person on one line."""
        self._narrow = narrow
        self.slip.setVisible(not narrow)
        for part in (self.person, self.papers, self.due, self.refusal, self.panel, self.person_page):
            part.set_narrow(narrow)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.slip.fit(event.size().width())

    def show_person_page(self, shown: bool) -> None:
        """The fields of the person in place of papers and due date."""
        self._left.setCurrentIndex(1 if shown else 0)

    @property
    def on_person_page(self) -> bool:
        """Whether the person's fields are shown."""
        return self._left.currentIndex() == 1

    def show_refusal(self, shown: bool) -> None:
        """What is missing in place of the due column."""
        self._refused = shown
        self.show_panel(bool(self.panel.paper))

    @property
    def refused(self) -> bool:
        """Whether the refusal is shown."""
        return self._refused

    def show_panel(self, shown: bool) -> None:
        """One paper asked about, in place of the due column or the refusal."""
        self._beside.setCurrentIndex(2 if shown else int(self._refused))

    def say_trouble(self, strong: str, words: str = "") -> None:
        """A line above all for what belongs to no field; "" takes it away."""
        self.trouble.setVisible(bool(strong))
        self.trouble.set_words(strong, words)

    def fields(self) -> dict[str, QWidget]:
        """Every field by its name in drafts and refusals."""
        named: dict[str, QWidget] = {
            "procedure": self.papers.procedure,
            "papers": self.papers.checks,
            "free": self.papers.free,
        }
        named |= self.due.fields() | self.panel.fields() | self.refusal.override.fields()
        return named | self.person_page.fields()

    def field_words(self, name: str) -> str:
        """A field's name for the status bar."""
        if name == "papers":
            row = self.papers.checks.currentIndex().row() + 1
            return t("Thành phần hồ sơ, dòng {row} · Ctrl+K: giấy đã có, giấy thay").format(row=max(1, row))
        widget = self.fields().get(name)
        return _name(widget) if widget is not None else ""

    def _build(self) -> None:
        intake = QWidget()
        grid = QGridLayout(intake)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(px(12))
        grid.addWidget(self.person, 0, 0, 1, 2)
        grid.addWidget(self.papers, 1, 0)
        grid.addWidget(self._beside, 1, 1)
        grid.setColumnStretch(0, _LEFT)
        grid.setColumnStretch(1, _RIGHT)
        grid.setRowStretch(1, 1)
        self._left.addWidget(intake)
        self._left.addWidget(self.person_page)
        for stack in (self._left, self._beside):
            stack.setMinimumSize(1, 1)
        across = QHBoxLayout()
        across.setSpacing(px(12))
        across.addWidget(self._left, 1)
        across.addWidget(self.slip)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(12))
        column.addWidget(self.trouble)
        column.addLayout(across, 1)


def focus(widget: QWidget) -> None:
    """Typing goes there, with the ring shown."""
    widget.setFocus(Qt.FocusReason.TabFocusReason)


def _name(widget: QWidget) -> str:
    label = getattr(widget, "label", None)
    words = label() if callable(label) else ""
    return str(words or widget.accessibleName())
