"""The empty counter: an invitation, the search field, drafts to reopen, who was just received."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.clock import VIETNAM
from app.services.drafts import Draft
from app.services.finding.grid import GridRow
from app.services.finding.search import Hit
from app.text import t
from app.ui.reception.form import form_of
from app.ui.widgets import (
    Button,
    Card,
    Choice,
    EmptyState,
    NoticeKind,
    NoticeLine,
    RowItem,
    RowList,
    ScrollColumn,
    SearchField,
    WayOn,
    px,
)

_MOST_DRAFTS = 2
WIDTH = 360


class StartPage(QWidget):
    """``hand_asked()`` types a person; ``draft_asked(id)``, ``dossier_asked(id)``, ``reprint_asked()``;
    ``more_asked()`` one more dossier of the citizen just served;
    ``search_asked(text)`` wants answers by ``offer``."""

    hand_asked = Signal()
    draft_asked = Signal(str)
    dossier_asked = Signal(str)
    reprint_asked = Signal()
    more_asked = Signal()
    search_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._narrow = False
        self.said = NoticeLine("", kind=NoticeKind.OK)
        self.said.setVisible(False)
        self.state = EmptyState(
            t("Mời công dân đưa thẻ căn cước"),
            t("Quét mã QR trên thẻ. Con trỏ ở đâu cũng nhận. Hoặc gõ để tìm:"),
        )
        self.search = SearchField(
            "",
            self._ask,
            placeholder=t("Tên, số định danh, số điện thoại hoặc số hồ sơ"),
            height=48,
            pause_ms=120,
        )
        self.state.set_field(self.search)
        self._hand = self.state.add_way(
            t("Nhập tay khi không có thẻ"), t("Họ tên, ngày sinh, nơi cư trú"), cap="F2"
        )
        self._drafts: list[WayOn] = []
        self._recent_card = Card(t("Vừa tiếp nhận"))
        self._recent = RowList([], name=t("Vừa tiếp nhận"), lines=True)
        self._reprint = Button(t("In lại phiếu cuối"), cap="Ctrl+P")
        self._reprint.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._build()
        self._hand.clicked.connect(self.hand_asked)
        self.search.chosen.connect(self._on_found)
        self._recent.opened.connect(self.dossier_asked)
        self.said.link.clicked.connect(self.more_asked)
        self._reprint.clicked.connect(self.reprint_asked)
        self.restyle()

    def set_narrow(self, narrow: bool) -> None:
        """Only the invitation in a small window."""
        self._narrow = narrow
        self._hand.set_words(
            t("Nhập tay khi không có thẻ"), "" if narrow else t("Họ tên, ngày sinh, nơi cư trú")
        )
        self._recent_card.setVisible(not narrow and bool(self._recent.items()))
        self.state.set_words(
            t("Mời công dân đưa thẻ căn cước"),
            "" if narrow else t("Quét mã QR trên thẻ. Con trỏ ở đâu cũng nhận. Hoặc gõ để tìm:"),
        )

    def restyle(self) -> None:
        """Takes the width of the look now worn."""
        self._recent_card.setFixedWidth(px(WIDTH))

    def clear(self) -> None:
        """Nothing searched, nothing said."""
        self.search.clear()
        self.say("")

    def say(self, strong: str, words: str = "", *, more: bool = False) -> None:
        """A line above all: what has just been done; "" takes it away. ``more``: he may have more."""
        self.said.setVisible(bool(strong))
        self.said.set_words(strong, words, t("Thêm hồ sơ cho người này (Ctrl+N)") if more else "")

    def show_drafts(self, drafts: Sequence[Draft], procedure_words: Mapping[str, str]) -> None:
        """The drafts to reopen, the last one first."""
        for way in self._drafts:
            self.state.ways.removeWidget(way)
            way.hide()  # a part shown later than it is taken out would flash as a window
            way.deleteLater()
        self._drafts = []
        for draft in drafts[: 1 if self._narrow else _MOST_DRAFTS]:
            form = form_of(draft.body)
            name = form.person.name or form.owner.name or t("chưa có tên")
            when = draft.saved_at.astimezone(VIETNAM)
            title = t("Mở lại bản nháp {when:%H:%M} – {name}").format(when=when, name=name)
            what = procedure_words.get(form.procedure) or t("Chưa chọn thủ tục")
            way = self.state.add_way(title, what, icon="save")
            way.clicked.connect(lambda _on=False, key=draft.id: self.draft_asked.emit(key))
            self._drafts.append(way)

    def show_recent(self, rows: Sequence[GridRow], count: int, *, can_reprint: bool) -> None:
        """Who was received today, the last first."""
        items = [
            RowItem(
                row.id,
                row.owner_name,
                f"{row.procedure_name} · {row.number}",
                f"{row.received_at.astimezone(VIETNAM):%H:%M}",
                strong=True,
            )
            for row in rows
        ]
        self._recent.set_items(items)
        self._recent_card.set_hint(t("{count} lượt hôm nay").format(count=count))
        self._recent_card.setVisible(bool(items) and not self._narrow)
        self._reprint.setVisible(can_reprint)

    def offer(self, hits: Sequence[Hit]) -> None:
        """Dossiers that fit what is typed."""
        self.search.offer([Choice(h.id, h.name, f"{h.procedure_name[:40]} · {h.number}") for h in hits])

    def _ask(self, text: str) -> None:
        self.search_asked.emit(text)

    def _on_found(self, key: str) -> None:
        self.search.clear()
        self.dossier_asked.emit(key)

    def _build(self) -> None:
        self._recent_card.full.addWidget(self._recent)
        self._recent_card.foot.addWidget(self._reprint)
        self._recent_card.setVisible(False)
        self._reprint.setVisible(False)
        across = QHBoxLayout()
        across.setSpacing(px(12))
        across.addWidget(ScrollColumn(self.state), 1)
        across.addWidget(self._recent_card)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(12))
        column.addWidget(self.said)
        column.addLayout(across, 1)
