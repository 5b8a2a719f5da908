"""The layout: form and paper side by side over one action bar; narrow, the paper behind Ctrl+P."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.errors import AppError
from app.text import t
from app.ui.eform.column import FormColumn
from app.ui.eform.side import SideCard
from app.ui.widgets import ActionBar, Button, ChoiceField, Kind, Notice, NoticeKind, Size, is_narrow, px

_SIDE, _ALONE = 340, 620


class EformView:
    """Every part of the screen; built into ``holder``."""

    def __init__(self, holder: QWidget) -> None:
        self._holder = holder
        self.kind = ChoiceField(t("Mẫu tờ khai"), [])
        self.news = Notice(NoticeKind.OK, "")
        self.news.hide()
        self.column, self.side = FormColumn(), SideCard()
        self.column.box.insertWidget(0, self.news)
        self.column.box.insertWidget(1, self.kind)
        self.bar = ActionBar()
        self.back = self.bar.add_button(Button(t("Về hồ sơ"), cap="Esc", size=Size.BIG))
        self.look = self.bar.add_button(Button(t("Xem bản in"), cap="Ctrl+P", size=Size.BIG))
        self.finish = self.bar.add_button(
            Button(t("Lưu và in tờ khai"), Kind.PRIMARY, icon="printer", cap="F9", size=Size.BIG)
        )
        self._narrow = self._paper_alone = False
        page = QVBoxLayout(holder)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        self._across = QHBoxLayout()
        self._across.addWidget(self.column, 1)
        self._across.addWidget(self.side)
        page.addLayout(self._across, 1)
        page.addWidget(self.bar)
        self.restyle()

    def set_narrow(self, narrow: bool) -> None:
        """The form alone; Ctrl+P shows the paper in its place."""
        self._narrow, self._paper_alone = narrow, False
        self._lay()

    def toggle_paper(self) -> bool:
        """Narrow: the paper in place of the form, or away again; whether this layout has that."""
        if not self._narrow:
            return False
        self._paper_alone = not self._paper_alone
        self._lay()
        return True

    def shows_paper_alone(self) -> bool:
        """Whether the paper hides the form."""
        return self._narrow and self._paper_alone

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        self._across.setContentsMargins(px(16), px(12), px(16), px(12))
        self._across.setSpacing(px(12))
        self.column.restyle()
        self.set_narrow(is_narrow(self._holder.window().size()))

    def tell(self, kind: NoticeKind, title: str, body: str = "") -> None:
        """A calm line above the form."""
        self.news.set_notice(kind, title, body)
        self.news.show()
        self.column.area.verticalScrollBar().setValue(0)

    def say_failure(self, error: AppError) -> None:
        """What did not work and what next."""
        self.tell(NoticeKind.WARN, error.title, error.next_step)

    def _lay(self) -> None:
        alone = self.shows_paper_alone()
        self.side.set_large(self._narrow)
        self.side.setMinimumWidth(0 if self._narrow else px(_SIDE))
        self.side.setMaximumWidth(px(_ALONE if self._narrow else _SIDE))
        self.side.setVisible(not self._narrow or alone)
        self.column.setVisible(not alone)
        self.look.setVisible(self._narrow)
        self.look.set_text(t("Về tờ khai") if alone else t("Xem bản in"))
