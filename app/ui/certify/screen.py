"""Screen Chứng thực: a card, then a row a job; F9 writes all of them into the book and prints."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from app.clock import VIETNAM
from app.domain.catalogue import FeeRule
from app.domain.certification import Kind
from app.domain.citizen_qr import parse_citizen_qr
from app.domain.people import Person
from app.errors import AppError, RuleError
from app.services.certify import CopyBatch, Ending, LineRefused
from app.services.drafts import Draft, load_draft, new_draft_id
from app.services.papers.slips import MadePaper
from app.text import t
from app.ui.background import DOSSIERS, DRAFTS, OUTBOX
from app.ui.certify import lane, work
from app.ui.certify.form import Entry, Form, body_of, form_of, person_on
from app.ui.certify.printing import LanePrinting
from app.ui.certify.view import LaneView
from app.ui.certify.words import count_words, done_words, fee_words, sentence
from app.ui.certify.work import Start, Taken
from app.ui.draft_keeper import DraftKeeper
from app.ui.screen import Context, KeyAct, Screen
from app.ui.widgets import NoticeKind, Tone

_PERSON_FIELDS = frozenset({"name", "id_value", "birth_date", "phone", "address"})
_TERM_FIELDS = frozenset({"reason", "agreement", "due"})


class CertifyScreen(Screen):
    """``shown`` takes ``None``, ``{"draft": id}`` or ``{"card": text}``."""

    name = "certify"
    title = t("Chứng thực")

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._desk, self._by = context.runtime.desk, context.officer
        self.form = Form(new_draft_id())
        self.last: Taken | None = None
        self._start: Start | None = None
        self._undo: list[Form] = []
        self._printed: list[str] = []
        self._next_card, self._place = "", "paper"
        self._busy, self._showing, self._fresh = False, False, True
        self.view = LaneView(self)
        self._keeper = DraftKeeper(
            context, work.SCREEN, lambda: (self.form, self.view.entry.place()), body_of, self
        )
        self._printing = LanePrinting(context, self)
        self._wire()
        self._show_form()

    def _wire(self) -> None:
        view = self.view
        view.person.changed.connect(self._on_typed)
        view.person.finished.connect(view.entry.start)
        view.entry.changed.connect(self._on_typed)
        view.entry.finished.connect(self.add_line)
        view.entry.up_asked.connect(view.lines.enter)
        view.entry.undo_asked.connect(self.undo)
        view.lines.picked.connect(self.edit_line)
        view.lines.removed.connect(self.remove_line)
        view.lines.left.connect(view.entry.start)
        view.side.changed.connect(self._on_typed)
        view.side.today.clicked.connect(self.print_today)
        view.accept.clicked.connect(self.accept)
        view.following.clicked.connect(self.next_citizen)
        view.leave.clicked.connect(self.back_out)
        view.again.clicked.connect(self.print_again)
        view.stamps.clicked.connect(self.print_stamps)
        view.waiting.link.clicked.connect(self._open_newest)
        self._keeper.saved.connect(self._on_saved)
        self._keeper.failed.connect(self._on_unsaved)
        self._printing.said.connect(self._on_printed)

    # ---- what the window asks

    def shown(self, argument: object) -> None:
        """A card or a draft is opened; else the lane goes on as it was."""
        wanted = argument if isinstance(argument, dict) else {}
        if "card" in wanted:
            self.take_card(str(wanted["card"]))
        elif "draft" in wanted:
            self.open_draft(str(wanted["draft"]))
        self._load_start()
        self._say()

    def hidden(self) -> None:
        """Nothing typed is lost."""
        self._place = self.view.entry.place()
        if not self._busy:
            self._keeper.save()

    def reload(self, kinds: frozenset[str]) -> None:
        """Another window or the province may have changed what is counted here."""
        if DOSSIERS in kinds and not self._busy:
            self._load_start()

    def keys(self) -> tuple[KeyAct, ...]:
        """F9 into the book, F10 next citizen, Ctrl+Z undo, Ctrl+P the sheet again, Esc back."""
        return (
            KeyAct("F9", self.accept, t("Vào sổ và in")),
            KeyAct("F10", self.next_citizen, t("Người tiếp theo")),
            KeyAct("Ctrl+Z", self.undo, t("Hoàn tác")),
            KeyAct("Ctrl+P", self.print_again, t("In lại bảng kê")),
            KeyAct("Esc", self.back_out, t("Để lại nháp")),
        )

    def take_card(self, text: str) -> bool:
        """The citizen of these lines; somebody else's lines stay as a draft."""
        try:
            card = parse_citizen_qr(text, self._today())
        except AppError as error:
            self._tell(NoticeKind.WARN, error.title, error.next_step)
            return True
        if self._busy:
            self._next_card = text
            return True
        other = self.form.number not in ("", card.personal_id)
        if other and not self.form.is_blank:
            self._leave()
        self.form = replace(self.form, card=text, name=card.name, number=card.personal_id)
        self._show_form()
        if card.warnings:
            self._tell(NoticeKind.WARN, card.warnings[0].text)
        else:
            self.view.news.hide()
        self._keeper.changed()
        self._load_start()
        self.view.entry.start()
        return True

    def set_narrow(self, narrow: bool) -> None:
        """One column."""
        self.view.set_narrow(narrow)

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        self.view.restyle()

    def first_focus(self) -> QWidget | None:
        """The citizen's name while nobody is known, else the box of the row that was left."""
        known = self.form.name or self.form.lines
        return self.view.entry.box_at(self._place).line if known else self.view.person.name.line

    # ---- lines

    def add_line(self) -> bool:
        """The row joins the list, or a box says why not."""
        self.view.entry.clear_errors()
        try:
            form = lane.with_line(self.form, lane.line_of(self.form.entry, self._rules()))
        except RuleError as refused:
            self.view.entry.show_error(refused.field, refused.title)
            return False
        self._change(form)
        self.view.entry.start()
        return True

    def edit_line(self, line_id: str) -> None:
        """A line goes into the row to be put right; what was half typed is undone by Ctrl+Z."""
        self._change(replace(self.form, entry=lane.entry_for(self.form, line_id)))
        self.view.entry.start()
        self.view.entry.paper.line.selectAll()

    def remove_line(self, line_id: str) -> None:
        """Out of the list; Ctrl+Z brings it back."""
        self._change(lane.without_line(self.form, line_id))
        if self.form.lines:
            self.view.lines.enter()
        else:
            self.view.entry.start()

    def undo(self) -> None:
        """One step back: a line added, changed or taken out."""
        if self._undo and not self._busy:
            before = self._undo.pop()
            self.form = replace(self.form, lines=before.lines, entry=before.entry)
            self._show_form()
            self._keeper.changed()
            self.view.entry.start()

    # ---- into the book

    def accept(self) -> None:
        """F9: every line in one commit, then the papers; a second press while it runs does nothing."""
        if self._busy or self._start is None:
            return
        self._collect()
        if not self.form.entry.is_blank and not self.add_line():
            return
        if not self._is_ready():
            return
        batch = self._batch()
        ending = batch.ending
        self._set_busy(True)
        self._keeper.forget()
        self.context.background.run(
            partial(work.take_in, self._desk, self._by, batch, with_book=self.view.side.book.isChecked()),
            lambda taken: self._on_taken(taken, ending),
            self._on_refused,
            owner=self,
            changes=frozenset({DOSSIERS, OUTBOX, DRAFTS}),
        )

    def _is_ready(self) -> bool:
        if not self.form.lines:
            self.view.entry.show_error("paper", t("Chưa có dòng nào. Gõ tên giấy tờ, ví dụ ks."))
            return False
        if not self.form.name.strip():
            self.view.person.show_error("name", t("Chưa có người yêu cầu. Quét thẻ hoặc gõ họ tên."))
            return False
        return True

    def _batch(self) -> CopyBatch:
        side, form = self.view.side, self.form
        return CopyBatch(
            request_id=form.request_id,
            owner=self._person(),
            lines=form.lines,
            source=form.source,
            longer=side.term(),
            ending=Ending(paid=side.paid.isChecked(), hand_over=side.handed.isChecked()),
            signer=side.chosen_signer(),
        )

    def _person(self) -> Person:
        return person_on(self.form, self._today())

    def _on_taken(self, taken: Taken, ending: Ending) -> None:
        self._set_busy(False)
        self.last, self._printed = taken, []
        self.context.background.hurry()
        self._tell(NoticeKind.OK, *done_words(taken, ending.paid, ending.hand_over), printable=True)
        self._new_form()
        if taken.unprinted is not None:
            self._on_printed(sentence(taken.unprinted), False)
        for paper, name in ((taken.sheet, t("Bảng kê chứng thực")), (taken.book, t("Trang sổ chứng thực"))):
            if paper is not None:
                self._printing.print(paper, name)
        card, self._next_card = self._next_card, ""
        if card:
            self.take_card(card)
        else:
            self.view.person.name.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_refused(self, error: AppError) -> None:
        """Nothing was stored and nothing typed is lost; the box concerned says why."""
        self._set_busy(False)
        self._next_card = ""
        self._keeper.save()
        words = sentence(error)
        if isinstance(error, LineRefused):
            self.edit_line(self.form.lines[error.place].request_id)
            self.view.entry.show_error(error.field, error.title)
        elif error.field in _PERSON_FIELDS:
            self.view.person.show_error(error.field, words)
        elif error.field in _TERM_FIELDS:
            self.view.side.show_error(error.field or "", words)
        else:
            self._tell(NoticeKind.ERROR, error.title, error.next_step)

    # ---- papers

    def print_again(self) -> None:
        """The last sheet once more."""
        if self.last is not None:
            call = partial(work.sheet_again, self._desk, self._by, self.last.lines)
            self._make(call, t("Bảng kê chứng thực"))

    def print_stamps(self) -> None:
        """The words of attestation of the last batch."""
        if self.last is not None:
            self._make(partial(work.stamps_of, self._desk, self._by, self.last.lines), t("Lời chứng"))

    def print_today(self) -> None:
        """Today's pages of the books, as far as they are filled."""
        self._printed = []
        self.context.background.run(
            partial(work.books_of_today, self._desk, self._by),
            self._print_books,
            lambda error: self._on_printed(sentence(error), False),
            owner=self,
        )

    def _print_books(self, books: tuple[MadePaper, ...]) -> None:
        for book in books:
            self._printing.print(book, t("Trang sổ chứng thực"))

    def _make(self, call: partial[MadePaper], name: str) -> None:
        self.context.background.run(
            call,
            lambda paper: self._printing.print(paper, name),
            lambda error: self._on_printed(sentence(error), False),
            owner=self,
        )

    def _on_printed(self, words: str, printed: bool) -> None:
        tone, icon = (Tone.GREEN, "printer") if printed else (Tone.AMBER, "warning-triangle")
        if printed:
            self._printed.append(words)
            words = t("đã in: {papers}").format(papers=", ".join(self._printed))
        self.view.bar.set_saved(t("Đã vào sổ") if self.last else "", words, tone=tone, icon=icon)

    # ---- drafts

    def next_citizen(self) -> None:
        """F10: the lane is free; what is half done stays as a draft."""
        if not self._busy:
            self._leave()
            self._load_start()
            self.view.person.name.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def back_out(self) -> None:
        """Esc: out of the list, out of a correction, else the lane is left with its draft."""
        here = QApplication.focusWidget()
        if here is self.view.lines.table:
            self.view.lines.forget_cursor()
            self.view.entry.start()
        elif self.form.entry.line_id:
            self._change(replace(self.form, entry=Entry()))
            self.view.entry.start()
        else:
            self.next_citizen()

    def open_draft(self, draft_id: str) -> None:
        """A draft of this lane, at the box it was left at."""
        self.context.background.run(
            partial(load_draft, self._desk, self._by, draft_id),
            self._reopen,
            lambda error: self._tell(NoticeKind.WARN, error.title, error.next_step),
            owner=self,
        )

    def _reopen(self, draft: Draft) -> None:
        self._leave()
        self.form = form_of(draft.body)
        self._show_form()
        self._place = draft.focus
        self.view.entry.go(draft.focus)
        self._on_saved(draft.saved_at)

    def _open_newest(self) -> None:
        waiting = self._waiting()
        if waiting:
            self._reopen(waiting[0])
            self._load_start()

    def _waiting(self) -> tuple[Draft, ...]:
        drafts = self._start.drafts if self._start is not None else ()
        return tuple(draft for draft in drafts if draft.id != self.form.request_id)

    def _leave(self) -> None:
        self._collect()
        self._keeper.save()
        self._new_form()
        self.view.news.hide()

    def _new_form(self) -> None:
        self._keeper.forget()
        self._undo.clear()
        self._place = "paper"
        self.form = Form(new_draft_id())
        self._show_form()

    # ---- showing

    def _load_start(self) -> None:
        self.context.background.run(
            partial(work.load_start, self._desk, self._by),
            self._show_start,
            self._no_start,
            owner=self,
            latest="start",
        )

    def _show_start(self, start: Start) -> None:
        first, self._start = self._start is None, start
        self.view.entry.offer(start.papers)
        self.view.side.show_start(start)
        if first and self._fresh and self.form.is_blank and start.drafts:
            self._reopen(start.drafts[0])
        self._fresh = False
        self._show_sums()
        self._show_waiting()

    def _no_start(self, error: AppError) -> None:
        self._tell(NoticeKind.ERROR, error.title, error.next_step)

    def _show_waiting(self) -> None:
        waiting = self._waiting()
        self.view.waiting.setVisible(bool(waiting))
        if waiting:
            form = form_of(waiting[0].body)
            who = form.name or t("chưa có tên")
            strong = t("Còn {count} lượt để dở").format(count=len(waiting))
            self.view.waiting.set_words(strong, f"{who}, {count_words(form.lines)}", t("Mở lại"))

    def _show_form(self) -> None:
        self._showing = True
        form, view = self.form, self.view
        view.person.show_person(form.name, form.number, from_card=bool(form.card))
        view.entry.show_entry(form.entry)
        view.side.show_term(longer=form.longer, reason=form.reason, agreement=form.agreement)
        self._showing = False
        self._show_sums()

    def _show_sums(self) -> None:
        rules = self._rules()
        fees = [lane.fee_of(line, rules) for line in self.form.lines]
        self.view.lines.show_lines(self.form.lines, fees)
        self.view.side.show_lines(self.form.lines, fees)
        self._show_row_fee()
        self._say()

    def _show_row_fee(self) -> None:
        entry, rules = self.form.entry, self._rules()
        line = None if entry.is_blank else lane.can_be_reckoned(entry, rules)
        self.view.entry.show_fee("–" if line is None else fee_words(lane.fee_of(line, rules)))

    def _rules(self) -> dict[Kind, FeeRule]:
        return self._start.rules if self._start is not None else {}

    def _change(self, form: Form) -> None:
        """Another state of the list, with the way back."""
        self._undo.append(self.form)
        self.form = form
        self._show_form()
        self._keeper.changed()
        self.view.news.hide()

    def _collect(self) -> None:
        side = self.view.side
        self.form = replace(
            self.form,
            entry=self.view.entry.entry(),
            name=self.view.person.name.text(),
            number=self.view.person.number.text(),
            longer=side.longer.isChecked(),
            reason=side.reason.text(),
            agreement=side.agreement.text(),
        )

    def _on_typed(self) -> None:
        if not self._showing and not self._busy:
            self._collect()
            self._show_row_fee()
            self._keeper.changed()

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self.view.left.setEnabled(not busy)
        self.view.accept.setEnabled(not busy)

    def _tell(self, kind: NoticeKind, title: str, words: str = "", *, printable: bool = False) -> None:
        self.view.news.set_notice(kind, title, words)
        self.view.again.setVisible(printable)
        self.view.stamps.setVisible(printable)
        self.view.news.show()

    def _say(self) -> None:
        lines = self.form.lines
        self.subtitle_changed.emit(count_words(lines) if lines else "")
        if not lines and self.last is None:
            self.view.bar.set_idle(t("Quét thẻ, gõ từng dòng rồi bấm F9. Bản nháp tự lưu khi gõ."))

    def _on_saved(self, at: datetime) -> None:
        local = at.astimezone(VIETNAM)
        self.view.bar.set_saved(
            t("Bản nháp đã lưu {at:%H:%M:%S}").format(at=local), t("Mất điện cũng mở lại đúng ô này.")
        )

    def _on_unsaved(self, error: object) -> None:
        assert isinstance(error, AppError)
        self.view.bar.set_saved(
            t("Chưa lưu được nháp"), sentence(error), tone=Tone.RED, icon="warning-triangle"
        )

    def _today(self) -> date:
        return self._desk.clock.now().date()
