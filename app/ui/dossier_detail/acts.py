"""What can be done with the dossier today, why the wanted act is not there yet, and the way around it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.dossier_status import Act, Status
from app.text import t
from app.ui.dossier_detail.act_specs import SPECS, button_words
from app.ui.dossier_detail.offers import ORDER, Offers, Why
from app.ui.widgets import Button, Card, Kind, Label, Notice, NoticeKind, Size, Tone, Type, px


class ActsCard(Card):
    """``chosen(Act)``. The natural next act is the one blue button, the others follow."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__(t("Việc có thể làm"))
        self._offers = Offers(None, (), None)
        self.back = Button(t("Danh sách"), Kind.LINK, cap="Esc")
        self.add_act(self.back)
        self.natural = Button("", Kind.PRIMARY, size=Size.BIG, leading=True)
        self.natural.clicked.connect(self._on_natural)
        self.nothing = Label(t("Không còn việc nào."), Type.TABLE, tone=Tone.SECONDARY)
        self.body.addWidget(self.natural)
        self.body.addWidget(self.nothing)
        self.others: dict[Act, Button] = {}
        for act in ORDER:
            button = Button(act.label, icon=SPECS[act].icon, cap=SPECS[act].cap, leading=True)
            button.clicked.connect(lambda _checked=False, of=act: self.chosen.emit(of))
            self.body.addWidget(button)
            self.others[act] = button
        self.restyle()

    def set_offers(self, offers: Offers, status: Status) -> None:
        """Shows what is open."""
        self._offers = offers
        self.natural.setVisible(offers.natural is not None)
        self.nothing.setVisible(not offers.all)
        if offers.natural is not None:
            spec = SPECS[offers.natural]
            self.natural.set_text(button_words(offers.natural, status))
            self.natural.set_icon(spec.icon)
            self.natural.set_cap(spec.cap)
        for act, button in self.others.items():
            button.set_text(button_words(act, status))
            button.setVisible(act in offers.others)

    def button_of(self, act: Act) -> Button:
        """The button that does it."""
        return self.natural if act is self._offers.natural else self.others[act]

    def first(self) -> QWidget | None:
        """The blue button, else the first one shown."""
        acts = self._offers.all
        return self.button_of(acts[0]) if acts else None

    def set_busy(self, busy: bool) -> None:
        """While an act is on its way none other begins."""
        for button in (self.natural, *self.others.values()):
            button.setEnabled(not busy)

    def set_back(self, back: str) -> None:
        """Where Esc leads."""
        self.back.set_text(t("Hôm nay") if back == "today" else t("Danh sách"))
        self.back.setAccessibleName(t("Về Hôm nay") if back == "today" else t("Về danh sách"))

    def restyle(self) -> None:
        """Takes the spaces of the look now worn; a column of acts stands closer than fields."""
        super().restyle()
        self.body.setSpacing(px(4))

    def _on_natural(self) -> None:
        if self._offers.natural is not None:
            self.chosen.emit(self._offers.natural)


class Neighbours(QWidget):
    """The dossiers before and after in the list this one was opened from."""

    def __init__(self) -> None:
        super().__init__()
        self.before = Button(t("Trước"), cap="Alt+←", size=Size.SMALL)
        self.after = Button(t("Sau"), cap="Alt+→", size=Size.SMALL)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self.before)
        self._row.addWidget(self.after)
        self._row.addStretch(1)
        self.restyle()

    def set_place(self, place: int, count: int) -> None:
        """Where this dossier stands; hidden where it was not opened from a list."""
        self.setVisible(count > 1)
        self.before.setEnabled(place > 0)
        self.after.setEnabled(place < count - 1)

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        self._row.setSpacing(px(8))


class WhyNot(Notice):
    """What cannot be done yet, and what must come before."""

    def __init__(self) -> None:
        super().__init__(NoticeKind.INFO, "")

    def set_why(self, why: Why | None) -> None:
        """Says it; hidden where nothing is held back."""
        self.setVisible(why is not None)
        if why is not None:
            self.set_notice(NoticeKind.INFO, why.title, why.body)
