"""The citizen's paper beside the province's proposal; the machine changes nothing by itself (I17)."""

from __future__ import annotations

from collections.abc import Sequence

from app.services.proposals import OpenProposal
from app.text import t
from app.ui.widgets import (
    Button,
    Card,
    Column,
    ColumnKind,
    DataTable,
    Kind,
    Label,
    State,
    Tone,
    Type,
    near,
    px,
)
from app.ui.wire_words import field_words, value_words

_COLUMNS = (
    Column("what", "", ColumnKind.MUTED, sortable=False),
    Column("paper", t("Phiếu công dân đang cầm"), ColumnKind.STRONG, width=160, stretch=True, sortable=False),
    Column("province", t("Tỉnh đề xuất"), ColumnKind.STRONG, width=160, stretch=True, sortable=False),
    Column("note", "", ColumnKind.STATE, sortable=False),
)


class ProposalCard(Card):
    """One dossier's proposals. ``open``: the dossier."""

    def __init__(self) -> None:
        super().__init__(t("Tỉnh đề xuất khác"))
        self.dossier_id = ""
        self._safe = Label(
            t("Phiếu đã giao cho công dân, máy không tự đổi: đang giữ theo phiếu."),
            Type.TABLE,
            tone=Tone.SECONDARY,
            wrap=True,
        )
        self.table = DataTable(_COLUMNS, name=t("Tỉnh đề xuất khác"), row_height=34)
        self.open = Button(t("Mở hồ sơ"), icon="folder")
        later = t("Nhận theo tỉnh rồi in lại phiếu sẽ có ở bản sau.")
        self.body.addWidget(self._safe)
        self.full.addWidget(self.table)
        self.foot.addWidget(Label(later, Type.LABEL, tone=Tone.SECONDARY, wrap=True))
        self.foot.addWidget(self.open)
        self.hide()

    def set_proposals(self, proposals: Sequence[OpenProposal], *, picked: bool) -> None:
        """Those of one dossier; none hides the card. ``picked``: its row is the one picked in the list."""
        self.setVisible(bool(proposals))
        if not proposals:
            return
        self.open.set_kind(Kind.PRIMARY if picked else Kind.NORMAL)
        self.open.set_cap("Enter" if picked else "")
        first = proposals[0]
        self.dossier_id = first.dossier_id
        self.set_hint(f"{first.owner_name} – {first.procedure_name}")
        self.table.set_rows([_row(each) for each in proposals])
        head = self.table.horizontalHeader().sizeHint().height()
        self.table.setFixedHeight(head + len(proposals) * px(36) + px(4))


def _row(each: OpenProposal) -> tuple[str, str, str, State]:
    ours, theirs = value_words(each.field, each.ours), value_words(each.field, each.theirs)
    return field_words(each.field), ours, theirs, near(t("khác"))
