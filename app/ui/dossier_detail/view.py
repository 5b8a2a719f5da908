"""The layout of the dossier: summary above; story, papers, acts below."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtWidgets import (
    QBoxLayout,
    QGridLayout,
    QHBoxLayout,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain.dossier_status import Status
from app.errors import AppError
from app.services.finding.dossier_detail import DossierDetail
from app.text import t
from app.ui.dossier_detail.act_form import ActForm
from app.ui.dossier_detail.acts import ActsCard, Neighbours, WhyNot
from app.ui.dossier_detail.citizen import CitizenCard
from app.ui.dossier_detail.loading import Loaded
from app.ui.dossier_detail.offers import Offers
from app.ui.dossier_detail.paper_view import PaperView
from app.ui.dossier_detail.papers import PapersCard
from app.ui.dossier_detail.prints import PrintsCard
from app.ui.dossier_detail.proposals import ProposalsCard
from app.ui.dossier_detail.story import entries_of
from app.ui.dossier_detail.summary import Summary
from app.ui.settled import SettledColumn
from app.ui.widgets import Card, Notice, NoticeKind, ScrollColumn, Timeline, px

_STORY, _STORY_NARROW, _SIDE = 360, 300, 288
_PRINTS_PLACE = 3
"""After the acts in a narrow window, below the papers in a wide one: the fourth part of either column."""


class DossierView:
    """Every part of the screen; built into ``holder``."""

    def __init__(self, holder: QWidget, parse_day: Callable[[str], date]) -> None:
        self.summary, self.papers = Summary(), PapersCard()
        self.proposals, self.citizen = ProposalsCard(), CitizenCard()
        self.acts, self.why, self.prints = ActsCard(), WhyNot(), PrintsCard()
        self.form = ActForm(parse_day)
        self.form.hide()
        self.paper = PaperView()
        self.news = Notice(NoticeKind.OK, "")
        self.news.hide()
        self.timeline = Timeline()
        self.story = Card(t("Diễn biến"))
        self.story.body.addWidget(ScrollColumn(self.timeline), 1)
        self.neighbours = Neighbours()
        self.story.foot.addWidget(self.neighbours)
        self._narrow = False
        self._build(holder)
        self.show_nothing()
        self.restyle()

    def _build(self, holder: QWidget) -> None:
        self._middle, self._side = QWidget(), SettledColumn()
        self._middle_box, self._side_box = QVBoxLayout(self._middle), QVBoxLayout(self._side)
        self._middle_box.addWidget(self.proposals)
        self._middle_box.addWidget(self.papers, 1)
        self._middle_box.addWidget(self.citizen)
        for part in (self.form, self.acts, self.why):
            self._side_box.addWidget(part)
        self._side_box.addStretch(1)
        inner = QWidget()
        self._columns = QBoxLayout(QBoxLayout.Direction.RightToLeft, inner)
        self._columns.addWidget(self._side)
        self._columns.addWidget(self._middle, 1)
        self.scroll = ScrollColumn(inner)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.scroll)
        self._stack.addWidget(self.paper)
        self.paper.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self._lower = QHBoxLayout()
        self._lower.addWidget(self.story)
        self._lower.addWidget(self._stack, 1)
        self._page = QGridLayout(holder)
        self._page.addWidget(self.summary, 0, 0)
        self._page.addWidget(self.news, 1, 0)
        self._page.addLayout(self._lower, 2, 0)
        self._page.setRowStretch(2, 1)
        for box in (self._middle_box, self._side_box, self._columns):
            box.setContentsMargins(0, 0, 0, 0)

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        self._page.setContentsMargins(px(16), px(12), px(16), px(12))
        for box in (self._middle_box, self._side_box, self._columns, self._lower):
            box.setSpacing(px(12))
        self._page.setSpacing(px(12))
        self.set_narrow(self._narrow)

    def set_narrow(self, narrow: bool) -> None:
        """One scrolling column beside the story, its acts first."""
        self._narrow = narrow
        direction = QBoxLayout.Direction
        box = self._side_box if narrow else self._middle_box
        if box.indexOf(self.prints) < 0:
            box.insertWidget(_PRINTS_PLACE, self.prints)
        self._columns.setDirection(direction.TopToBottom if narrow else direction.RightToLeft)
        self.story.setFixedWidth(px(_STORY_NARROW if narrow else _STORY))
        self._side.setMinimumWidth(0 if narrow else px(_SIDE))
        self._side.setMaximumWidth(1 << 20 if narrow else px(_SIDE))
        self.papers.setMinimumHeight(px(190) if narrow else px(130))
        self.summary.set_narrow(narrow)
        self.form.set_narrow(narrow)

    def show_dossier(self, loaded: Loaded) -> None:
        """Shows a dossier."""
        dossier: DossierDetail = loaded.dossier
        self.summary.set_dossier(dossier)
        self.timeline.set_entries(entries_of(dossier, loaded.now))
        self.papers.set_papers(dossier.components)
        self.citizen.set_dossier(dossier)
        self.proposals.set_proposals(dossier.proposals)
        self.acts.set_offers(loaded.offers, dossier.status)
        self.why.set_why(loaded.offers.why)
        self.why.setVisible(loaded.offers.why is not None and self.form.isHidden())
        self.prints.set_dossier(dossier, loaded.now)
        opening = loaded.opening
        self.acts.set_back(opening.back)
        self.neighbours.set_place(opening.place, len(opening.numbers))

    def show_nothing(self) -> None:
        """A dossier that could not be opened offers no act."""
        self.acts.set_offers(Offers(None, (), None), Status.RETURNED)
        self.why.hide()

    def show_form(self, shown: bool, *, why: bool) -> None:
        """The form of an act in place of the acts, or those again; ``why``: whether one is held back."""
        self.form.setVisible(shown)
        self.acts.setVisible(not shown)
        self.why.setVisible(why and not shown)
        self._side.settle_soon()

    def show_paper(self, shown: bool) -> None:
        """The sheet in place of papers and acts, or those again."""
        self._stack.setCurrentWidget(self.paper if shown else self.scroll)

    def shows_paper(self) -> bool:
        """Whether the sheet is in sight."""
        return self._stack.currentWidget() is self.paper

    def tell(self, kind: NoticeKind, title: str, body: str = "") -> None:
        """A calm line under the summary."""
        self.news.set_notice(kind, title, body)
        self.news.show()

    def say_failure(self, error: AppError) -> None:
        """What did not work and what next."""
        self.tell(NoticeKind.WARN, error.title, error.next_step)
