"""Term, fee, result, legal basis, source: what an officer is asked about a procedure."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.domain.catalogue import ProcedureVersion
from app.text import t
from app.ui.procedures.words import fee_lines, fee_notes, source_lines, term_lines
from app.ui.widgets import AmountRow, Card, Label, Tone, Type, px

_WIDEST_LAW = 18


class FactsCard(Card):
    """The same sections in the same order for every procedure."""

    def __init__(self) -> None:
        super().__init__()
        self._inner: QWidget | None = None

    def set_procedure(self, version: ProcedureVersion) -> None:
        """Shows another procedure."""
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(2))
        first, *more = term_lines(version)
        _section(column, t("Thời hạn"), first, more)
        _fees(column, version)
        _section(column, t("Kết quả"), version.result_name or t("chưa có trong danh mục"))
        if version.note:
            _section(column, t("Lưu ý"), version.note)
        _laws(column, version.legal_basis)
        _section(column, t("Nguồn"), "", source_lines(version))
        column.addStretch(1)
        if self._inner is not None:
            self.body.removeWidget(self._inner)
            self._inner.setParent(None)
            self._inner.deleteLater()
        self._inner = inner
        self.body.addWidget(inner, 1)


def _section(column: QVBoxLayout, title: str, strong: str, more: Sequence[str] = ()) -> None:
    _heading(column, title)
    if strong:
        column.addWidget(Label(strong, wrap=True))
    for words in more:
        column.addWidget(Label(words, Type.LABEL, tone=Tone.SECONDARY, wrap=True))


def _laws(column: QVBoxLayout, numbers: Sequence[str]) -> None:
    """Numbers of laws in two columns, so that none is broken at its hyphen."""
    if any(len(number) > _WIDEST_LAW for number in numbers) or not numbers:
        _section(column, t("Căn cứ"), "", numbers or [t("Chưa có trong danh mục.")])
        return
    _heading(column, t("Căn cứ"))
    grid = QGridLayout()
    grid.setVerticalSpacing(0)
    half = (len(numbers) + 1) // 2
    for place, number in enumerate(numbers):
        grid.addWidget(Label(number, Type.LABEL, tone=Tone.SECONDARY), place % half, place // half)
    column.addLayout(grid)


def _fees(column: QVBoxLayout, version: ProcedureVersion) -> None:
    _heading(column, t("Phí, lệ phí"))
    for name, amount in fee_lines(version):
        if len(amount) > 12:
            column.addWidget(Label(f"{name}: {amount}", wrap=True))
        else:
            column.addWidget(AmountRow(name, amount))
    for words in fee_notes(version):
        column.addWidget(Label(words, Type.LABEL, tone=Tone.SECONDARY, wrap=True))


def _heading(column: QVBoxLayout, title: str) -> None:
    if column.count():
        column.addSpacing(px(8))
    column.addWidget(Label(title, Type.LABEL, tone=Tone.SECONDARY, semibold=True))
