"""The officer's acts on Đồng bộ: correct and send again, keep or take over, print the evidence, seen."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from app.errors import AppError
from app.services.from_province.giving_up import give_up
from app.services.from_province.notices import mark_seen
from app.services.from_province.resubmission import resubmit
from app.services.papers.slips import MadePaper, note_printed
from app.text import t
from app.ui.background import DOSSIERS, OUTBOX
from app.ui.dossier_detail.prints import paper_name
from app.ui.screen import Context
from app.ui.sync_status.deciding import evidence_of, keep_all, take_all
from app.ui.sync_status.view import SyncView
from app.ui.widgets import NoticeKind

_BOTH = frozenset({DOSSIERS, OUTBOX})


class SyncActs(QObject):
    """``failed(AppError)``: to be told in the page; ``seen()``: the notices are to be read again."""

    failed = Signal(object)
    seen = Signal()

    def __init__(self, context: Context, view: SyncView, parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._view = context, view
        view.item.resend_asked.connect(self.resend)
        view.item.give_up_asked.connect(self.give_up)
        view.item.evidence.clicked.connect(self.print_evidence)
        view.proposal.keep.clicked.connect(self.keep_ours)
        view.proposal.take.clicked.connect(self.take_theirs)
        view.notices.seen.clicked.connect(self.notice_seen)

    def resend(self) -> None:
        """The correction, and the act again in the refused one's place."""
        item, context = self._view.item, self._context
        returned = item.returned()
        if returned is None or not item.resend.isEnabled():
            return
        desk, by, changes = context.runtime.desk, context.officer, dict(item.typed())
        words = t("Tên trên giấy có đổi thì mở hồ sơ in lại giấy hẹn.") if changes else ""

        def done(_event: str) -> None:
            item.set_busy(False)
            self._view.tell(NoticeKind.OK, t("Đã xếp gửi lại."), words)
            self._view.list.setFocus()
            context.background.hurry()

        def refused(error: AppError) -> None:
            item.set_busy(False)
            if not item.say_wrong(error):
                self.failed.emit(error)

        item.set_busy(True)
        context.background.run(
            lambda: resubmit(desk, by, returned.event_id, changes), done, refused, owner=self, changes=_BOTH
        )

    def give_up(self) -> None:
        """The act stays here as history; the province waits for it no longer."""
        item, context = self._view.item, self._context
        returned = item.returned()
        if returned is None or not item.give_up.isEnabled():
            return
        desk, by, reason = context.runtime.desk, context.officer, item.reason.text()

        def done(_event: str) -> None:
            item.set_busy(False)
            self._view.tell(
                NoticeKind.OK, t("Đã bỏ việc này, máy sẽ báo tỉnh."), t("Lịch sử hồ sơ giữ nguyên.")
            )
            self._view.list.setFocus()
            context.background.hurry()

        def refused(error: AppError) -> None:
            item.set_busy(False)
            if not item.say_wrong(error):
                self.failed.emit(error)

        item.set_busy(True)
        context.background.run(
            lambda: give_up(desk, by, returned.event_id, reason), done, refused, owner=self, changes=_BOTH
        )

    def keep_ours(self) -> None:
        """Giữ theo phiếu."""
        shown, context = self._view.proposal.shown, self._context
        words = t("Giữ theo phiếu. Cả hai giá trị còn đọc được trong hồ sơ.")
        self._decide(lambda: keep_all(context.runtime.desk, context.officer, shown), words)

    def take_theirs(self) -> None:
        """Nhận theo tỉnh: and the paper that takes the old one's place."""
        shown, runtime, by = self._view.proposal.shown, self._context.runtime, self._context.officer
        words = t("Đã nhận theo tỉnh. Báo công dân; có giấy mới thì thu lại giấy cũ.")
        self._decide(lambda: take_all(runtime.desk, by, shown, runtime.settings.slip_paper), words)

    def print_evidence(self) -> None:
        """Trang bằng chứng of the line's dossier."""
        dossier_id, button = self._view.item.dossier_id(), self._view.item.evidence
        if dossier_id is None or not button.isEnabled():
            return
        desk, by = self._context.runtime.desk, self._context.officer

        def made(paper: MadePaper) -> None:
            button.setEnabled(True)
            self._print(paper, t("Đã in {name}.").format(name=paper_name(paper.form)))

        def refused(error: AppError) -> None:
            button.setEnabled(True)
            self.failed.emit(error)

        button.setEnabled(False)
        self._context.background.run(
            lambda: evidence_of(desk, by, dossier_id), made, refused, owner=self, changes=_BOTH
        )

    def notice_seen(self) -> None:
        """Đã xem."""
        notice, desk, by = self._view.notices.shown_id, self._context.runtime.desk, self._context.officer
        if notice is not None:
            self._context.background.run(
                lambda: mark_seen(desk, by, notice), lambda _: self.seen.emit(), self.failed.emit, owner=self
            )

    def _decide(self, call: Callable[[], MadePaper | None], words: str) -> None:
        card = self._view.proposal
        if not card.shown or not card.keep.isEnabled():
            return

        def done(paper: MadePaper | None) -> None:
            card.set_busy(False)
            self._view.tell(NoticeKind.OK, words)
            self._view.list.setFocus()
            if paper is not None:
                self._print(paper, words)

        def refused(error: AppError) -> None:
            card.set_busy(False)
            self.failed.emit(error)

        card.set_busy(True)
        self._context.background.run(call, done, refused, owner=self, changes=_BOTH)

    def _print(self, paper: MadePaper, words: str) -> None:
        """The paper is kept already; what became of it on the printer is noted. ``words``: then told."""
        desk, by = self._context.runtime.desk, self._context.officer

        def note(queue: str, *, ok: bool) -> None:
            self._context.background.run(
                lambda: note_printed(desk, by, paper.job_id, queue, ok=ok), owner=self, changes=_BOTH
            )

        def printed(queue: str) -> None:
            note(queue, ok=True)
            self._view.tell(NoticeKind.OK, words)

        def broke(error: AppError) -> None:
            note("", ok=False)
            self.failed.emit(error)

        name = paper_name(paper.form)
        self._context.printer.print_pdf(paper.pdf, f"{name[0].upper()}{name[1:]}", printed, broke)
