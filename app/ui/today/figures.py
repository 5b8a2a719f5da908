"""The four figures: due today, late, waiting for the citizen, not sent. Only late is red."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.services.finding.grid import Preset
from app.services.overview.today import DueToday, Overdue, Today, Unsent, Waiting
from app.text import t
from app.ui.dossiers.words import grouped
from app.ui.widgets import NumberTile, State, late, near, px, to_send, waiting_citizen

_HOUR, _DAY = 60, 24 * 60


class Figures(QWidget):
    """Four tiles; ``asked(Preset)``: show me these."""

    asked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._narrow = False
        self._today: Today | None = None
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
        self._today = today
        short = self._narrow
        due, say = today.due_today, self._say
        words = t("đến hạn") if short else t("đến hạn hôm nay")
        say(self.due, due.total, near(words), due_detail(due, short))
        say(self.late, today.overdue.total, late(t("quá hạn")), late_detail(today.overdue, short))
        waiting = waiting_citizen(t("chờ công dân"))
        say(self.waiting, today.waiting.total, waiting, waiting_detail(today.waiting, short))
        unsent = to_send(t("chưa gửi") if short else t("chưa gửi tỉnh"))
        say(self.unsent, today.unsent.total, unsent, unsent_detail(today.unsent, short))

    def set_narrow(self, narrow: bool) -> None:
        """Fewer words in a narrow window: nothing of a figure is ever cut."""
        self._narrow = narrow
        if self._today is not None:
            self.show_today(self._today)

    def _say(self, tile: NumberTile, figure: int, state: State, detail: str) -> None:
        tile.set_value(grouped(figure), detail, state)

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        self._row.setSpacing(px(12))


def due_detail(due: DueToday, short: bool = False) -> str:
    """``3 đã xong, 3 đang làm``."""
    if not due.total:
        return t("Hôm nay không có") if short else t("Hôm nay không có hẹn trả nào")
    if not due.left:
        return t("Đã xong cả")
    words = t("{done} xong, {left} đang làm") if short else t("{done} đã xong, {left} đang làm")
    return words.format(done=grouped(due.done), left=grouped(due.left))


def late_detail(overdue: Overdue, short: bool = False) -> str:
    """Who still owes the citizen a letter (form 04)."""
    total, owing = overdue.total, overdue.without_apology
    if not total:
        return t("Đều còn trong hạn") if short else t("Mọi hồ sơ còn trong hạn")
    if not owing:
        return t("Đã có thư xin lỗi") if short else t("Đã có văn bản xin lỗi")
    if short:
        return t("{count} chưa xin lỗi").format(count=grouped(owing))
    if total == 1:
        return t("Chưa có văn bản xin lỗi")
    whole = (
        t("Cả {count} chưa có văn bản xin lỗi") if owing == total else t("{count} chưa có văn bản xin lỗi")
    )
    return whole.format(count=grouped(owing))


def waiting_detail(waiting: Waiting, short: bool = False) -> str:
    """``Đồng hồ đang dừng, lâu nhất 6 ngày``."""
    if not waiting.total:
        return t("Không có ai") if short else t("Không ai phải bổ sung giấy tờ")
    if not waiting.oldest_days:
        return t("Từ hôm nay") if short else t("Đồng hồ đang dừng, từ hôm nay")
    words = t("Lâu nhất {days} ngày") if short else t("Đồng hồ đang dừng, lâu nhất {days} ngày")
    return words.format(days=waiting.oldest_days)


def unsent_detail(unsent: Unsent, short: bool = False) -> str:
    """``Lâu nhất 32 phút, tự gửi khi có mạng``."""
    if not unsent.total:
        return t("Tỉnh đã nhận đủ")
    minutes = unsent.oldest_minutes or 0
    if minutes < 1:
        return t("Vừa ghi") if short else t("Vừa ghi, tự gửi khi có mạng")
    words = t("Lâu nhất {wait}") if short else t("Lâu nhất {wait}, tự gửi khi có mạng")
    return words.format(wait=_span(minutes))


def _span(minutes: int) -> str:
    if minutes < _HOUR:
        return t("{count} phút").format(count=minutes)
    if minutes < _DAY:
        return t("{count} giờ").format(count=minutes // _HOUR)
    return t("{count} ngày").format(count=minutes // _DAY)
