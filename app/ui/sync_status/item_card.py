"""The line picked in the outbox, told in words, with the next act there is today."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from app.text import t
from app.ui.ports import OutboxLine
from app.ui.sync_status.words import line_state, line_words
from app.ui.widgets import Button, Card, Kind, Label, StateBadge, Tone, Type, px, to_send


class ItemCard(Card):
    """``open``: the dossier; ``later``: on to the next line."""

    def __init__(self) -> None:
        super().__init__()
        self._badge = StateBadge(to_send(""))
        self._who = Label("", Type.SECTION, semibold=True, elide=True)
        self._number = Label("", Type.LABEL, tone=Tone.SECONDARY, right=True)
        self._strong = Label("", semibold=True, wrap=True)
        self._points = Label("", Type.TABLE, tone=Tone.RED, wrap=True)
        self._plain = Label("", wrap=True)
        self.open = Button(t("Mở hồ sơ"), Kind.PRIMARY, icon="folder", cap="Enter")
        self.later = Button(t("Để sau"))
        head, acts, words = QHBoxLayout(), QHBoxLayout(), QVBoxLayout()
        head.setSpacing(px(10))
        head.addWidget(self._badge)
        head.addWidget(self._who, 1)
        head.addWidget(self._number)
        words.setSpacing(px(4))
        for label in (self._strong, self._points, self._plain):
            words.addWidget(label)
        acts.setSpacing(px(8))
        acts.addWidget(self.open)
        acts.addWidget(self.later)
        acts.addStretch(1)
        for part in (head, words, acts):
            self.body.addLayout(part)

    def set_line(self, line: OutboxLine) -> None:
        """Another line."""
        told = line_words(line)
        self._badge.set_state(line_state(line))
        self._who.setText(" – ".join(part for part in (line.who, line.act) if part))
        self._number.setText(line.number)
        self._strong.setText(told.strong)
        self._strong.setVisible(bool(told.strong))
        self._points.setText(t("Chỗ cần xem: {where}").format(where=", ".join(told.points)))
        self._points.setVisible(bool(told.points))
        self._plain.setText(told.plain)
        rejected = line.state == "rejected"
        self.open.setVisible(line.dossier_id is not None)
        self.open.set_kind(Kind.PRIMARY if rejected else Kind.NORMAL)
        self.later.setVisible(rejected)
        self.setAccessibleName(f"{line_state(line).word}: {self._who.text()}")
