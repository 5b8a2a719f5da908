"""Tờ khai: filled from the dossier, kept while typing, printed for signing (SCREENS 10)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtWidgets import QWidget

from app.clock import VIETNAM
from app.domain.eform.filling import Filled
from app.domain.roles import Officer
from app.errors import AppError, CircumstanceError
from app.services.desk import Desk
from app.services.eforms import declarations as service
from app.services.eforms.declarations import EformDone, EformOffer, EformOpen
from app.services.eforms.shelf import word_lists
from app.services.papers.slips import note_printed
from app.text import t
from app.ui.background import DOSSIERS
from app.ui.eform.keeping import EformKeeper
from app.ui.eform.opening import OpenEform
from app.ui.eform.view import EformView
from app.ui.printer import page_images
from app.ui.screen import Context, Destination, KeyAct, Screen
from app.ui.widgets import Choice, NoticeKind, Tone

_DRAW_PAUSE_MS = 400
_DOTS = 1000
"""Dots across the sheet on screen."""


@dataclass(frozen=True)
class Loaded:
    """A declaration opened, and the others the dossier may have."""

    offers: tuple[EformOffer, ...]
    opened: EformOpen


class EformScreen(Screen):
    """``shown`` takes an ``OpenEform`` or a dossier id; ``None`` goes on as it was."""

    name = "eform"
    title = t("Tờ khai")

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._wanted = OpenEform("")
        self._opened: EformOpen | None = None
        self._busy = self._fresh = False
        self.view = EformView(self)
        self.keeper = EformKeeper(context, self._look, self)
        self._draw_pause = QTimer(self, singleShot=True, interval=_DRAW_PAUSE_MS)
        self._draw_pause.timeout.connect(self._draw)
        column = self.view.column
        column.edited.connect(self._on_edit)
        column.left.connect(self._on_left)
        column.finished.connect(lambda: self.view.finish.setFocus(Qt.FocusReason.TabFocusReason))
        self.view.kind.changed.connect(self._take_form)
        self.view.kind.entered.connect(self._to_first)
        self.view.back.clicked.connect(self.go_back)
        self.view.look.clicked.connect(lambda: self.view.toggle_paper())
        self.view.finish.clicked.connect(self.finish)
        self.keeper.saved.connect(self._say_kept)
        self.keeper.failed.connect(self.view.say_failure)

    # ---- what the window calls

    def shown(self, argument: object) -> None:
        """Opens a declaration; ``None`` goes on as it was."""
        if isinstance(argument, str):
            argument = OpenEform(argument)
        if isinstance(argument, OpenEform):
            self.keeper.save()
            self._wanted, self._opened = argument, None
            self.view.news.hide()
            self._load()

    def hidden(self) -> None:
        """What was typed is kept at once."""
        self.keeper.save()

    def keys(self) -> tuple[KeyAct, ...]:
        """F9 finishes, Ctrl+P shows or prints, Esc goes back and keeps the draft."""
        return (
            KeyAct("F9", self.finish, t("Lưu và in tờ khai")),
            KeyAct("Ctrl+P", self.look_or_print, t("Xem hoặc in tờ khai")),
            KeyAct("Ctrl+S", self.keeper.save, t("Giữ bản nháp")),
            KeyAct("Esc", self.go_back, t("Về hồ sơ, giữ phần đã gõ")),
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:  # outside the window's own keys
            self.go_back()
            return
        super().keyPressEvent(event)

    def set_narrow(self, narrow: bool) -> None:
        """The form alone."""
        self.view.set_narrow(narrow)

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        self.view.restyle()

    def first_focus(self) -> QWidget | None:
        """The field a draft was left at, else the first empty one."""
        column = self.view.column
        place = column.inputs.get(self._opened.focus if self._opened else "") or column.inputs.get(
            column.first_empty()
        )
        return place.first() if place is not None else None

    # ---- acts

    def go_back(self) -> None:
        """Esc: the paper away first, then back to the dossier; the draft stays."""
        if self.view.shows_paper_alone():
            self.view.toggle_paper()
            return
        self.keeper.save()
        back = self._wanted.back if self._wanted.back is not None else self._wanted.dossier_id
        self.go.emit(Destination("dossier", back))

    def look_or_print(self) -> None:
        """Ctrl+P: narrow, the paper first; else finish and print."""
        if not self.view.shows_paper_alone() and self.view.toggle_paper():
            self._draw()
            return
        self.finish()

    def finish(self) -> None:
        """F9: stored, printed; a second press while it is on its way does nothing."""
        opened = self._opened
        if opened is None or self._busy:
            return
        if self.view.shows_paper_alone():
            self.view.toggle_paper()
        raw = self.view.column.raw()
        self.view.column.tell_all()
        self.view.news.hide()
        self._set_busy(True)
        self.keeper.save()
        desk, by = self.context.runtime.desk, self.context.officer
        self.context.background.run(
            lambda: service.fill_eform(desk, by, opened.dossier_id, opened.form.id, raw, seen=opened),
            self._finished,
            self._refused,
            owner=self,
            changes=frozenset({DOSSIERS}),
        )

    # ---- opening

    def _load(self) -> None:
        desk, by, wanted = self.context.runtime.desk, self.context.officer, self._wanted
        self.context.background.run(
            lambda: _load(desk, by, wanted), self._show, self.view.say_failure, owner=self, latest="eform"
        )

    def _take_form(self, form_id: str) -> None:
        self.keeper.save()
        self._wanted, self._opened = replace(self._wanted, form_id=form_id), None
        self._load()

    def _show(self, loaded: Loaded) -> None:
        opened, column, kind = loaded.opened, self.view.column, self.view.kind
        self.keeper.forget()  # the form before goes: nothing of its passing is a change to keep
        kind.set_choices([_choice(offer) for offer in loaded.offers])
        kind.set_value(opened.form.id)
        kind.setVisible(len([each for each in loaded.offers if each.fits]) != 1 or not loaded.offers[0].fits)
        column.set_form(opened.form, opened.today, word_lists())
        column.set_raw(opened.raw)
        self._opened = opened
        self.keeper.begin()
        self.subtitle_changed.emit(f"{opened.number} · {opened.procedure_name}")
        self.status_changed.emit([t("Enter sang mục sau"), t("F9 lưu và in"), t("Esc về hồ sơ")])
        self._say_opened(opened)
        self._fresh = True
        self._check()
        self._draw()

    def _to_first(self) -> None:
        column, opened = self.view.column, self._opened
        if not (opened and opened.focus and column.focus(opened.focus)):
            column.focus(column.first_empty())

    def _say_opened(self, opened: EformOpen) -> None:
        if opened.draft_at is not None:
            self._say_kept(opened.draft_at)
        elif opened.finished:
            words = t("Sửa rồi bấm F9 để lưu và in lại.")
            self.view.bar.set_saved(t("Tờ khai đã lưu"), words)
        else:
            self.view.bar.set_idle(t("Đã điền sẵn phần hồ sơ biết. Gõ đến đâu giữ nháp đến đó."))

    # ---- while typing

    def _look(self) -> tuple[EformOpen | None, dict[str, object], str]:
        return self._opened, self.view.column.raw(), self.view.column.focused()

    def _on_edit(self) -> None:
        self.keeper.changed()
        self._check()
        self._draw_pause.start()

    def _on_left(self) -> None:
        self.keeper.save()
        self._check()

    def _check(self) -> None:
        opened, raw = self._opened, self.view.column.raw()
        if opened is not None:
            self.context.background.run(
                lambda: service.look_at(opened, raw), self._show_state, owner=self, latest="eform-check"
            )

    def _show_state(self, filled: Filled) -> None:
        if self._opened is not None and filled.form is self._opened.form:
            self.view.column.show_state(filled)
            self.view.side.set_state(filled)
            if self._fresh:  # not before its fields are in sight
                self._fresh = False
                self._to_first()

    def _draw(self) -> None:
        opened, raw = self._opened, self.view.column.raw()
        desk, by = self.context.runtime.desk, self.context.officer
        if opened is not None:
            self.context.background.run(
                lambda: page_images(service.preview_eform(desk, by, opened, raw), _DOTS),
                self._show_pages,
                owner=self,
                latest="eform-paper",
            )

    def _show_pages(self, pages: list[QImage]) -> None:
        self.view.side.set_pages(pages)

    def _say_kept(self, at: object) -> None:
        words = t("Bản nháp đã lưu {at:%H:%M:%S}").format(at=at.astimezone(VIETNAM))  # type: ignore[attr-defined]
        self.view.bar.set_saved(words, t("Mất điện cũng mở lại đúng mục này."))

    # ---- finished

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self.view.finish.setEnabled(not busy)

    def _finished(self, done: EformDone) -> None:
        self._set_busy(False)
        self.keeper.forget()
        if self._opened is not None:
            self._opened = replace(self._opened, saved_at=done.saved_at)
        self.view.column.set_raw(done.answers)
        self.keeper.begin()
        self.view.bar.set_saved(t("Tờ khai đã lưu"), t("Mời công dân đọc lại và ký trên bản in."))
        self.context.printer.print_pdf(
            done.paper.pdf,
            t("Tờ khai"),
            lambda queue: self._printed(done, queue),
            lambda error: self._not_printed(done, error),
        )
        self.view.back.setFocus(Qt.FocusReason.OtherFocusReason)

    def _printed(self, done: EformDone, queue: str) -> None:
        self._note(done, queue, ok=True)
        again = done.paper.copy_no - 1
        title = t("Đã lưu và in tờ khai.") if not again else t("Đã lưu và in lại tờ khai lần {n}.")
        self.view.tell(NoticeKind.OK, title.format(n=again), t("Mời công dân đọc lại rồi ký."))

    def _not_printed(self, done: EformDone, error: CircumstanceError) -> None:
        self._note(done, self.context.runtime.settings.printer, ok=False)
        self.view.tell(
            NoticeKind.WARN, error.title, t("Tờ khai đã lưu, bản in đã giữ lại. Bật máy in rồi bấm F9.")
        )
        self.view.bar.set_saved(t("Đã lưu, chưa in được"), error.title, tone=Tone.AMBER, icon="printer")

    def _note(self, done: EformDone, queue: str, *, ok: bool) -> None:
        desk, by = self.context.runtime.desk, self.context.officer
        self.context.background.run(
            lambda: note_printed(desk, by, done.paper.job_id, queue, ok=ok),
            owner=self,
            changes=frozenset({DOSSIERS}),
        )

    def _refused(self, error: AppError) -> None:
        self._set_busy(False)
        self.view.say_failure(error)
        self._check()
        if error.field:
            self.view.column.focus(error.field)


def _load(desk: Desk, by: Officer, wanted: OpenEform) -> Loaded:
    offers = service.offered_eforms(desk, by, wanted.dossier_id, others=True)
    first = next((each for each in offers if each.fits and not each.finished), None)
    first = first or next((each for each in offers if each.fits), None) or next(iter(offers), None)
    form_id = wanted.form_id or (first.form_id if first is not None else "")
    return Loaded(offers, service.open_eform(desk, by, wanted.dossier_id, form_id))


def _choice(offer: EformOffer) -> Choice:
    title = f"{offer.title[:1]}{offer.title[1:].lower()}"
    return Choice(offer.form_id, title, t("đã lưu") if offer.finished else "")
