"""The card of the USB courier on Đồng bộ."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout

from app.text import t
from app.ui.sync_status.loading import Standing
from app.ui.widgets import Button, Card, Label, Tone, Type, px


class CourierCard(Card):
    """``export`` and ``receive``: the two ways of the stick. Shown while something waits or no line is."""

    def __init__(self) -> None:
        super().__init__(t("Chuyển bằng USB"))
        self._words = Label("", Type.TABLE, tone=Tone.SECONDARY, wrap=True)
        self.export = Button(t("Chép ra USB…"))
        self.receive = Button(t("Nhận biên nhận…"))
        acts = QHBoxLayout()
        acts.setSpacing(px(8))
        for button in (self.export, self.receive):
            acts.addWidget(button)
        acts.addStretch(1)
        self.body.addWidget(self._words)
        self.body.addLayout(acts)
        self._busy = self._anything = False

    def set_standing(self, standing: Standing) -> None:
        """Of use where something waits; without a line it is offered first."""
        status = standing.status
        waiting = status.waiting + status.files_left
        self._anything = bool(waiting)
        if waiting:
            words = t(
                "Mạng hỏng lâu thì chép việc chờ gửi ra USB đưa lên tỉnh. Gói được mã hóa, chỉ cổng của tỉnh"
                " mở được; có mạng lại, máy vẫn gửi tiếp và tỉnh không ghi hai lần."
            )
        else:
            words = t("Không còn việc nào chờ gửi. Có tệp biên nhận tỉnh trả lại thì nhận tại đây.")
        self._words.setText(words)
        self.setVisible(status.enrolled and (self._anything or standing.light.kind == "offline"))
        self._enable()

    def set_busy(self, busy: bool) -> None:
        """The stick is being written or read."""
        self._busy = busy
        self._enable()

    def _enable(self) -> None:
        self.export.setEnabled(self._anything and not self._busy)
        self.receive.setEnabled(not self._busy)
