"""One section of Cài đặt: cards in a column, one act behind Ctrl+S, refusals beside their fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.errors import AppError
from app.ui.screen import Context
from app.ui.settled import SettledColumn
from app.ui.widgets import FieldFrame, Notice, NoticeKind, ScrollColumn, is_narrow, px

Told = TypeVar("Told")

_COLUMN, _SIDE, _SIDE_NARROW = 560, 360, 290


class Section(QWidget):
    """Subclasses fill ``cards`` by ``add`` and name their fields in ``fields`` as refusals name them."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.desk, self.by = context.runtime.desk, context.officer
        self.news = Notice(NoticeKind.OK, "")
        self.news.hide()
        self.fields: Mapping[str, FieldFrame] = {}
        self._busy = False
        inner = SettledColumn()
        self._inner = inner
        self._cards = QVBoxLayout(inner)
        self._cards.setContentsMargins(0, 0, 0, 0)
        self._cards.addWidget(self.news)
        self._cards.addStretch(1)
        self.column = ScrollColumn(inner)
        self.across = QHBoxLayout(self)
        self.across.setContentsMargins(0, 0, 0, 0)
        self.across.addWidget(self.column, 1)
        self._list: QWidget | None = None

    def add(self, *cards: QWidget) -> None:
        """Below what is there."""
        for card in cards:
            card.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
            self._cards.insertWidget(self._cards.count() - 1, card)

    def add_list(self, card: QWidget) -> None:
        """A card at left that takes the room; the others stand at right."""
        self._list = card
        self.across.insertWidget(0, card, 1)
        self.across.setStretch(1, 0)

    def load(self) -> None:
        """Asks for what is shown; called each time the section comes to the front."""

    def save(self) -> None:
        """Ctrl+S."""

    def first(self) -> QWidget | None:
        """Where typing begins."""
        return None

    def forget(self) -> None:
        """Another section or screen comes to the front: what nobody else may read is gone."""

    def take_card(self, text: str) -> bool:
        """A card was scanned; ``False`` lets the window open a new dossier."""
        return False

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        narrow = is_narrow(self.window().size())
        self._cards.setSpacing(px(12))
        self.across.setSpacing(px(12))
        if self._list is not None:
            self.column.setFixedWidth(px(_SIDE_NARROW if narrow else _SIDE))
        else:
            self._inner.setMaximumWidth(px(_COLUMN))
        self._inner.settle_soon()

    def work(
        self,
        call: Callable[[], Told],
        done: Callable[[Told], None],
        *,
        changes: frozenset[str] = frozenset(),
    ) -> None:
        """One act on the worker; pressed again meanwhile, it is not done twice."""
        if self._busy:
            return
        self._busy = True
        self.clear_errors()
        self.news.hide()

        def ended(result: Told) -> None:
            self._busy = False
            done(result)

        self.context.background.run(call, ended, self.refuse, owner=self, changes=changes)

    def ask(self, call: Callable[[], Told], done: Callable[[Told], None]) -> None:
        """Reads what is shown; an older question still waiting is dropped."""
        self.context.background.run(
            call, done, self._not_read, owner=self, latest=f"settings-{type(self).__name__}"
        )

    def refuse(self, error: AppError) -> None:
        """Beside its field where it has one, else above."""
        self._busy = False
        field = self.fields.get(error.field or "")
        if field is None:
            self.tell(NoticeKind.WARN, error.title, error.next_step)
            return
        field.set_error(f"{error.title} {error.next_step}".strip())
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        self._inner.settle_soon()

    def wrong(self, field: FieldFrame, sentence: str) -> None:
        """What the section itself sees is wrong."""
        field.set_error(sentence)
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        self._inner.settle_soon()

    def clear_errors(self) -> None:
        """Before another try."""
        for field in self.fields.values():
            field.set_error(None)

    def tell(self, kind: NoticeKind, title: str, body: str = "") -> None:
        """A sentence above the cards, in sight."""
        self.news.set_notice(kind, title, body)
        self.news.show()
        self.column.verticalScrollBar().setValue(0)
        self._inner.settle_soon()

    def said(self, title: str, body: str = "") -> None:
        """What was done."""
        self.tell(NoticeKind.OK, title, body)

    def _not_read(self, error: AppError) -> None:
        self.tell(NoticeKind.WARN, error.title, error.next_step)
