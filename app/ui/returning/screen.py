"""Trả kết quả: F8 from anywhere comes here; F8 hands over, F10 next citizen, Esc keeps the draft."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from app.errors import AppError, RuleError
from app.services import drafts
from app.services.drafts import Draft, new_draft_id
from app.services.papers.slips import note_printed
from app.services.post.parcels import Manifest
from app.services.returning.results import LookedUp
from app.services.returning.view import Identity, ReturnView, read_return
from app.text import t
from app.ui.background import DOSSIERS, DRAFTS, OUTBOX
from app.ui.dossiers.opening import OpenDossier
from app.ui.returning import loading
from app.ui.returning.bar import ReturningBar
from app.ui.returning.loading import SCREEN, Done, Drawn, Start
from app.ui.returning.recipient_card import first_typed
from app.ui.returning.start_page import StartPage
from app.ui.returning.typed import POST, Typed, typed_from
from app.ui.returning.work_page import WorkPage
from app.ui.screen import Context, Destination, KeyAct, Screen
from app.ui.widgets import NoticeKind

_SAVE_MS = 400
_CHANGES = frozenset({DOSSIERS, OUTBOX})


class ReturningScreen(Screen):
    """``shown`` takes a dossier id or number to open, or ``None``."""

    name = "returning"
    title = t("Trả kết quả")

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._view: ReturnView | None = None
        self._drafts: tuple[Draft, ...] = ()
        self._busy = False
        self._bill_seen = ""
        self.start, self.work, self.bar = StartPage(), WorkPage(), ReturningBar()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.start)
        self._stack.addWidget(self.work)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self._stack, 1)
        box.addWidget(self.bar)
        self._save_soon = QTimer(self, singleShot=True, interval=_SAVE_MS)
        self._save_soon.timeout.connect(self._save)
        self._wire()
        self._show_page()

    def _wire(self) -> None:
        start, work, bar = self.start, self.work, self.bar
        start.asked.connect(self.look_up)
        start.picked.connect(self.open)
        start.manifest.clicked.connect(self.make_manifest)
        start.lists.clicked.connect(lambda: self.go.emit(Destination("handover")))
        start.resume_act.clicked.connect(self.resume)
        start.drop_act.clicked.connect(self.drop_draft)
        work.recipient.typed.connect(self._typed)
        work.recipient.asked.connect(self.give)
        work.open.clicked.connect(self.open_dossier)
        work.apology.clicked.connect(self.open_dossier)
        work.again.clicked.connect(self.reprint)
        work.label.clicked.connect(self.print_label)
        work.post.delivered.clicked.connect(self.note_delivered)
        work.post.back.clicked.connect(self.note_came_back)
        bar.give.clicked.connect(self.give)
        bar.next.clicked.connect(self.next_citizen)
        bar.leave.clicked.connect(self.leave)

    # ---- what the window calls

    def shown(self, argument: object) -> None:
        """The first page, or a dossier at once."""
        if isinstance(argument, str) and argument:
            self.open(argument)
        elif self._view is None:
            self.load()
        else:
            self._read_again(self._view)

    def hidden(self) -> None:
        """What is typed is kept."""
        if self._save_soon.isActive():
            self._save_soon.stop()
            self._save()

    def reload(self, kinds: frozenset[str]) -> None:
        """Results may have come or gone; what is typed stays."""
        if self._view is None and kinds & {DOSSIERS, OUTBOX}:
            self.load()

    def keys(self) -> tuple[KeyAct, ...]:
        """F8 hands over, F10 next citizen, Esc leaves the draft, Ctrl+P the receipt again."""
        if self._view is None:
            return (
                KeyAct("F8", self._focus_search, t("Ô quét mã")),
                KeyAct("F10", self.next_citizen, t("Công dân tiếp theo")),
                KeyAct("Esc", self._clear_search, t("Xóa ô tìm")),
            )
        return (
            KeyAct("F8", self.give, t("Trả kết quả")),
            KeyAct("F10", self.next_citizen, t("Công dân tiếp theo")),
            KeyAct("Esc", self.leave, t("Để lại, giữ phần đã gõ")),
            KeyAct("Ctrl+P", self.reprint, t("In lại biên nhận")),
        )

    def take_card(self, text: str) -> bool:
        """A card: whose result waits, or whether it is the submitter's."""
        desk, by, view = self.context.runtime.desk, self.context.officer, self._view
        if view is None:
            self._run(lambda: loading.by_card(desk, by, text), self._found, self.start.say_failure)
        elif view.blocked is None:
            self._run(lambda: loading.check_card(desk, view, text), self._compared, self._failed)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave() if self._view is not None else self._clear_search()
            return
        super().keyPressEvent(event)

    def first_focus(self) -> QWidget | None:
        """The field for the code, or the field of the paper shown."""
        if self._view is None:
            return self.start.search.line
        return self.work.recipient.first() if self._view.blocked is None else self

    def set_narrow(self, narrow: bool) -> None:
        """Slimmer columns."""
        self.start.set_narrow(narrow)
        self.work.set_narrow(narrow)
        self.bar.set_narrow(narrow)

    # ---- acts

    def load(self) -> None:
        """The first page anew."""
        desk, by = self.context.runtime.desk, self.context.officer
        self.context.background.run(
            lambda: loading.load_start(desk, by),
            self._show_start,
            self.start.say_failure,
            owner=self,
            latest="returning",
        )

    def look_up(self, text: str) -> None:
        """Enter in the field, by hand or by the scanner."""
        if not text.strip():
            return
        self.start.clear_notices()
        desk, by = self.context.runtime.desk, self.context.officer
        self._run(lambda: loading.look_up(desk, by, text), self._found, self.start.say_failure)

    def open(self, number: str) -> None:
        """One dossier by id or number."""
        desk, by = self.context.runtime.desk, self.context.officer
        self._run(lambda: read_return(desk, by, number), self._opened, self.start.say_failure)

    def give(self) -> None:
        """F8: hand over and print the receipt, or make ready for the post; a second press does nothing."""
        view = self._view
        if view is None or self._busy:
            return
        if view.blocked is not None:
            self.status_changed.emit([view.blocked.title])
            return
        self.work.recipient.clear_errors()
        typed = self.work.recipient.value()
        if typed.way == POST and not self._bill_is_sure(typed):
            return
        self._save_soon.stop()
        desk, by = self.context.runtime.desk, self.context.officer
        self._set_busy(True)
        self.context.background.run(
            lambda: loading.give(desk, by, view, typed),
            lambda done: self._given(view, done),
            self._refused,
            owner=self,
            changes=_CHANGES,
        )

    def next_citizen(self) -> None:
        """F10: what is typed stays as a draft, the field waits for the next code."""
        self._save_now()
        self._close()
        self.start.news.hide()
        self._focus_search()

    def leave(self) -> None:
        """Esc: back to the first page; what was typed is kept."""
        self._save_now()
        self._close()
        self._focus_search()

    def resume(self) -> None:
        """The dossier left behind, with what was typed."""
        if self._drafts:
            self.open(str(self._drafts[0].body.get("dossier_id") or ""))

    def drop_draft(self) -> None:
        """What was left behind is forgotten."""
        desk, by = self.context.runtime.desk, self.context.officer
        if self._drafts:
            draft = self._drafts[0]
            self._run(lambda: drafts.drop_draft(desk, by, draft.id), lambda _: self.load(), self._failed)

    def open_dossier(self) -> None:
        """The whole dossier."""
        if self._view is not None:
            opening = OpenDossier(self._view.dossier.id, back=SCREEN)
            self.go.emit(Destination("dossier", opening))

    def reprint(self) -> None:
        """The receipt of a dossier already returned."""
        view, desk, by = self._view, self.context.runtime.desk, self.context.officer
        if view is not None and view.dossier.returned_at is not None:
            dossier = view.dossier
            self._run(
                lambda: loading.reprint(desk, by, dossier.id, dossier.number), self._reprinted, self._failed
            )

    def print_label(self) -> None:
        """The envelope's label of a parcel made ready."""
        view, desk, by = self._view, self.context.runtime.desk, self.context.officer
        if view is not None:
            dossier_id = view.dossier.id
            self._run(
                lambda: loading.make_label(desk, by, dossier_id),
                lambda paper: self._print(paper, t("Nhãn phong bì")),
                self._failed,
            )

    def make_manifest(self) -> None:
        """The post's list of the day."""
        desk, by = self.context.runtime.desk, self.context.officer
        self._run(lambda: loading.make_manifest(desk, by), self._listed, self.start.say_failure, changes=True)

    def note_delivered(self) -> None:
        """The post has delivered."""
        typed = self.work.post.day.text()
        self._post_act(
            lambda desk, by, id_: loading.note_delivered(desk, by, id_, typed),
            t("Đã ghi: bưu chính đã phát, hồ sơ trả xong."),
        )

    def note_came_back(self) -> None:
        """The post has brought it back: the dossier keeps waiting."""
        typed = self.work.post.note.text()
        self._post_act(
            lambda desk, by, id_: loading.note_came_back(desk, by, id_, typed),
            t("Đã ghi: bưu chính chuyển lại. Hồ sơ vẫn chờ trả; gọi công dân rồi gửi lại hoặc mời đến nhận."),
        )

    # ---- answers of the worker

    def _show_start(self, start: Start) -> None:
        self._drafts = start.drafts
        self.start.show_start(start)
        if start.drafts:
            self.start.resume.set_notice(
                NoticeKind.INFO, t("Còn một lượt trả đang làm dở"), t("Phần đã gõ vẫn giữ nguyên.")
            )
        self.start.resume.setVisible(bool(start.drafts))
        self.bar.show_start(start.count)
        self.status_changed.emit([t("Quét mã trên giấy hẹn"), t("Enter mở hồ sơ trong danh sách")])

    def _found(self, found: LookedUp) -> None:
        if found.view is not None:
            self._opened(found.view)
        else:
            self.start.show_hits(found.hits)

    def _opened(self, view: ReturnView) -> None:
        kept = [each for each in self._drafts if each.body.get("dossier_id") == view.dossier.id]
        typed = typed_from(kept[0].id, kept[0].body) if kept else first_typed(view, new_draft_id())
        self._show_work(view, typed)

    def _show_work(self, view: ReturnView, typed: Typed) -> None:
        self._view, self._bill_seen = view, ""
        self.start.clear()
        self.start.news.hide()
        self.work.show_dossier(view, typed)
        self._show_page()
        self.bar.show_work(view, typed.way)
        self.subtitle_changed.emit(view.dossier.number)
        self.status_changed.emit([t("Quét thẻ căn cước của người nhận"), t("F8 trả"), t("Esc để lại")])
        focus = self.first_focus()
        if focus is not None:
            focus.setFocus(Qt.FocusReason.OtherFocusReason)
        if isinstance(focus, QLineEdit):
            focus.selectAll()

    def _compared(self, identity: Identity) -> None:
        self.work.recipient.show_identity(identity)

    def _given(self, view: ReturnView, done: Done) -> None:
        self._set_busy(False)
        self._close()
        if done.parcel is not None:
            self.start.tell(
                t("Đã giữ kết quả của {name} để giao bưu chính.").format(name=done.name),
                t("Cuối buổi lập bảng kê; ngày phát ghi sau khi bưu chính báo."),
            )
        else:
            self.start.tell(
                t("Đã trả kết quả cho {name}.").format(name=done.name),
                t("Biên nhận đang in, mời người nhận ký vào liên 1.") if done.receipt else "",
            )
        if done.receipt is not None:
            self._print(done.receipt, t("Biên nhận trả kết quả"))
        self._focus_search()
        self.context.background.hurry()

    def _refused(self, error: AppError) -> None:
        self._set_busy(False)
        self._save()
        sentence = f"{error.title} {error.next_step}"
        if self.work.recipient.say(error.field, sentence):
            QTimer.singleShot(0, self.work, self.work.show_wrong)
        else:
            self._failed(error)

    def _reprinted(self, done: Done) -> None:
        if done.receipt is not None:
            self._print(done.receipt, t("Biên nhận trả kết quả"))

    def _listed(self, made: tuple[Manifest, Drawn]) -> None:
        manifest, paper = made
        missing = len(manifest.without_bill)
        more = t("{count} bưu gửi chưa có mã vận đơn, ghi sau.").format(count=missing) if missing else ""
        count = len(manifest.numbers)
        self.start.tell(t("Bảng kê {no}: {count} bưu gửi.").format(no=manifest.no, count=count), more)
        self._print(paper, t("Bảng kê bưu chính"))

    def _failed(self, error: AppError) -> None:
        self._set_busy(False)
        if self._view is None:
            self.start.say_failure(error)
        else:
            self.work.say_failure(error)

    # ---- inside

    def _read_again(self, view: ReturnView) -> None:
        """Back from the whole dossier, where something may have been done; what is typed stays."""
        desk, by = self.context.runtime.desk, self.context.officer
        typed = self.work.recipient.value()
        self._run(
            lambda: read_return(desk, by, view.dossier.id),
            lambda fresh: self._show_work(fresh, typed),
            self._failed,
        )

    def _post_act(self, call: Callable[..., None], told: str) -> None:
        view, desk, by = self._view, self.context.runtime.desk, self.context.officer
        if view is None or self._busy:
            return
        self._set_busy(True)
        dossier_id = view.dossier.id

        def done(_: None) -> None:
            self._set_busy(False)
            self._close()
            self.start.tell(told)
            self._focus_search()
            self.context.background.hurry()

        self.context.background.run(
            lambda: call(desk, by, dossier_id), done, self._post_refused, owner=self, changes=_CHANGES
        )

    def _post_refused(self, error: AppError) -> None:
        self._set_busy(False)
        field = {"note": self.work.post.note}.get(error.field or "")
        if field is None and error.field in ("day", "at"):
            field = self.work.post.day
        if field is None:
            self._failed(error)
        else:
            field.set_error(f"{error.title} {error.next_step}")
            field.line.setFocus()

    def _bill_is_sure(self, typed: Typed) -> bool:
        """A doubtful code is shown once beside its field; the second press keeps it as it stands."""
        try:
            warning = loading.bill_warning(typed.bill)
        except RuleError as error:
            self.work.recipient.say("bill", f"{error.title} {error.next_step}")
            return False
        if warning and typed.bill != self._bill_seen:
            self._bill_seen = typed.bill
            words = t("{warning} Đúng như vậy thì bấm F8 lần nữa.").format(warning=warning)
            self.work.recipient.say("bill", words)
            return False
        return True

    def _typed(self) -> None:
        self._save_soon.start()
        if self._view is not None:
            self.bar.show_work(self._view, self.work.recipient.way.value())

    def _save_now(self) -> None:
        if self._save_soon.isActive():
            self._save_soon.stop()
            self._save()

    def _save(self) -> None:
        if self._view is None or self._view.blocked is not None:
            return
        typed = self.work.recipient.value()
        desk, by = self.context.runtime.desk, self.context.officer
        focus = self.work.recipient.way.value()

        def saved(at: object) -> None:
            self.bar.show_saved(at)

        self.context.background.run(
            lambda: drafts.save_draft(desk, by, typed.draft_id, SCREEN, focus, typed.as_body()),
            saved,
            self.bar.show_unsaved,
            owner=self,
            changes=frozenset({DRAFTS}),
        )

    def _run(
        self,
        call: Callable[[], object],
        done: Callable[..., None],
        failed: Callable[[AppError], None],
        *,
        changes: bool = False,
    ) -> None:
        kinds = _CHANGES if changes else frozenset[str]()
        self.context.background.run(call, done, failed, owner=self, changes=kinds)

    def _print(self, paper: Drawn, name: str) -> None:
        desk, by, background = self.context.runtime.desk, self.context.officer, self.context.background

        def note(queue: str, *, ok: bool) -> None:
            background.run(lambda: note_printed(desk, by, job_id, queue, ok=ok), owner=self)

        if isinstance(paper, AppError):
            words = t("Việc đã ghi xong, {name} chưa in được.").format(name=f"{name[:1].lower()}{name[1:]}")
            self.start.tell(words, f"{paper.title} {paper.next_step}", kind=NoticeKind.WARN)
            return
        job_id = paper.job_id

        def failed(error: AppError) -> None:
            note("", ok=False)
            self.start.tell(
                t("Việc đã ghi xong, {name} chưa in được.").format(name=f"{name[:1].lower()}{name[1:]}"),
                t("Bản in đã giữ lại: bật máy in, mở lại hồ sơ này rồi bấm Ctrl+P."),
                kind=NoticeKind.WARN,
            )

        self.context.printer.print_pdf(paper.pdf, name, lambda queue: note(queue, ok=True), failed)

    def _close(self) -> None:
        self._view = None
        self._bill_seen = ""
        self.start.clear()
        self._show_page()
        self.subtitle_changed.emit("")
        self.load()

    def _show_page(self) -> None:
        self._stack.setCurrentWidget(self.start if self._view is None else self.work)

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self.bar.set_busy(busy)

    def _focus_search(self) -> None:
        self.start.search.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def _clear_search(self) -> None:
        self.start.clear()
        self._focus_search()
