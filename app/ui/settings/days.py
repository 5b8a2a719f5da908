"""Ngày làm việc: what the office itself decides of a day, over the State's calendar."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.clock import VIETNAM
from app.domain.typed_date import format_weekday_date, parse_typed_date
from app.services.office_settings import DayDecision, DayKind, day_decisions, edit_day
from app.text import t
from app.ui.background import CATALOGUE
from app.ui.screen import Context
from app.ui.settings.section import Section
from app.ui.widgets import (
    Button,
    Card,
    DateField,
    Field,
    Kind,
    Label,
    RowItem,
    RowList,
    SegmentedChoice,
    Tone,
    Type,
    stopped,
    under_way,
)


class DaysSection(Section):
    """Decisions at left, a day to decide at right."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._decisions: tuple[DayDecision, ...] = ()
        self.card = Card(t("Ngày do cơ quan quyết định"))
        self.list = RowList(name=t("Ngày do cơ quan quyết định"), lines=True)
        self.none = Label(
            t("Chưa có ngày nào. Mọi ngày đang theo lịch nghỉ của Nhà nước."),
            Type.TABLE,
            tone=Tone.SECONDARY,
            wrap=True,
        )
        self.card.full.addWidget(self.list, 1)
        self.card.body.addWidget(self.none, 0, Qt.AlignmentFlag.AlignTop)
        self.add_list(self.card)
        self.form = Card(t("Đổi một ngày"))
        self.day = DateField(t("Ngày"), self._parse)
        self.kind = SegmentedChoice(
            [
                (DayKind.OFF.value, t("Nghỉ")),
                (DayKind.WORKING.value, t("Làm việc")),
                (DayKind.AS_LAW.value, t("Lịch chung")),
            ],
            name=t("Ngày này"),
        )
        self.reason = Field(t("Vì sao"), placeholder=t("ví dụ: nghỉ bù, làm bù"))
        self.basis = Field(t("Căn cứ"), placeholder=t("số, ngày của văn bản"))
        self.keep = Button(t("Lưu ngày này"), Kind.PRIMARY, icon="save", cap="Ctrl+S")
        promise = Label(
            t("Hồ sơ đã nhận giữ nguyên ngày hẹn trên phiếu."), Type.LABEL, tone=Tone.SECONDARY, wrap=True
        )
        for part in (self.day, self.kind, self.reason, self.basis, promise, self.keep):
            self.form.body.addWidget(part)
        self.add(self.form)
        self.fields = {"day": self.day, "name": self.reason, "basis": self.basis}
        self._wire()

    def _wire(self) -> None:
        self.day.value_changed.connect(self._tell_day)
        self.day.entered.connect(lambda: self.kind.setFocus(Qt.FocusReason.TabFocusReason))
        self.kind.entered.connect(self._after_kind)
        self.kind.changed.connect(lambda _key: self._need_words())
        self.reason.entered.connect(lambda: self.basis.setFocus(Qt.FocusReason.TabFocusReason))
        self.basis.entered.connect(self.save)
        for field in (self.reason, self.basis):
            field.edited.connect(lambda _text, of=field: of.set_error(None))
        self.keep.clicked.connect(self.save)
        self.list.picked.connect(self._pick)

    def load(self) -> None:
        """What was decided."""
        desk = self.desk
        self.ask(lambda: day_decisions(desk), self._show)

    def save(self) -> None:
        """Keeps the day as chosen."""
        self.clear_errors()
        if not self.day.read():
            self.day.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        day = self.day.value()
        if day is None:
            self.wrong(self.day, t("Chưa ghi ngày. Gõ ví dụ 02012027."))
            return
        desk, by, kind = self.desk, self.by, DayKind(self.kind.value())
        name, basis = self.reason.text(), self.basis.text()
        self.work(
            lambda: edit_day(desk, by, day, kind, name, basis),
            lambda _none: self._kept(day),
            changes=frozenset({CATALOGUE}),
        )

    def first(self) -> QWidget:
        """The day."""
        return self.day

    def _kept(self, day: date) -> None:
        works = self.desk.reference.calendar.is_working_day(day)
        shown = format_weekday_date(day)
        self.said(
            t("{day}: nay là ngày làm việc.").format(day=shown)
            if works
            else t("{day}: nay là ngày nghỉ.").format(day=shown),
            t("Ngày hẹn tính từ lúc này theo lịch mới."),
        )
        for field in (self.reason, self.basis):
            field.clear()
        self.day.set_value(None)
        self.kind.set_value(DayKind.OFF.value)
        self._need_words()
        self.load()
        self.day.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self, decisions: tuple[DayDecision, ...]) -> None:
        self._decisions = decisions
        self.list.set_items([_row(each) for each in decisions])
        self.list.setVisible(bool(decisions))
        self.none.setVisible(not decisions)

    def _pick(self, key: str) -> None:
        decided = next(each for each in self._decisions if each.day.isoformat() == key)
        self.day.set_value(decided.day)
        self.kind.set_value(decided.kind.value)
        self.reason.set_text(decided.name)
        self.basis.set_text(decided.basis)
        self.clear_errors()
        self._need_words()

    def _tell_day(self, day: object) -> None:
        if not isinstance(day, date):
            self.day.set_hint("")
            return
        calendar = self.desk.reference.calendar
        off = calendar.day_off_name(day)
        if calendar.is_working_day(day):
            words = t("Hiện là ngày làm việc.")
        else:
            words = t("Hiện là ngày nghỉ: {name}.").format(name=off) if off else t("Hiện là ngày nghỉ.")
        self.day.set_hint(words)

    def _after_kind(self) -> None:
        if self.kind.value() == DayKind.AS_LAW.value:
            self.save()
        else:
            self.reason.setFocus(Qt.FocusReason.TabFocusReason)

    def _need_words(self) -> None:
        needed = self.kind.value() != DayKind.AS_LAW.value
        for field in (self.reason, self.basis):
            field.setVisible(needed)
            field.set_error(None)

    def _parse(self, text: str) -> date:
        today = self.desk.clock.now().astimezone(VIETNAM).date()
        return parse_typed_date(text, today, "day")


def _row(decided: DayDecision) -> RowItem:
    off = decided.kind is DayKind.OFF
    state = stopped(t("Nghỉ")) if off else under_way(t("Làm việc"))
    return RowItem(
        decided.day.isoformat(),
        format_weekday_date(decided.day),
        f"{decided.name} · {decided.basis} · {decided.officer_name}",
        state=state,
    )
