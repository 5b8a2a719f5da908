"""The papers that were handed in."""

from __future__ import annotations

from collections.abc import Sequence

from app.services.finding.dossier_detail import ComponentView
from app.services.papers.slip_words import copy_kind_words
from app.text import t
from app.ui.widgets import Card, Column, DataTable

_COLUMNS = (
    Column("paper", t("Giấy tờ"), width=160, stretch=True, sortable=False),
    Column("kind", t("Loại"), sortable=False),
)


class PapersCard(Card):
    """A row a paper, numbered as on the slip."""

    def __init__(self) -> None:
        super().__init__(t("Giấy tờ đã nhận"))
        self.table = DataTable(_COLUMNS, name=t("Giấy tờ đã nhận"), row_height=34)
        self.full.addWidget(self.table, 1)

    def set_papers(self, papers: Sequence[ComponentView]) -> None:
        """Shows the papers of a dossier."""
        self.table.set_rows(
            [(f"{place}  {paper.name}", _kind(paper)) for place, paper in enumerate(papers, start=1)],
            [paper.id for paper in papers],
        )
        self.set_hint(t("{count} giấy tờ").format(count=len(papers)))


def _kind(paper: ComponentView) -> str:
    if paper.from_national_store:
        return t("Lấy từ CSDL")
    if paper.reuse != "none":
        return t("Đã có")
    kind = copy_kind_words(paper.copy_kind, paper.presented_only)
    return kind if paper.presented_only else f"{kind} · {paper.quantity}"
