"""Thời hạn: how long each kind of data is kept, how soon a request is answered; what is past goes."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from app.clock import VIETNAM
from app.domain.privacy import AnswerTerm, How, Kept, Term, Terms, Unit
from app.services.privacy.retention import (
    RetentionLine,
    RetentionRun,
    last_run,
    retention_table,
    run_retention,
)
from app.services.privacy.terms import set_term, terms, unset_term
from app.text import t
from app.ui.privacy.facts import WrappedFact
from app.ui.screen import Context
from app.ui.settings.section import Section
from app.ui.widgets import (
    Button,
    Card,
    Choice,
    ChoiceField,
    Field,
    Kind,
    Label,
    RowItem,
    RowList,
    Tone,
    Type,
    near,
    ready,
    stopped,
)

_UNITS = (
    Choice(Unit.DAYS.value, t("ngày")),
    Choice(Unit.WORKING_DAYS.value, t("ngày làm việc")),
    Choice(Unit.MONTHS.value, t("tháng")),
)


@dataclass(frozen=True)
class _Now:
    lines: tuple[RetentionLine, ...]
    answers: tuple[AnswerTerm, ...]
    last: RetentionRun | None


class TermsSection(Section):
    """The table at left; at right the line picked, the office's own term for it, and a run now."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._lines: dict[str, RetentionLine] = {}
        self._answers: dict[str, AnswerTerm] = {}
        self.card = Card(t("Bảng thời hạn"))
        self.list = RowList(name=t("Bảng thời hạn"), lines=True)
        self.card.full.addWidget(self.list, 1)
        self.add_list(self.card)
        self._build_picked()
        self._build_run()
        self.add(self.picked, self.running)
        self.fields = {"term": self.count, "basis": self.basis}
        self.list.picked.connect(self._pick)
        self.count.edited.connect(lambda _text: self.count.set_error(None))
        self.basis.edited.connect(lambda _text: self.basis.set_error(None))
        self.count.entered.connect(self.unit.setFocus)
        self.basis.entered.connect(self.save)
        self.keep.clicked.connect(self.save)
        self.unset.clicked.connect(self.take_back)
        self.now.clicked.connect(self.run_now)

    def _build_picked(self) -> None:
        self.picked = Card(t("Thời hạn"))
        self.what = Label("", Type.TABLE, tone=Tone.SECONDARY, wrap=True)
        self.holds = WrappedFact(t("Đang áp dụng"), semibold=True)
        self.rests = Label("", Type.LABEL, tone=Tone.SECONDARY, wrap=True)
        self.count = Field(t("Thời hạn của cơ quan"))
        self.unit = ChoiceField(t("Tính theo"))
        self.unit.set_choices(_UNITS)
        self.basis = Field(t("Căn cứ đã đọc"), placeholder=t("số văn bản, điều, hoặc quyết định"))
        self.keep = Button(t("Lưu thời hạn"), Kind.PRIMARY, icon="save", cap="Ctrl+S")
        self.unset = Button(t("Bỏ thời hạn của cơ quan"), Kind.LINK)
        for part in (
            self.what,
            self.holds,
            self.rests,
            self.count,
            self.unit,
            self.basis,
            self.keep,
            self.unset,
        ):
            self.picked.body.addWidget(part)

    def _build_run(self) -> None:
        self.running = Card(t("Bỏ dữ liệu quá hạn"))
        self.past = WrappedFact(t("Quá hạn lúc này"))
        self.last = WrappedFact(t("Lần bỏ gần nhất"))
        told = t("Chương trình tự làm mỗi ngày một lần khi mở. Hồ sơ, sổ và nhật ký không bao giờ tự mất.")
        self.now = Button(t("Bỏ ngay"), icon="clock")
        for part in (
            self.past,
            self.last,
            Label(told, Type.LABEL, tone=Tone.SECONDARY, wrap=True),
            self.now,
        ):
            self.running.body.addWidget(part)

    def load(self) -> None:
        """The table as a run would find it; nothing is changed."""
        desk, by = self.desk, self.by

        def read() -> _Now:
            return _Now(retention_table(desk, by), terms(desk).answer, last_run(desk))

        self.ask(read, self._show)

    def save(self) -> None:
        """The office's own term."""
        key = self.list.current_key() or ""
        if not self._settable(key):
            return
        typed = self.count.text().strip()
        if not (typed.isascii() and typed.isdigit() and len(typed) <= 4):
            self.wrong(self.count, t("Gõ một số từ 1 trở lên, ví dụ 12."))
            return
        desk, by, unit, basis = self.desk, self.by, self.unit.value() or "", self.basis.text()
        self.work(lambda: set_term(desk, by, key, int(typed), unit, basis), self._kept)

    def take_back(self) -> None:
        """Back to what the program ships."""
        desk, by, key = self.desk, self.by, self.list.current_key() or ""
        self.work(lambda: unset_term(desk, by, key), self._kept)

    def run_now(self) -> None:
        """What the list says is past goes now, a share at once."""
        desk, by = self.desk, self.by
        self.work(lambda: run_retention(desk, by), self._ran)

    def first(self) -> QWidget:
        """The table."""
        return self.list

    def _kept(self, _now: Terms) -> None:
        self.said(t("Đã lưu thời hạn."), t("Áp dụng từ lần bỏ dữ liệu sau; việc đã hẹn giữ nguyên."))
        self.load()

    def _ran(self, done: RetentionRun) -> None:
        self.said(
            t("Đã bỏ {count} mục quá hạn.").format(count=done.removed)
            if done.removed
            else t("Không có gì quá hạn."),
            t("Còn {count} mục, bỏ ở lần sau.").format(count=sum(done.left.values())) if done.left else "",
        )
        self.load()

    def _show(self, now: _Now) -> None:
        self._lines = {line.kept.id: line for line in now.lines}
        self._answers = {term.id: term for term in now.answers}
        kept = self.list.current_key()
        rows = [RowItem("", t("Giữ bao lâu"), heading=True), *map(_kept_row, now.lines)]
        rows += [
            RowItem("", t("Trả lời công dân trong bao lâu"), heading=True),
            *map(_answer_row, now.answers),
        ]
        self.list.set_items(rows)
        chosen = kept if kept in (*self._lines, *self._answers) else now.lines[0].kept.id
        self.list.set_current(chosen)
        self._pick(chosen or "")
        count = sum(line.past for line in now.lines)
        self.past.set_value(t("{count} mục").format(count=count))
        self.now.setEnabled(count > 0)
        self.last.set_value(_last_words(now.last))

    def _settable(self, key: str) -> bool:
        line = self._lines.get(key)
        return key in self._answers or (line is not None and line.kept.how is How.RUN)

    def _pick(self, key: str) -> None:
        line = self._lines[key].kept if key in self._lines else self._answers.get(key)
        if line is None:
            return
        self.clear_errors()
        self.picked.set_title(line.name)
        self.what.setText(line.what if isinstance(line, Kept) else "")
        self.what.setVisible(isinstance(line, Kept))
        self.holds.set_value(_term_words(line.term, line.how if isinstance(line, Kept) else How.RUN))
        unsure = "" if line.checked or not line.basis else t(" Nên hỏi bộ phận pháp chế.")
        self.rests.setText(line.basis + unsure)
        self.rests.setVisible(bool(line.basis))
        for part in (self.count, self.unit, self.basis, self.keep):
            part.setVisible(self._settable(key))
        self.unset.setVisible(line.by_office)
        term = line.term or Term(12, Unit.MONTHS if isinstance(line, Kept) else Unit.WORKING_DAYS)
        self.count.set_text(str(term.count) if line.term else "")
        self.unit.set_value(term.unit.value)
        self.basis.set_text(line.basis if line.by_office else "")
        self._inner.settle_soon()


def _kept_row(line: RetentionLine) -> RowItem:
    kept = line.kept
    state = stopped("") if kept.how is How.NEVER else ready("") if kept.term else near("")
    if line.past:
        state = near("")
    right = t("{count} quá hạn").format(count=line.past) if line.past else _term_words(kept.term, kept.how)
    return RowItem(kept.id, kept.name, kept.what, right=right, state=state)


def _answer_row(line: AnswerTerm) -> RowItem:
    state = ready("") if line.term else near("")
    return RowItem(line.id, line.name, line.basis, right=_term_words(line.term, How.RUN), state=state)


def _term_words(term: Term | None, how: How) -> str:
    if how is How.NEVER:
        return t("không tự mất")
    return term.words if term is not None else t("chưa đặt")


def _last_words(last: RetentionRun | None) -> str:
    if last is None:
        return t("chưa lần nào")
    return t("{at}, {count} mục").format(
        at=f"{last.at.astimezone(VIETNAM):%H:%M %d/%m/%Y}", count=last.removed
    )
