"""Thủ tục: found while typing by everyday words; F2 or Enter starts a reception with it."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.domain.catalogue import Detail, ProcedureVersion
from app.errors import AppError
from app.text import t
from app.ui.background import CATALOGUE
from app.ui.procedures.loading import Found, find_procedures
from app.ui.procedures.view import ProceduresView
from app.ui.screen import Context, Destination, KeyAct, Screen
from app.ui.widgets import NoticeKind, RowItem

_PAUSE_MS = 30
"""A key held down runs through the list without drawing every procedure on the way."""
_MOVES = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageDown: 8,
    Qt.Key.Key_PageUp: -8,
}


class ProceduresScreen(Screen):
    """``shown`` takes a search text or a code; ``None`` goes on as it was."""

    name = "procedures"
    title = t("Thủ tục")

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.view = ProceduresView(self)
        self._versions: dict[str, ProcedureVersion] = {}
        self._referred_to = ""
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._show_current)
        view = self.view
        view.search.edited.connect(lambda _text: self._ask())
        view.search.entered.connect(self.receive)
        view.search.line.take_keys(self)
        view.list.picked.connect(lambda _code: self._pause.start())
        view.list.opened.connect(lambda _code: self.receive())
        view.receive.clicked.connect(self.receive)
        view.again.clicked.connect(self._ask)
        view.referral_act.clicked.connect(lambda: self.go.emit(Destination(self._referred_to)))

    def shown(self, argument: object) -> None:
        """Searches for ``argument`` where it is text, else goes on with what is typed."""
        if isinstance(argument, str):
            self.view.search.set_text(argument)
        self._ask()

    def reload(self, kinds: frozenset[str]) -> None:
        """The province published procedures."""
        if CATALOGUE in kinds:
            self._ask()

    def keys(self) -> tuple[KeyAct, ...]:
        """F2 receives with the procedure shown; Esc empties the search."""
        return (
            KeyAct("F2", self.receive, t("Tiếp nhận thủ tục này")),
            KeyAct("Esc", self.clear, t("Xóa chữ tìm")),
        )

    def first_focus(self) -> QWidget | None:
        """The search field."""
        return self.view.search.line

    def set_narrow(self, narrow: bool) -> None:
        """Papers over facts."""
        self.view.set_narrow(narrow)

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        self.view.restyle()

    def receive(self) -> None:
        """On to a new reception with the procedure shown."""
        version = self._current()
        if version is not None:
            self.go.emit(Destination("reception", {"procedure": version.code}))

    def clear(self) -> None:
        """An empty search shows the everyday procedures again."""
        self.view.search.clear()
        self.view.search.line.setFocus()
        self._ask()

    def take_key(self, event: QKeyEvent) -> bool:
        """Arrows in the search field walk through the list."""
        step = _MOVES.get(Qt.Key(event.key()))
        if step is None:
            return False
        self._step(step)
        return True

    def event(self, event: QEvent) -> bool:
        # The window's own F2 opens an empty reception; here it takes the procedure along.
        override = event.type() == QEvent.Type.ShortcutOverride
        f2 = override and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_F2
        if f2 and self._current() is not None:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F2:
            self.receive()
            return
        super().keyPressEvent(event)

    def _ask(self) -> None:
        desk, text = self.context.runtime.desk, self.view.search.text()
        self.context.background.run(
            lambda: find_procedures(desk, text), self._show, self._failed, owner=self, latest="procedures"
        )

    def _show(self, found: Found) -> None:
        view, before = self.view, self.view.list.current_key()
        view.failure.hide()
        self._versions = {version.code: version for version in found.versions}
        view.list.set_items(_rows(found.versions))
        view.show_referral(found.referral)
        self._referred_to = found.referral.screen if found.referral else ""
        typed = bool(found.text.strip())
        view.list_card.set_title(
            t("{n} thủ tục phù hợp").format(n=len(found.versions)) if typed else t("Hay dùng trước")
        )
        self._choose(None if typed else before)
        words = t(
            "{full} thủ tục có đủ giấy tờ, thời hạn; {indexed} thủ tục mới có tên. Mất mạng vẫn tra được."
        )
        view.bar.set_idle(words.format(full=found.full, indexed=found.indexed))
        self.subtitle_changed.emit(t("{n} thủ tục cấp xã").format(n=found.full + found.indexed))

    def _choose(self, keep: str | None) -> None:
        """The row kept where it is still there, else the best match."""
        codes = list(self._versions)
        code = keep if keep in self._versions else (codes[0] if codes else None)
        self.view.list.set_current(code)
        if code is None:
            self.view.show_nothing()
        else:
            self._show_current()

    def _step(self, by: int) -> None:
        codes = list(self._versions)
        now = self.view.list.current_key()
        if not codes:
            return
        place = codes.index(now) + by if now in codes else 0
        code = codes[min(len(codes) - 1, max(0, place))]
        self.view.list.set_current(code)
        self._pause.start()

    def _show_current(self) -> None:
        version = self._current()
        if version is not None:
            self.view.show_procedure(version)

    def _current(self) -> ProcedureVersion | None:
        return self._versions.get(self.view.list.current_key() or "")

    def _failed(self, error: AppError) -> None:
        self.view.failure.set_notice(NoticeKind.WARN, error.title, error.next_step)
        self.view.failure.show()


def _rows(versions: Iterable[ProcedureVersion]) -> list[RowItem]:
    rows: list[RowItem] = []
    headed = False
    for version in versions:
        indexed = version.detail is Detail.INDEX
        if indexed and not headed and rows:
            rows.append(RowItem("", t("Mới có tên, chưa có chi tiết"), heading=True))
            headed = True
        detail = t("Chưa có chi tiết") if indexed else version.field
        rows.append(RowItem(version.code, version.short_name, f"{detail} · {version.code}"))
    return rows
