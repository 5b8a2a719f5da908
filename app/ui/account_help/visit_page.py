"""A citizen is being helped: person and steps, what stands in the way, consent, the card."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.domain.account_help import OTP_WARNING, OTP_WARNING_DETAIL
from app.errors import AppError
from app.ui.account_help.consent_card import ConsentCard
from app.ui.account_help.next_card import NextCard
from app.ui.account_help.obstacles_card import ObstaclesCard
from app.ui.account_help.person_card import PersonCard
from app.ui.account_help.preview_card import PreviewCard
from app.ui.account_help.visit import Visit
from app.ui.settled import SettledColumn
from app.ui.widgets import Notice, NoticeKind, ParsedField, ScrollColumn, px

_PERSON = 280
_PREVIEW = 348
_ALONE = 560


class VisitPage(QWidget):
    """Three columns; narrow: one that scrolls, the card behind Ctrl+P."""

    def __init__(self, today: date) -> None:
        super().__init__()
        self.person, self.obstacles = PersonCard(), ObstaclesCard()
        self.next, self.consent, self.preview = NextCard(today), ConsentCard(), PreviewCard()
        self.warning = Notice(NoticeKind.WARN, OTP_WARNING, OTP_WARNING_DETAIL, icon="lock")
        self.news = Notice(NoticeKind.WARN, "")
        self.news.hide()
        self._narrow = False
        self._card_shown = False
        inner = SettledColumn()
        self._middle = QVBoxLayout(inner)
        self._middle.setContentsMargins(0, 0, 0, 0)
        for part in (self.news, self.warning, self.obstacles, self.next, self.consent):
            self._middle.addWidget(part)
        for card in (self.obstacles, self.next, self.consent):
            card.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self._middle.addStretch(1)
        self.column = ScrollColumn(inner)
        self._across = QHBoxLayout(self)
        self._across.addWidget(self.person)
        self._across.addWidget(self.column, 1)
        self._across.addWidget(self.preview)
        self.restyle()
        self._lay()

    def set_narrow(self, narrow: bool) -> None:
        """The person on one line above what scrolls."""
        if narrow != self._narrow:
            self._narrow, self._card_shown = narrow, False
            self._lay()

    def toggle_card(self) -> bool:
        """Narrow: the card in place of the fields, or away again; whether this layout has that."""
        if not self._narrow:
            return False
        self._card_shown = not self._card_shown
        self._lay()
        return True

    def shows_card_alone(self) -> bool:
        """Whether the card hides the fields."""
        return self._narrow and self._card_shown

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        self._across.setContentsMargins(px(16), px(12), px(16), px(12))
        self._across.setSpacing(px(12))
        self._middle.setSpacing(px(12))
        self._lay()

    def take_up(self, visit: Visit) -> None:
        """Another citizen: every field as the visit has it, errors and questions away."""
        self.clear_errors()
        self.consent.ask_withdrawal(None)
        self.obstacles.close_up()
        self.obstacles.note.set_text(visit.note)
        self.person.set_phone(visit.phone)
        self.next.set_day(visit.next_visit)

    def show_visit(self, visit: Visit, officer_name: str) -> None:
        """What follows from the fields: steps, chips, advice, consents."""
        self.person.set_visit(visit)
        self.obstacles.set_state(visit.outcome, visit.obstacles)
        self.next.set_visit(visit)
        self.consent.set_visit(visit, officer_name)

    def read(self, visit: Visit) -> Visit:
        """The visit with what stands in the fields now."""
        return replace(
            visit,
            phone=visit.kept_phone or self.person.phone.value() or "",
            obstacles=self.obstacles.chosen(),
            note=self.obstacles.note.text(),
            next_visit=self.next.day.value(),
            outcome=self.next.chosen(),
        )

    def can_be_read(self) -> bool:
        """Whether every typed field can be understood; the first that cannot gets the focus."""
        fields: list[ParsedField[Any]] = [self.next.day]
        fields += [self.person.phone] if self.person.phone.isVisibleTo(self) else []
        wrong = [field for field in fields if not field.read()]
        for field in wrong[:1]:
            field.setFocus()
            self.column.ensureWidgetVisible(field)
        return not wrong

    def to_consent(self) -> bool:
        """The focus to the first purpose not given; ``False`` when all are."""
        box = next((row.box for row in self.consent.rows.values() if not row.given()), None)
        if box is None:
            return False
        box.setFocus(Qt.FocusReason.TabFocusReason)
        self.column.ensureWidgetVisible(box)
        return True

    def from_the_top(self) -> None:
        """Another citizen: the fields from the first."""
        self.column.verticalScrollBar().setValue(0)

    def show_error(self, error: AppError) -> None:
        """Beside its field where it has one, else above the fields; nothing typed is lost."""
        sentence = f"{error.title} {error.next_step}".strip()
        beside = {
            "note": self.obstacles.note,
            "next": self.next.day,
            "phone": self.person.phone,
            "state": self.next.outcome,
        }.get(error.field or "")
        if beside is None or (beside is self.person.phone and not beside.isVisibleTo(self)):
            self.news.set_notice(NoticeKind.WARN, error.title, error.next_step)
            self.news.show()
            self.column.verticalScrollBar().setValue(0)
            return
        if beside is self.obstacles.note:
            self.obstacles.show_all()
        beside.set_error(sentence)
        beside.setFocus()
        self.column.ensureWidgetVisible(beside)

    def clear_errors(self) -> None:
        """All red sentences away, before trying again."""
        self.news.hide()
        for field in (self.obstacles.note, self.next.day, self.person.phone, self.next.outcome):
            field.set_error(None)

    def _lay(self) -> None:
        narrow = self._narrow
        self.person.set_narrow(narrow)
        if narrow and self._middle.indexOf(self.person) < 0:
            self._across.removeWidget(self.person)
            self._middle.insertWidget(0, self.person)
        elif not narrow and self._across.indexOf(self.person) < 0:
            self._middle.removeWidget(self.person)
            self._across.insertWidget(0, self.person)
        most = 1 << 20
        self.person.setMinimumWidth(0 if narrow else px(_PERSON))
        self.person.setMaximumWidth(most if narrow else px(_PERSON))
        vertical = QSizePolicy.Policy.Maximum if narrow else QSizePolicy.Policy.Preferred
        self.person.setSizePolicy(QSizePolicy.Policy.Expanding, vertical)
        self.preview.setMinimumWidth(0 if narrow else px(_PREVIEW))
        self.preview.setMaximumWidth(px(_ALONE if narrow else _PREVIEW))
        self.preview.set_large(narrow)
        self.preview.setVisible(not narrow or self._card_shown)
        self.column.setVisible(not self.shows_card_alone())
