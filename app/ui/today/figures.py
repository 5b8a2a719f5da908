"""The four figures: due today, late, waiting for the citizen, not sent. Only late is red."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.services.grid import Preset
from app.services.today import Overdue, Today, Unsent, Waiting
from app.text import t
from app.ui.widgets import NumberTile, late, near, px, to_send, waiting_citizen

_HOUR, _DAY = 60, 24 * 60


class Figures(QWidget):
    """Four tiles; ``asked(Preset)``: show me these."""

    asked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.due = NumberTile("–", near(t("đến hạn hôm nay")))
        self.late = NumberTile("–", late(t("quá hạn")))
        self.waiting = NumberTile("–", waiting_citizen(t("chờ công dân")))
        self.unsent = NumberTile("–", to_send(t("chưa gửi tỉnh")))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        for tile, preset in (
            (self.due, Preset.DUE_TODAY),
            (self.late, Preset.OVERDUE),
            (self.waiting, Preset.WAITING),
            (self.unsent, Preset.UNSENT),
        ):
            self._row.addWidget(tile, 1)
            tile.clicked.connect(lambda _on=False, which=preset: self.asked.emit(which))
        self.restyle()

    def show_today(self, today: Today) -> None:
        """The figures of the day."""
        due = today.due_today
        self.due.set_value(due.total, due_detail(due.done, due.left))
        self.late.set_value(today.overdue.total, late_detail(today.overdue))
        self.waiting.set_value(today.waiting.total, waiting_detail(today.waiting))
        self.unsent.set_value(today.unsent.total, unsent_detail(today.unsent))

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        self._row.setSpacing(px(12))


def due_detail(done: int, left: int) -> str:
    """``3 đã xong, 3 đang làm``."""
    if not done and not left:
        return t("Hôm nay không có hẹn trả nào")
    if not left:
        return t("Đã xong cả")
    return t("{done} đã xong, {left} đang làm").format(done=done, left=left)


def late_detail(overdue: Overdue) -> str:
    """Who still owes the citizen a letter (form 04)."""
    total, owing = overdue.total, overdue.without_apology
    if not total:
        return t("Mọi hồ sơ còn trong hạn")
    if not owing:
        return t("Đã có văn bản xin lỗi")
    if total == 1:
        return t("Chưa có văn bản xin lỗi")
    if owing == total:
        return t("Cả {count} chưa có văn bản xin lỗi").format(count=total)
    return t("{count} chưa có văn bản xin lỗi").format(count=owing)


def waiting_detail(waiting: Waiting) -> str:
    """``Đồng hồ đang dừng, lâu nhất 6 ngày``."""
    if not waiting.total:
        return t("Không ai phải bổ sung giấy tờ")
    if not waiting.oldest_days:
        return t("Đồng hồ đang dừng, từ hôm nay")
    return t("Đồng hồ đang dừng, lâu nhất {days} ngày").format(days=waiting.oldest_days)


def unsent_detail(unsent: Unsent) -> str:
    """``Lâu nhất 32 phút, tự gửi khi có mạng``."""
    if not unsent.total:
        return t("Tỉnh đã nhận đủ")
    minutes = unsent.oldest_minutes or 0
    if minutes < 1:
        return t("Vừa ghi, tự gửi khi có mạng")
    if minutes < _HOUR:
        wait = t("{count} phút").format(count=minutes)
    elif minutes < _DAY:
        wait = t("{count} giờ").format(count=minutes // _HOUR)
    else:
        wait = t("{count} ngày").format(count=minutes // _DAY)
    return t("Lâu nhất {wait}, tự gửi khi có mạng").format(wait=wait)
