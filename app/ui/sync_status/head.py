"""The head: the light in words, when all was last sent, "Gửi ngay"; below it the round that runs."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout

from app.text import t
from app.ui.sync_status.light_disc import LightDisc
from app.ui.sync_status.loading import Standing
from app.ui.sync_status.words import complete_words, head_words
from app.ui.widgets import Button, Card, Label, Light, Progress, ProgressState, Size, Tone, Type, px

_RUNNING = t("Rớt mạng thì tự gửi tiếp từ chỗ dở, không gửi lại từ đầu. Cứ làm việc khác.")
_RESTING = t("Không gì mất: việc còn lại đi tiếp từ chỗ dở khi bấm Làm tiếp hoặc Gửi ngay.")


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
    """Shown while a round runs or rests. ``progress`` carries the officer's Tạm dừng and Hủy."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self._narrow = False
        self.progress = Progress(note=_RUNNING)
        self.body.addWidget(self.progress)
        self.hide()

    def set_state(self, state: ProgressState, *, paused: bool) -> None:
        """How far the round is."""
        self.progress.set_state(ProgressState(t("Đang tạm dừng gửi")) if paused else state)
        note = _RESTING if paused else _RUNNING
        self.progress.set_note("" if self._narrow else note)
        self.progress.set_paused(paused)
        self.setAccessibleName(self.progress.accessibleName())

    def set_narrow(self, narrow: bool) -> None:
        """The line on what a cut does goes, for the list below."""
        self._narrow = narrow
