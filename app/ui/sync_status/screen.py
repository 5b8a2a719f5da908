"""Đồng bộ: where the desk stands with the province, told without alarm; offline is a state, not a fault."""

from __future__ import annotations

from time import monotonic

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QWidget

from app.errors import AppError
from app.services.audit.verify import note_seen
from app.services.from_province.resubmission import Returned, read_returned
from app.text import t
from app.ui.background import DOSSIERS, OUTBOX
from app.ui.ports import OutboxLine, SyncPort, SyncStatus
from app.ui.screen import Context, Destination, Screen
from app.ui.sync_status.acting import SyncActs
from app.ui.sync_status.courier import Courier
from app.ui.sync_status.loading import Loaded, Outbox, Standing, load, standing
from app.ui.sync_status.meter import RoundMeter
from app.ui.sync_status.view import PROPOSAL, SyncView
from app.ui.sync_status.words import bar_words, box_hint
from app.ui.widgets import NoticeKind

_LOOK_EVERY_MS = 1000


class SyncScreen(Screen):
    """``shown`` takes a dossier id whose line is to be picked, or ``None``."""

    name = "sync"
    title = t("Đồng bộ")

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._outbox = Outbox((), 0, ())
        self._status: SyncStatus | None = None
        self._wanted: str | None = None
        self._seen: str | None = None
        self._meter = RoundMeter()
        self.view = SyncView(self, context.runtime.data)
        self._look = QTimer(self, interval=_LOOK_EVERY_MS)
        self._look.timeout.connect(self._ask_standing)
        view = self.view
        view.head.send.clicked.connect(self.send_now)
        view.again.clicked.connect(self.load)
        view.list.picked.connect(lambda _key: self._show_picked())
        view.list.opened.connect(lambda _key: self.enter())
        view.item.open.clicked.connect(self.open_dossier)
        view.item.later.clicked.connect(self._pick_next)
        view.proposal.open.clicked.connect(lambda: self._go(view.proposal.dossier_id))
        self.acts = SyncActs(context, view, self)
        self.acts.failed.connect(self._failed)
        self.acts.seen.connect(self.load)
        self.courier = Courier(context, view, view.courier, self)
        self.courier.failed.connect(self._failed)
        progress = view.running.progress
        progress.paused.connect(lambda: self._rest(True))
        progress.resumed.connect(lambda: self._rest(False))
        progress.cancelled.connect(self.break_off)
        context.background.light_changed.connect(lambda _light: self._on_light())

    # ---- what the window calls

    def shown(self, argument: object) -> None:
        """Loads, and looks each second while in front."""
        self._wanted = argument if isinstance(argument, str) else None
        self.view.news.hide()
        self.load()
        if self._port is not None:
            self._look.start()

    def hidden(self) -> None:
        """Nobody looks."""
        self._look.stop()

    def reload(self, kinds: frozenset[str]) -> None:
        """The outbox changed."""
        if kinds & {OUTBOX, DOSSIERS}:
            self.load()

    def first_focus(self) -> QWidget | None:
        """The outbox."""
        return self.view.list

    def set_narrow(self, narrow: bool) -> None:
        """A slimmer list."""
        self.view.set_narrow(narrow)

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        self.view.restyle()

    # ---- acts

    def send_now(self) -> None:
        """The button beside F5."""
        self.view.head.say(t("Đang nối với tỉnh…"))
        self.context.background.hurry()

    def break_off(self) -> None:
        """Hủy: the round ends at its next safe point."""
        if self._port is not None:
            self._port.break_off()
            self.view.head.say(t("Đang dừng; phần tỉnh đã nhận thì không gửi lại."))
            self._ask_standing()

    def enter(self) -> None:
        """Enter on a line: the field to correct, else the dossier."""
        field = self.view.item.first() if not self.view.item.isHidden() else None
        if field is not None:
            field.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.open_dossier()

    def open_dossier(self) -> None:
        """The dossier of the line picked."""
        key = self.view.list.current_key() or ""
        line = self._line(key)
        if key.startswith(PROPOSAL):
            self._go(key.removeprefix(PROPOSAL))
        elif line is not None:
            self._go(line.dossier_id)

    def load(self) -> None:
        """Asks the worker for everything."""
        port = self._port
        if port is None:
            self.view.show_picked(None, (), enrolled=False)
            return
        desk, by = self.context.runtime.desk, self.context.officer
        self.context.background.run(
            lambda: load(desk, by, port), self._show, self._failed, owner=self, latest="sync"
        )

    # ---- inside

    @property
    def _port(self) -> SyncPort | None:
        return self.context.runtime.sync

    def _is_paused(self) -> bool:
        return self._status is not None and self._status.paused

    def _rest(self, paused: bool) -> None:
        port = self._port
        if port is not None:
            port.pause(paused)
            if not paused:
                self.context.background.hurry()
            self._ask_standing()

    def _on_light(self) -> None:
        if self._look.isActive():
            self._ask_standing()

    def _ask_standing(self) -> None:
        port, desk = self._port, self.context.runtime.desk
        if port is not None:
            self.context.background.run(
                lambda: standing(desk, port), self._show_standing, owner=self, latest="sync-head"
            )

    def _show(self, loaded: Loaded) -> None:
        view = self.view
        view.failure.hide()
        self._outbox = loaded.outbox
        self._status = loaded.standing.status
        now = loaded.standing.now
        self._show_head(loaded.standing)
        view.show_lines(loaded.outbox.lines, loaded.outbox.proposals, now)
        view.show_notices(loaded.outbox.notices, now)
        view.box.set_hint(box_hint(loaded.standing.status, now))
        self._pick_wanted()
        self._show_picked()
        self.status_changed.emit(list(bar_words(loaded.standing, loaded.outbox.more)))

    def _show_standing(self, now: Standing) -> None:
        before, self._status = self._status, now.status
        self._show_head(now)
        if before is None or _counts(before) != _counts(now.status):
            self.load()

    def _show_head(self, now: Standing) -> None:
        status, view = now.status, self.view
        view.head.set_standing(now)
        view.courier.set_standing(now)
        view.set_light(now.light.kind)
        under_way = status.running or status.paused
        if under_way:
            view.running.set_state(self._meter.look(status, monotonic()), paused=status.paused)
        else:
            self._meter.forget()
        view.running.setVisible(under_way)
        self.subtitle_changed.emit(now.light.words if not status.enrolled else "")

    def _show_picked(self) -> None:
        key, proposals = self.view.list.current_key() or "", self._outbox.proposals
        line = self._line(key)
        about = key.removeprefix(PROPOSAL) if key.startswith(PROPOSAL) else None
        if about is None and proposals:
            mine = line.dossier_id if line is not None else None
            ids = [each.dossier_id for each in proposals]
            about = mine if mine in ids else ids[0]
        shown = [each for each in proposals if each.dossier_id == about]
        enrolled = self._status is None or self._status.enrolled
        self.view.show_picked(line, shown, enrolled=enrolled)
        self._note_seen(about if shown else None)
        self._ask_returned()

    def _note_seen(self, dossier_id: str | None) -> None:
        """What paper and province say of a person has come into sight: a reading of the dossier (I23)."""
        before, self._seen = self._seen, dossier_id
        if dossier_id is not None and dossier_id != before:
            desk, by = self.context.runtime.desk, self.context.officer
            self.context.background.run(lambda: note_seen(desk, by, "dossier", dossier_id), owner=self)

    def _ask_returned(self) -> None:
        """What can be done about the line that came back."""
        item, desk, by = self.view.item, self.context.runtime.desk, self.context.officer
        event_id = item.wants_returned() if not item.isHidden() else None
        if event_id is not None:
            self.context.background.run(
                lambda: read_returned(desk, by, event_id),
                self._show_returned,
                lambda _: None,  # judged anew meanwhile: the next look shows it
                owner=self,
                latest="sync-returned",
            )

    def _show_returned(self, returned: Returned) -> None:
        self.view.item.set_returned(returned)
        self.view.settle()

    def _pick_wanted(self) -> None:
        """The line asked for, else the one that was picked, else the first."""
        view, wanted = self.view, self._wanted
        if wanted is not None:
            keys = [line.event_id for line in self._outbox.lines if line.dossier_id == wanted]
            keys += [
                PROPOSAL + each.dossier_id for each in self._outbox.proposals if each.dossier_id == wanted
            ]
            view.list.set_current(keys[0] if keys else None)
            self._wanted = None
        if view.list.current_key() is None and view.list.items():
            view.list.set_current(view.list.items()[0].key)

    def _pick_next(self) -> None:
        keys = [item.key for item in self.view.list.items()]
        now = self.view.list.current_key()
        place = keys.index(now) + 1 if now in keys else 0
        if place < len(keys):
            self.view.list.set_current(keys[place])
            self._show_picked()
        self.view.list.setFocus()

    def _line(self, key: str) -> OutboxLine | None:
        return next((line for line in self._outbox.lines if line.event_id == key), None)

    def _go(self, dossier_id: str | None) -> None:
        if dossier_id:
            self.go.emit(Destination("dossier", dossier_id))

    def _failed(self, error: AppError) -> None:
        self.view.failure.set_notice(NoticeKind.WARN, error.title, error.next_step)
        self.view.failure.show()


def _counts(status: SyncStatus) -> tuple[object, ...]:
    return (status.enrolled, status.waiting, status.rejected, status.deferred, status.last_complete_at)
