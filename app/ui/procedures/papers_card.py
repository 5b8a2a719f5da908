"""The papers of a procedure, group by group."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.catalogue import Detail, ProcedureVersion
from app.text import t
from app.ui.procedures.words import PaperGroup, PaperRow, paper_groups
from app.ui.widgets import Card, Divider, Label, Tone, Type, px


class PapersCard(Card):
    """``set_procedure`` builds the groups anew; there are at most a dozen rows."""

    def __init__(self) -> None:
        super().__init__(t("Giấy tờ"))
        self._rows: QWidget | None = None

    def set_procedure(self, version: ProcedureVersion) -> None:
        """Shows the papers of another procedure."""
        groups = paper_groups(version)
        rows = QWidget()
        column = QVBoxLayout(rows)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(6))
        for place, group in enumerate(groups):
            if place:
                column.addWidget(Divider())
            _add_group(column, group)
        if not groups:
            column.addWidget(Label(_nothing(version), wrap=True))
        column.addStretch(1)
        if self._rows is not None:
            self.body.removeWidget(self._rows)
            self._rows.setParent(None)
            self._rows.deleteLater()
        self._rows = rows
        self.body.addWidget(rows, 1)
        count = sum(len(group.rows) for group in groups)
        self.set_hint(t("{n} loại").format(n=count) if count else "")


def _add_group(column: QVBoxLayout, group: PaperGroup) -> None:
    column.addWidget(Label(group.title, Type.LABEL, tone=Tone.SECONDARY, semibold=True))
    for row in group.rows:
        column.addWidget(_Row(row))


def _nothing(version: ProcedureVersion) -> str:
    if version.detail is Detail.INDEX:
        return t("Danh mục trên máy chưa có giấy tờ của thủ tục này. Khi tiếp nhận, cán bộ ghi từng loại.")
    return t("Danh mục không đòi giấy tờ nào.")


class _Row(QWidget):
    """Name over the reason, at right how it is handed in."""

    def __init__(self, row: PaperRow) -> None:
        super().__init__()
        across, words = QHBoxLayout(self), QVBoxLayout()
        across.setContentsMargins(0, 0, 0, px(2))
        across.setSpacing(px(12))
        words.setSpacing(0)
        words.addWidget(Label(row.name, wrap=True))
        if row.why:
            words.addWidget(Label(row.why, Type.LABEL, tone=Tone.SECONDARY, wrap=True))
        across.addLayout(words, 1)
        kind = Label(row.kind, Type.LABEL, tone=Tone.SECONDARY, right=True)
        across.addWidget(kind, 0, Qt.AlignmentFlag.AlignTop)
        self.setAccessibleName(", ".join(part for part in (row.name, row.kind, row.why) if part))
