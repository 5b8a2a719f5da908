"""The citizen's paper beside the province's proposal; which one holds is the officer's word alone (I17)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout

from app.services.from_province.proposals import OpenProposal
from app.text import t
from app.ui.sync_status.compare import CompareRow, CompareTable
from app.ui.widgets import Button, Card, Kind, Label, Tone, Type, px
from app.ui.wire_words import field_words, value_words

_SAFE = t("Phiếu đã giao cho công dân, máy không tự đổi: đang giữ theo phiếu.")
_BY_ACT = t("Chỗ này không nhận thẳng vào hồ sơ được: mở hồ sơ làm việc tương ứng, hoặc giữ theo phiếu.")


class ProposalCard(Card):
    """One dossier's proposals. ``keep`` and ``take``: decide on all of them; ``open``: the dossier."""

    def __init__(self) -> None:
        super().__init__(t("Tỉnh đề xuất khác"))
        self.dossier_id = ""
        self.shown: tuple[OpenProposal, ...] = ()
        self._narrow = False
        self._about = Label("", Type.TABLE, semibold=True, wrap=True)
        self._safe = Label(_SAFE, Type.TABLE, tone=Tone.SECONDARY, wrap=True)
        self.table = CompareTable(name=t("Tỉnh đề xuất khác"))
        self.keep = Button(t("Giữ theo phiếu"), Kind.TINTED)
        self.take = Button(t("Nhận theo tỉnh, in lại phiếu"), icon="printer")
        self.open = Button(t("Mở hồ sơ"), icon="folder")
        self._hint = Label(_BY_ACT, Type.LABEL, tone=Tone.SECONDARY, wrap=True)
        self.body.addWidget(self._about)
        self.body.addWidget(self._safe)
        self.full.addWidget(self.table)
        acts = QHBoxLayout()
        acts.setSpacing(px(8))
        for button in (self.keep, self.take):
            acts.addWidget(button)
        acts.addStretch(1)
        self.foot.addWidget(self._hint)
        self.foot.addLayout(acts)
        self.foot.addWidget(self.open, 0, Qt.AlignmentFlag.AlignLeft)
        self.hide()

    def set_proposals(self, proposals: Sequence[OpenProposal], *, picked: bool) -> None:
        """Those of one dossier; none hides the card. ``picked``: its row is the one picked in the list."""
        self.shown = tuple(proposals)
        self.setVisible(bool(proposals))
        if not proposals:
            return
        self.open.set_cap("Enter" if picked else "")
        first = proposals[0]
        self.dossier_id = first.dossier_id
        self._about.setText(f"{first.owner_name} – {first.procedure_name}")
        self._fill()
        takeable = all(each.acceptable for each in proposals)
        self.take.setVisible(takeable)
        self._hint.setVisible(not takeable)

    def set_narrow(self, narrow: bool) -> None:
        """Only what differs."""
        self._narrow = narrow
        self._fill()

    def _fill(self) -> None:
        same = [] if self._narrow else _same(self.shown)
        self.table.set_rows([*(_row(each) for each in self.shown), *same])

    def set_busy(self, busy: bool) -> None:
        """While the decision is being written."""
        self.keep.setEnabled(not busy)
        self.take.setEnabled(not busy)


def _row(each: OpenProposal) -> CompareRow:
    ours, theirs = value_words(each.field, each.ours), value_words(each.field, each.theirs)
    return CompareRow(field_words(each.field), ours, theirs, differs=True)


def _same(proposals: Sequence[OpenProposal]) -> list[CompareRow]:
    """The number, where it is not itself what differs: so that it is seen which paper is meant."""
    if not proposals or any(each.field == "/code" for each in proposals):
        return []
    number = proposals[0].number
    return [CompareRow(field_words("/code"), number, number, differs=False)]
