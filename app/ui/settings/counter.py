"""Quầy: how this PC looks and prints, and what the desk is called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.domain.roles import Permission
from app.services.desk import Desk
from app.services.office_settings import (
    DeskWords,
    closing_time,
    desk_words,
    rename_desk,
    set_closing_time,
)
from app.services.setup import set_agency_code
from app.text import t
from app.ui import system_queue
from app.ui.screen import Context
from app.ui.settings.section import Section
from app.ui.system_queue import Answer, read_queues
from app.ui.theme import system_mode, wear
from app.ui.widgets import (
    Button,
    Card,
    Choice,
    ChoiceField,
    Fact,
    Field,
    Kind,
    Label,
    Mode,
    NoticeKind,
    SegmentedChoice,
    Tone,
    Type,
    theme,
)

_SIZES = (100, 115, 130, 150, 175)
_LOOKS = {"light": Mode.LIGHT, "dark": Mode.DARK}
_SYSTEM = "system-default"
_MINUTES = (5, 10, 15, 30, 60)
_NEVER = "never"
_HOURS = (time(17, 30), time(18), time(19), time(20))


@dataclass(frozen=True)
class _Office:
    words: DeskWords
    closing: time | None


class CounterSection(Section):
    """Looks for everybody; what the desk is called and how soon it locks for the administrator."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.looks = Card(t("Cỡ chữ và màu"))
        self.letters = SegmentedChoice([(str(each), f"{each} %") for each in _SIZES], name=t("Cỡ chữ"))
        self.look = SegmentedChoice(
            [("system", t("Theo máy")), ("light", t("Sáng")), ("dark", t("Tối"))], name=t("Màu")
        )
        for words, choice in ((t("Cỡ chữ"), self.letters), (t("Màu"), self.look)):
            self.looks.body.addWidget(Label(words, Type.LABEL, semibold=True))
            self.looks.body.addWidget(choice)
        self.printing = Card(t("Máy in"))
        self.printer = ChoiceField(t("Máy in của quầy"), placeholder=t("theo máy tính"))
        self.slip = ChoiceField(t("Khổ giấy tiếp nhận và hẹn trả"))
        self.slip.set_choices(
            [
                Choice("a5_two_up", t("Hai liên A5 trên một tờ A4")),
                Choice("a5", t("Mỗi liên một tờ A5")),
                Choice("a4", t("Mỗi liên một tờ A4")),
            ]
        )
        self.printing.body.addWidget(self.printer)
        self.printing.body.addWidget(self.slip)
        self.add(self.looks, self.printing)
        self._build_office()
        self._wire()

    def _build_office(self) -> None:
        self.locking = Card(t("Tự khóa khi để trống"))
        self.minutes = SegmentedChoice(
            [(str(each), t("{count} phút").format(count=each)) for each in _MINUTES], name=t("Tự khóa sau")
        )
        hours = [(f"{each:%H:%M}", f"{each:%H:%M}") for each in _HOURS]
        self.closing = SegmentedChoice([(_NEVER, t("Không")), *hours], name=t("Đóng kho dữ liệu cuối ngày"))
        told = t("Sau giờ này, máy để trống thì đóng hẳn kho dữ liệu: sao lưu việc trong ngày rồi cất khóa.")
        again = t("Đồng bộ chạy lại khi có người mở khóa.")
        self.locking.body.addWidget(self.minutes)
        self.locking.body.addWidget(Label(t("Đóng kho dữ liệu cuối ngày"), Type.LABEL, semibold=True))
        self.locking.body.addWidget(self.closing)
        self.locking.body.addWidget(Label(f"{told} {again}", Type.LABEL, tone=Tone.SECONDARY, wrap=True))
        self.naming = Card(t("Tên quầy và mã cơ quan"))
        self.unit = Fact(t("Đơn vị"))
        self.name = Field(t("Tên quầy"), placeholder=t("ví dụ: Quầy 2"))
        self.agency = Field(
            t("Mã định danh cơ quan"),
            placeholder=t("tỉnh cấp, dạng H60.…"),
            hint=t("Để trống khi tỉnh chưa cấp; kết nối tỉnh xong thì mã tự về."),
        )
        self.keep = Button(t("Lưu tên và mã"), Kind.PRIMARY, icon="save", cap="Ctrl+S")
        for part in (self.unit, self.name, self.agency, self.keep):
            self.naming.body.addWidget(part)
        self.fields = {"name": self.name, "agency_code": self.agency, "agency": self.agency}
        self._decides = self.by.may(Permission.CONFIGURE)
        self.add(self.locking, self.naming)
        self.locking.setVisible(self._decides)
        self.naming.setVisible(self._decides)

    def _wire(self) -> None:
        self.letters.changed.connect(self._scale)
        self.look.changed.connect(self._wear)
        self.minutes.changed.connect(lambda key: self._settle(idle_lock_minutes=int(key)))
        self.closing.changed.connect(self._close_at)
        self.printer.changed.connect(lambda key: self._settle(printer="" if key == _SYSTEM else key))
        self.slip.changed.connect(lambda key: self._settle(slip_paper=key))
        self.name.entered.connect(lambda: self.agency.setFocus(Qt.FocusReason.TabFocusReason))
        self.agency.entered.connect(self.save)
        self.keep.clicked.connect(self.save)

    def load(self) -> None:
        """What holds now; the printers are asked for beside the window."""
        settings = self.context.runtime.settings
        self.letters.set_value(str(_nearest(_SIZES, round(theme().factor * 100))))
        self.look.set_value(settings.theme)
        self.minutes.set_value(str(_nearest(_MINUTES, settings.idle_lock_minutes)))
        self.slip.set_value(settings.slip_paper)
        self._offer_printers(())
        if system_queue.is_there():
            system_queue.run(("lpstat", "-d", "-p", "-a"), self._queues)
        else:
            self.context.background.aside(_names, self._offer_printers, owner=self)
        if self._decides:
            desk = self.desk
            self.ask(lambda: _read(desk), self._show_office)

    def save(self) -> None:
        """Name and code, in one go."""
        if not self._decides:
            return
        desk, by, name, code = self.desk, self.by, self.name.text(), self.agency.text().strip()

        def keep() -> DeskWords:
            before = desk_words(desk)
            rename_desk(desk, by, name)
            if code and code != before.agency_code:
                set_agency_code(desk, by, code)
            return desk_words(desk)

        self.work(keep, self._kept)

    def first(self) -> QWidget:
        """The size of letters."""
        return self.letters

    def restyle(self) -> None:
        """Ctrl + and Ctrl − change the size too."""
        super().restyle()
        letters: SegmentedChoice | None = getattr(self, "letters", None)
        if letters is not None:
            letters.set_value(str(_nearest(_SIZES, round(theme().factor * 100))))

    def _show(self, words: DeskWords) -> None:
        self.unit.set_value(f"{words.unit_name} · {words.unit_code}")
        self.name.set_text(words.name)
        self.agency.set_text(words.agency_code or "")

    def _show_office(self, office: _Office) -> None:
        self._show(office.words)
        self._show_closing(office.closing)

    def _show_closing(self, hour: time | None) -> None:
        self.closing.set_value(_NEVER if hour is None else f"{_nearest_hour(hour):%H:%M}")

    def _close_at(self, key: str) -> None:
        desk, by, hour = self.desk, self.by, None if key == _NEVER else time.fromisoformat(key)
        self.work(lambda: set_closing_time(desk, by, hour), self._closing_kept)

    def _closing_kept(self, hour: time | None) -> None:
        self._show_closing(hour)
        if hour is None:
            self.said(t("Từ giờ kho dữ liệu không tự đóng cuối ngày."), t("Máy để trống vẫn tự khóa."))
        else:
            words = t("Từ {hour}, máy để trống thì đóng kho dữ liệu.").format(hour=f"{hour:%H:%M}")
            self.said(words, t("Người đang làm không bị ngắt; bản nháp giữ nguyên."))

    def _kept(self, words: DeskWords) -> None:
        self._show(words)
        self.said(t("Đã lưu tên quầy và mã cơ quan."), t("Tên mới hiện trên cửa sổ từ lần mở sau."))

    def _scale(self, key: str) -> None:
        theme().set_factor(int(key) / 100)
        self._settle(text_scale=int(key))

    def _wear(self, key: str) -> None:
        wear(_LOOKS.get(key) or system_mode())
        self._settle(theme=key)

    def _settle(self, **changes: object) -> None:
        if self.context.runtime.change_settings(**changes):
            self.news.hide()
        else:
            self.tell(
                NoticeKind.WARN,
                t("Đã áp dụng, nhưng ổ đĩa chưa ghi được lựa chọn này."),
                t("Dọn bớt chỗ trên ổ đĩa; lần mở sau có thể phải chọn lại."),
            )

    def _queues(self, answer: Answer) -> None:
        from shiboken6 import isValid

        if isValid(self):
            self._offer_printers(read_queues(answer.out).names)

    def _offer_printers(self, names: tuple[str, ...]) -> None:
        kept = self.context.runtime.settings.printer
        choices = [Choice(_SYSTEM, t("Theo máy tính"), t("máy in mặc định của hệ thống"))]
        choices += [Choice(name, name) for name in names]
        if kept and kept not in names:
            choices.append(Choice(kept, kept, t("hiện chưa thấy")))
        self.printer.set_choices(choices)
        self.printer.set_value(kept or _SYSTEM)


def _names() -> tuple[str, ...]:
    from PySide6.QtPrintSupport import QPrinterInfo

    return tuple(QPrinterInfo.availablePrinterNames())


def _read(desk: Desk) -> _Office:
    return _Office(desk_words(desk), closing_time(desk))


def _nearest_hour(wanted: time) -> time:
    return min(_HOURS, key=lambda each: abs(each.hour * 60 + each.minute - wanted.hour * 60 - wanted.minute))


def _nearest(offered: tuple[int, ...], wanted: int) -> int:
    return min(offered, key=lambda each: abs(each - wanted))
