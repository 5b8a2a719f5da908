"""Chờ in: Enter prints the picked paper, Ctrl+P all of them, Delete takes off what nobody needs on paper."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.errors import AppError, CircumstanceError
from app.services.papers.slips import kept_paper, note_printed
from app.services.papers.waiting_prints import WaitingPaper, need_no_paper, waiting_papers
from app.text import t
from app.ui.background import DOSSIERS
from app.ui.screen import Context, KeyAct, Screen
from app.ui.waiting_prints.words import count_words, job_title, row_of
from app.ui.widgets import (
    ActionBar,
    Button,
    Card,
    Drawing,
    EmptyState,
    Kind,
    Notice,
    NoticeKind,
    RowList,
    Size,
    px,
)


class WaitingPrintsScreen(Screen):
    """The papers go to the printer one after the other; the first that fails stops the others, all kept."""

    name = "prints"
    title = t("Chờ in")

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._papers: dict[str, WaitingPaper] = {}
        self._queue: list[WaitingPaper] = []
        self._printed = 0
        self.news = Notice(NoticeKind.OK, "")
        self.news.hide()
        self.list = RowList(name=t("Bản in còn chờ"), lines=True)
        self.card = Card(t("Bản in còn chờ"))
        self.card.full.addWidget(self.list)
        self.empty = EmptyState(
            t("Không còn bản in nào chờ"),
            t("Giấy tờ mà máy in chưa nhận được giữ ở đây để in lại đúng như cũ."),
            drawing=Drawing.DONE,
        )
        self.drop = Button(t("Không cần in nữa"), cap="Delete", size=Size.BIG)
        self.one = Button(t("In tờ này"), cap="Enter", size=Size.BIG)
        self.all = Button(t("In tất cả"), Kind.PRIMARY, icon="printer", cap="Ctrl+P", size=Size.BIG)
        self.bar = ActionBar()
        for button in (self.drop, self.one, self.all):
            self.bar.add_button(button)
        self._build()
        self.list.opened.connect(lambda _key: self.print_picked())
        self.drop.clicked.connect(self.drop_picked)
        self.one.clicked.connect(self.print_picked)
        self.all.clicked.connect(self.print_all)

    def _build(self) -> None:
        self._inner = QVBoxLayout()
        self._inner.addWidget(self.news)
        self._inner.addWidget(self.card, 1)
        self._inner.addWidget(self.empty, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addLayout(self._inner, 1)
        outer.addWidget(self.bar)
        self.restyle()

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        self._inner.setContentsMargins(px(16), px(12), px(16), px(12))
        self._inner.setSpacing(px(12))

    def shown(self, argument: object) -> None:
        """What waits at this moment."""
        self.news.hide()
        self.load()

    def reload(self, kinds: frozenset[str]) -> None:
        """A paper was made or printed elsewhere."""
        if DOSSIERS in kinds:
            self.load()

    def keys(self) -> tuple[KeyAct, ...]:
        """Ctrl+P prints all."""
        return (KeyAct("Ctrl+P", self.print_all, t("In tất cả bản in còn chờ")),)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.drop_picked()
            return
        super().keyPressEvent(event)

    def first_focus(self) -> QWidget | None:
        """The list."""
        return self.list

    def load(self) -> None:
        """Asks the worker for the list."""
        desk, by = self.context.runtime.desk, self.context.officer
        self.context.background.run(
            lambda: waiting_papers(desk, by), self._show, self._failed, owner=self, latest="waiting-prints"
        )

    def print_picked(self) -> None:
        """The paper under the cursor goes to the printer."""
        paper = self._papers.get(self.list.current_key() or "")
        if paper is not None:
            self._begin([paper])

    def print_all(self) -> None:
        """Every paper, the oldest first."""
        self._begin(list(self._papers.values()))

    def drop_picked(self) -> None:
        """The paper under the cursor is no longer needed on paper; its PDF stays."""
        paper = self._papers.get(self.list.current_key() or "")
        if paper is None or self._queue:
            return
        desk, by, job_id = self.context.runtime.desk, self.context.officer, paper.job_id
        self.context.background.run(
            lambda: need_no_paper(desk, by, job_id),
            lambda _done: self._say(
                NoticeKind.OK, t("Đã bỏ khỏi danh sách."), t("Bản in vẫn giữ trong hồ sơ.")
            ),
            self._failed,
            owner=self,
            changes=frozenset({DOSSIERS}),
        )

    # ---- inside

    def _show(self, papers: tuple[WaitingPaper, ...]) -> None:
        self._papers = {str(paper.job_id): paper for paper in papers}
        picked = self.list.current_key()
        self.list.set_items([row_of(paper) for paper in papers])
        first = next(iter(self._papers), None)
        self.list.set_current(picked if picked in self._papers else first)
        self.card.setVisible(bool(papers))
        self.empty.setVisible(not papers)
        self._offer()
        self.subtitle_changed.emit(count_words(len(papers)))

    def _offer(self) -> None:
        for button in (self.drop, self.one, self.all):
            button.setEnabled(bool(self._papers) and not self._queue)

    def _begin(self, papers: list[WaitingPaper]) -> None:
        if papers and not self._queue:
            self._queue, self._printed = papers, 0
            self.news.hide()
            self._offer()
            self._next()

    def _next(self) -> None:
        paper = self._queue[0]
        desk, by = self.context.runtime.desk, self.context.officer
        self.bar.set_idle(t("Đang in {paper}…").format(paper=job_title(paper)))
        self.context.background.run(
            lambda: kept_paper(desk, by, paper.job_id),
            lambda pdf: self._send(paper, pdf),
            self._stop,
            owner=self,
        )

    def _send(self, paper: WaitingPaper, pdf: bytes) -> None:
        self.context.printer.print_pdf(
            pdf, job_title(paper), lambda queue: self._came_out(paper, queue), self._stop
        )

    def _came_out(self, paper: WaitingPaper, queue: str) -> None:
        desk, by = self.context.runtime.desk, self.context.officer
        self.context.background.run(
            lambda: note_printed(desk, by, paper.job_id, queue, ok=True),
            lambda _done: self._noted(),
            self._stop,
            owner=self,
            changes=frozenset({DOSSIERS}),
        )

    def _noted(self) -> None:
        self._printed += 1
        self._queue.pop(0)
        if self._queue:
            self._next()
            return
        self._end()
        self._say(NoticeKind.OK, t("Đã in {count} bản.").format(count=self._printed), "")

    def _stop(self, error: AppError | CircumstanceError) -> None:
        self._end()
        rest = t("Các bản in vẫn giữ ở đây. Bật máy in rồi in lại.")
        self._say(NoticeKind.WARN, error.title, rest)

    def _end(self) -> None:
        self._queue = []
        self.bar.set_idle("")
        self._offer()
        self.load()

    def _failed(self, error: AppError) -> None:
        self._say(NoticeKind.WARN, error.title, error.next_step)

    def _say(self, kind: NoticeKind, title: str, body: str) -> None:
        self.news.set_notice(kind, title, body)
        self.news.show()
