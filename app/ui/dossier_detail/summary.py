"""Whose dossier, which procedure, where it stands: the line every officer looks at first."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.clock import VIETNAM
from app.domain.deadline_words import weekday_words
from app.domain.phone import display_phone
from app.services.finding.dossier_detail import DossierDetail
from app.services.finding.row_state import StateKind, due_column
from app.text import t
from app.ui.dossiers.states import state_of, sync_state
from app.ui.widgets import (
    Card,
    Divider,
    Fact,
    Label,
    State,
    StateBadge,
    StateText,
    Tone,
    Type,
    late,
    near,
    px,
    ready,
    under_way,
)


class Summary(Card):
    """Name, procedure and numbers at left; state, due date, time left and the province at right."""

    def __init__(self) -> None:
        super().__init__()
        self._name = Label("", Type.TITLE, semibold=True)
        self._procedure = Label("", Type.SECTION, elide=True)
        self._numbers = Label("", Type.TABLE, tone=Tone.SECONDARY, elide=True)
        self._badge = StateBadge(under_way(t("Đang mở")))
        self._due = Fact(t("Hẹn trả"), semibold=True)
        self._left = StateText(ready(""), role=Type.BODY, semibold=True)
        self._sync = StateText(ready(""), role=Type.BODY, semibold=True)
        self._left_part = _part(t("Còn lại"), self._left)
        self._sync_part = _part(t("Gửi tỉnh"), self._sync)
        self._divider = Divider(upright=True)
        self._first, self._words, self._row = QHBoxLayout(), QVBoxLayout(), QHBoxLayout()
        self._first.addWidget(self._name)
        self._first.addWidget(self._procedure, 1)
        self._words.addLayout(self._first)
        self._words.addWidget(self._numbers)
        self._row.addLayout(self._words, 1)
        for part in (self._badge, self._divider, self._due, self._left_part, self._sync_part):
            self._row.addWidget(part)
        self.body.addLayout(self._row)
        self.restyle()

    def set_dossier(self, dossier: DossierDetail) -> None:
        """Shows a dossier."""
        self._name.setText(dossier.owner.name)
        self._procedure.setText(dossier.procedure_name)
        self._numbers.setText("     ".join(_numbers(dossier)))
        self._badge.set_state(state_of(dossier.state))
        self._due.set_value(due_short(dossier))
        self._left_part.setVisible(bool(dossier.left))
        if dossier.left:
            self._left.set_state(_left_state(dossier))
        self._sync.set_state(sync_state(dossier.sync))
        self.setAccessibleName(f"{dossier.owner.name}, {dossier.procedure_name}")

    def set_narrow(self, narrow: bool) -> None:
        """A narrow window keeps name, state and due date."""
        self._left_part.setMaximumWidth(0 if narrow else 1 << 20)
        for part in (self._divider, self._sync_part):
            part.setVisible(not narrow)

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        super().restyle()
        if hasattr(self, "_row"):
            self._row.setSpacing(px(16))
            self._first.setSpacing(px(12))
            self._words.setSpacing(px(2))


def due_short(dossier: DossierDetail) -> str:
    """``Thứ Tư 25/11 · 17:00``; why there is none where there is none."""
    words = due_column(dossier.status, dossier.due_at)
    if words or dossier.due_at is None:
        return words
    local = dossier.due_at.astimezone(VIETNAM)
    weekday = weekday_words(local.date())
    return f"{weekday[0].upper()}{weekday[1:]} {local:%d/%m} · {local:%H:%M}"


def _numbers(dossier: DossierDetail) -> list[str]:
    parts = [dossier.number]
    if not dossier.provisional and dossier.provisional_number:
        parts.append(t("Biên nhận tạm {number}").format(number=dossier.provisional_number))
    if dossier.owner.phone:
        parts.append(display_phone(dossier.owner.phone))
    return parts


def _left_state(dossier: DossierDetail) -> State:
    words = dossier.left.removeprefix(t("Còn") + " ")
    if dossier.state.kind is StateKind.LATE:
        return late(dossier.left)
    return near(words) if dossier.state.kind is StateKind.NEAR else ready(words)


def _part(label: str, value: QWidget) -> QWidget:
    holder = QWidget()
    box = QVBoxLayout(holder)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(0)
    box.addWidget(Label(label, Type.LABEL, tone=Tone.SECONDARY))
    box.addWidget(value)
    return holder
