"""Lưu động: begin a journey, see what it received, print its list, come back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from app.domain.roles import Officer
from app.services.desk import Desk
from app.services.field.session import (
    FieldDossier,
    FieldSession,
    close_session,
    list_sessions,
    mobile_procedures,
    open_session,
    session_dossiers,
    session_list_pdf,
)
from app.text import t
from app.ui.background import DOSSIERS, OUTBOX
from app.ui.dossiers.dates import local_day
from app.ui.dossiers.opening import OpenDossier
from app.ui.field.view import FieldParts
from app.ui.screen import Context, Destination, KeyAct, Screen
from app.ui.widgets import NoticeKind


@dataclass(frozen=True)
class _Loaded:
    sessions: tuple[FieldSession, ...]
    chosen: FieldSession | None
    dossiers: tuple[FieldDossier, ...]
    names: tuple[str, ...]

    @property
    def current(self) -> FieldSession | None:
        return next((one for one in self.sessions if one.closed_at is None), None)


class FieldScreen(Screen):
    """For the laptop that goes to a hamlet; at the office it shows nothing but the form."""

    name = "field"
    title = t("Đăng ký lưu động")

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._chosen: str | None = None
        self._loaded: _Loaded | None = None
        self.view = FieldParts(self)
        view = self.view
        view.place.entered.connect(view.note.line.setFocus)
        view.note.entered.connect(self.begin)
        view.open.clicked.connect(self.begin)
        view.close.clicked.connect(self.end)
        view.receive.clicked.connect(lambda: self.go.emit(Destination("reception")))
        view.print.clicked.connect(self.print_list)
        view.earlier.picked.connect(self._choose)
        view.table.opened.connect(self._open)

    def shown(self, argument: object) -> None:
        """The journeys of this desk."""
        self.view.news.hide()
        self._chosen = None
        self.load()

    def reload(self, kinds: frozenset[str]) -> None:
        """A dossier was received, or the province answered."""
        if kinds & {DOSSIERS, OUTBOX}:
            self.load()

    def keys(self) -> tuple[KeyAct, ...]:
        """Ctrl+P prints the list."""
        return (KeyAct("Ctrl+P", self.print_list, t("In danh sách")),)

    def first_focus(self) -> QWidget | None:
        """Where it goes, or the next dossier."""
        return self.view.receive if self.view.going.isVisible() else self.view.place.line

    def set_narrow(self, narrow: bool) -> None:
        """One column."""
        self.view.set_narrow(narrow)

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        self.view.restyle()

    def load(self) -> None:
        """Asks the worker for the journeys and the dossiers of the one chosen."""
        desk, by, chosen = self.context.runtime.desk, self.context.officer, self._chosen
        self.context.background.run(
            lambda: _load(desk, by, chosen), self._show, self.view.say, owner=self, latest="field"
        )

    def begin(self) -> None:
        """Off to the hamlet."""
        desk, by = self.context.runtime.desk, self.context.officer
        place, note = self.view.place.text(), self.view.note.text()
        self.view.place.set_error(None)
        self._do(
            lambda: open_session(desk, by, place, note=note),
            t("Đã mở buổi lưu động. Hồ sơ lưu động nhận từ lúc này thuộc buổi này."),
        )

    def end(self) -> None:
        """Back at the office."""
        desk, by = self.context.runtime.desk, self.context.officer
        self._do(
            lambda: close_session(desk, by),
            t("Đã đóng buổi lưu động. Hồ sơ tự gửi tỉnh khi có mạng."),
        )

    def print_list(self) -> None:
        """The list of the journey shown."""
        loaded = self._loaded
        if loaded is None or loaded.chosen is None or not loaded.dossiers:
            return
        desk, by, which = self.context.runtime.desk, self.context.officer, loaded.chosen.id
        self.context.background.run(
            lambda: session_list_pdf(desk, by, which), self._print, self.view.say, owner=self
        )

    def _print(self, pdf: bytes) -> None:
        self.context.printer.print_pdf(
            pdf,
            t("Danh sách lưu động"),
            lambda queue: self.view.tell(NoticeKind.OK, t("Đã in danh sách."), queue),
            self.view.say,
        )

    def _do(self, call: Callable[[], FieldSession], words: str) -> None:
        self.context.background.run(call, lambda done: self._done(done, words), self.view.say, owner=self)

    def _done(self, done: FieldSession, words: str) -> None:
        self.view.place.clear()
        self.view.note.clear()
        self._chosen = done.id
        self.view.tell(NoticeKind.OK, words)
        self.load()

    def _choose(self, which: str) -> None:
        self._chosen = which
        self.load()

    def _open(self, row: int) -> None:
        dossier_id = self.view.table.rows.key_of(row)
        self.go.emit(Destination("dossier", OpenDossier(dossier_id, back=self.name)))

    def _show(self, loaded: _Loaded) -> None:
        self._loaded = loaded
        year = local_day(self.context.runtime.desk.clock.now()).year
        chosen = loaded.chosen
        self.view.show_current(loaded.current, loaded.names, year)
        self.view.show_earlier(loaded.sessions, chosen.id if chosen is not None else None)
        title = t("Hồ sơ của buổi ở {place}").format(place=chosen.place) if chosen else t("Hồ sơ của buổi")
        self.view.show_dossiers(title, loaded.dossiers, year)


def _load(desk: Desk, by: Officer, chosen: str | None) -> _Loaded:
    sessions = list_sessions(desk, by)
    which = next((one for one in sessions if one.id == chosen), sessions[0] if sessions else None)
    dossiers = session_dossiers(desk, by, which.id) if which is not None else ()
    names = tuple(version.short_name or version.name for version in mobile_procedures(desk))
    return _Loaded(sessions, which, dossiers, names)
