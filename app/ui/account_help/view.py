"""The three pages of account help over one action bar."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.text import t
from app.ui.account_help.start_page import StartPage
from app.ui.account_help.typed_page import TypedPage
from app.ui.account_help.visit_page import VisitPage
from app.ui.widgets import ActionBar, Button, Kind, Size, is_narrow


class HelpView:
    """Built into ``holder``."""

    def __init__(self, holder: QWidget, today: date) -> None:
        self._holder = holder
        self.start, self.typed, self.visit = StartPage(), TypedPage(today), VisitPage(today)
        self.pages = QStackedWidget()
        for page in (self.start, self.typed, self.visit):
            self.pages.addWidget(page)
        self.bar = ActionBar()
        self.proxy = self.bar.add_button(Button(t("Nộp thay theo ủy quyền"), size=Size.BIG))
        self.following = self.bar.add_button(Button(t("Người tiếp theo"), cap="F10", size=Size.BIG))
        self.save = self.bar.add_button(
            Button(
                t("Lưu và in phiếu mang về"), Kind.PRIMARY, icon="printer", cap="Ctrl+Enter", size=Size.BIG
            )
        )
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.pages, 1)
        column.addWidget(self.bar)
        self._narrow = False
        self.show_page(self.start)

    def show_page(self, page: QWidget) -> None:
        """One of the three, with the acts it has."""
        self.pages.setCurrentWidget(page)
        helping = page is self.visit
        self.save.setEnabled(helping)
        self.following.setVisible(helping)
        self.proxy.setVisible(helping and not self._narrow)

    def page(self) -> QWidget:
        """The page in front."""
        page = self.pages.currentWidget()
        assert page is not None
        return page

    def set_narrow(self, narrow: bool) -> None:
        """One column, fewer buttons."""
        self._narrow = narrow
        self.start.set_narrow(narrow)
        self.visit.set_narrow(narrow)
        self.proxy.setVisible(self.page() is self.visit and not narrow)

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        self.set_narrow(is_narrow(self._holder.window().size()))
