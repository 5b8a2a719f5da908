"""The head: the light in words, when all was last sent, "Gửi ngay"; below it the round that runs."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout

from app.text import t
from app.ui.sync_status.light_disc import LightDisc
from app.ui.sync_status.loading import Standing
from app.ui.sync_status.words import complete_words, head_words
from app.ui.widgets import Bar, Button, Card, Label, Light, Size, Tone, Type, px


class HeadCard(Card):
    """``send``: look now, whatever the worker waits for."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self._disc = LightDisc()
        self._words = Label("", Type.DUE, semibold=True, elide=True)
        self._meaning = Label("", Type.TABLE, tone=Tone.SECONDARY, elide=True)
        self._last = Label(t("Lần đồng bộ trọn vẹn gần nhất"), Type.LABEL, tone=Tone.SECONDARY, right=True)
        self._when = Label("", Type.TABLE, semibold=True, right=True)
        self.send = Button(t("Gửi ngay"), cap="F5", size=Size.NORMAL)
        left, right, across = QVBoxLayout(), QVBoxLayout(), QHBoxLayout()
        for column, labels in ((left, (self._words, self._meaning)), (right, (self._last, self._when))):
            column.setSpacing(0)
            for label in labels:
                column.addWidget(label)
        across.setSpacing(px(12))
        across.addWidget(self._disc)
        across.addLayout(left, 1)
        across.addLayout(right)
        across.addWidget(self.send)
        self.body.addLayout(across)

    def set_standing(self, standing: Standing) -> None:
        """The light now."""
        self._disc.set_light(Light(standing.light.kind))
        self._words.setText(standing.light.words)
        self._words.set_tone(self._disc.tone())
        self._meaning.setText(head_words(standing))
        self._when.setText(complete_words(standing.status, standing.now))
        self.send.setEnabled(standing.status.enrolled and not standing.status.running)
        self.setAccessibleName(f"{standing.light.words}. {head_words(standing)}")

    def say(self, words: str) -> None:
        """What has just been asked for, until the next look."""
        self._meaning.setText(words)

    def set_narrow(self, narrow: bool) -> None:
        """The caption of the last round goes, its time stays."""
        self._last.setVisible(not narrow)


class RunningCard(Card):
    """Shown while a round runs."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self._what = Label("", Type.TABLE, semibold=True)
        self._bar = Bar()
        words = t("Rớt mạng thì tự gửi tiếp từ chỗ dở, không gửi lại từ đầu. Cứ làm việc khác.")
        self.body.addWidget(self._what)
        self.body.addWidget(self._bar)
        self.body.addWidget(Label(words, Type.LABEL, tone=Tone.SECONDARY, elide=True))
        self.hide()

    def set_round(self, done: int, total: int) -> None:
        """How many of the things that waited when the round began have an answer."""
        if total:
            self._what.setText(t("Đang gửi {done}/{total} việc").format(done=done, total=total))
            self._bar.set_share(done / total)
        else:
            self._what.setText(t("Đang hỏi tỉnh có gì mới"))
            self._bar.set_share(0)
        self.setAccessibleName(self._what.text())
