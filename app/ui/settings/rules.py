"""Số thứ tự và hẹn lại: two small decisions of the office."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from app.services.desk import Desk
from app.services.office_settings import MOST_EXTENSIONS, allow_extensions, allowed_extensions
from app.services.queue.numbers import queue_enabled, switch_queue
from app.text import t
from app.ui.screen import Context
from app.ui.settings.section import Section
from app.ui.widgets import Button, Card, Field, Kind, Label, SegmentedChoice, Tone, Type


@dataclass(frozen=True)
class _Now:
    queue: bool
    extensions: int


class RulesSection(Section):
    """The queue switches at once; the count is kept by Ctrl+S."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.queueing = Card(t("Số thứ tự"))
        self.queue = SegmentedChoice([("off", t("Không dùng")), ("on", t("Dùng số"))], name=t("Số thứ tự"))
        told = t("Dùng số thì màn hình Tiếp nhận có chỗ lấy số, gọi số. Tắt đi, số đã lấy hôm nay vẫn còn.")
        self.queueing.body.addWidget(self.queue)
        self.queueing.body.addWidget(Label(told, Type.LABEL, tone=Tone.SECONDARY, wrap=True))
        self.putting_off = Card(t("Xin lỗi và hẹn lại ngày trả"))
        self.count = Field(
            t("Số lần được hẹn lại với một hồ sơ"),
            unit=t("lần"),
            hint=t("NĐ 61/2018, Điều 19: không quá một lần. Chỉ đổi khi tỉnh có quy định khác."),
        )
        self.keep = Button(t("Lưu số lần"), Kind.PRIMARY, icon="save", cap="Ctrl+S")
        self.putting_off.body.addWidget(self.count)
        self.putting_off.body.addWidget(self.keep)
        self.add(self.queueing, self.putting_off)
        self.fields = {"count": self.count}
        self.queue.changed.connect(self._switch)
        self.count.edited.connect(lambda _text: self.count.set_error(None))
        self.count.entered.connect(self.save)
        self.keep.clicked.connect(self.save)

    def load(self) -> None:
        """What holds."""
        desk = self.desk
        self.ask(lambda: _read(desk), self._show)

    def save(self) -> None:
        """The count."""
        typed = self.count.text().strip()
        if not (typed.isascii() and typed.isdigit() and len(typed) <= 2):
            self.wrong(
                self.count,
                t("Gõ một số từ 0 đến {most}; 0 là không được hẹn lại.").format(most=MOST_EXTENSIONS),
            )
            return
        desk, by = self.desk, self.by
        self.work(lambda: allow_extensions(desk, by, int(typed)), self._kept)

    def first(self) -> QWidget:
        """The queue."""
        return self.queue

    def _switch(self, key: str) -> None:
        desk, by, on = self.desk, self.by, key == "on"
        self.work(lambda: switch_queue(desk, by, on), lambda _none: self._switched(on))

    def _switched(self, on: bool) -> None:
        self.said(
            t("Từ giờ dùng số thứ tự.") if on else t("Từ giờ không dùng số thứ tự."),
            t("Mở lại màn hình Tiếp nhận để thấy thay đổi."),
        )

    def _kept(self, count: int) -> None:
        self.count.set_text(str(count))
        self.said(
            t("Mỗi hồ sơ được hẹn lại tối đa {count} lần.").format(count=count)
            if count
            else t("Từ giờ không hồ sơ nào được hẹn lại."),
            t("Hồ sơ đã hẹn lại giữ nguyên ngày hẹn."),
        )

    def _show(self, now: _Now) -> None:
        self.queue.set_value("on" if now.queue else "off")
        self.count.set_text(str(now.extensions))


def _read(desk: Desk) -> _Now:
    return _Now(queue_enabled(desk), allowed_extensions(desk))
