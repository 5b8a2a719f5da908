"""Biểu phí: what the province's resolution sets, entered line by line with its basis and days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.clock import VIETNAM
from app.domain.catalogue import Channel
from app.domain.tariff import TariffLine
from app.domain.typed_date import format_date, parse_typed_date
from app.services.money.tariff import TariffEntry, enter_tariff, tariff_lines
from app.services.papers.slip_words import money
from app.text import t
from app.ui.background import CATALOGUE
from app.ui.screen import Context
from app.ui.settings.section import Section
from app.ui.widgets import (
    Button,
    Card,
    Choice,
    ChoiceField,
    DateField,
    Field,
    Kind,
    Label,
    RowItem,
    RowList,
    SearchField,
    TextArea,
    Tone,
    Type,
)

_ALL = "all"
_CHANNELS = {
    _ALL: t("Mọi cách nộp"),
    Channel.COUNTER.value: t("Nộp tại quầy"),
    Channel.ONLINE.value: t("Nộp trực tuyến"),
    Channel.POST.value: t("Nộp qua bưu chính"),
}
_USUAL = {"LP": t("Lệ phí"), "PHI": t("Phí")}


class TariffSection(Section):
    """A procedure and its lines at left, a new line at right; nothing entered is ever changed."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._build_list()
        self._build_form()
        self._wire()

    def _build_list(self) -> None:
        self.card = Card(t("Mức thu đã nhập"))
        self.procedure = SearchField(
            t("Thủ tục"), self._find, icon="book", placeholder=t("Gõ tên thường gọi, ví dụ ks, kết hôn")
        )
        self.none = Label("", Type.TABLE, tone=Tone.SECONDARY, wrap=True)
        self.list = RowList(name=t("Mức thu đã nhập"), lines=True)
        self.card.body.addWidget(self.procedure)
        self.card.body.addWidget(self.none, 0, Qt.AlignmentFlag.AlignTop)
        self.card.full.addWidget(self.list, 1)
        self.add_list(self.card)

    def _build_form(self) -> None:
        self.form = Card(t("Nhập mức thu mới"))
        self.fee = ChoiceField(t("Khoản thu"))
        self.amount = Field(t("Số tiền"), unit=t("đồng"), hint=t("0 là không thu."))
        self.basis = Field(t("Căn cứ"), placeholder=t("số, ngày nghị quyết của HĐND tỉnh"))
        self.start = DateField(t("Có hiệu lực từ"), self._parse)
        self.end = DateField(t("Đến hết ngày"), self._parse, placeholder=t("để trống: chưa rõ"))
        self.channel = ChoiceField(t("Áp dụng khi"))
        self.channel.set_choices([Choice(key, words) for key, words in _CHANNELS.items()])
        self.exempt = TextArea(
            t("Được miễn"), lines=2, hint=t("Mỗi dòng một trường hợp, như nghị quyết ghi.")
        )
        self.keep = Button(t("Lưu mức thu"), Kind.PRIMARY, icon="save", cap="Ctrl+S")
        for part in (
            self.fee,
            self.amount,
            self.basis,
            self.start,
            self.end,
            self.channel,
            self.exempt,
            self.keep,
        ):
            self.form.body.addWidget(part)
        self.add(self.form)
        self.fields = {
            "procedure": self.procedure,
            "fee": self.fee,
            "amount": self.amount,
            "basis": self.basis,
            "from": self.start,
            "to": self.end,
        }

    def _wire(self) -> None:
        self.procedure.chosen.connect(lambda _code: self._chosen())
        steps: Sequence[ChoiceField | Field] = (
            self.fee,
            self.amount,
            self.basis,
            self.start,
            self.end,
            self.channel,
        )
        for field, after in zip(steps, (*steps[1:], self.exempt), strict=True):
            field.entered.connect(lambda to=after: to.setFocus(Qt.FocusReason.TabFocusReason))
        for typed in (self.amount, self.basis):
            typed.edited.connect(lambda _text, of=typed: of.set_error(None))
        self.exempt.entered.connect(self.save)
        self.keep.clicked.connect(self.save)

    def load(self) -> None:
        """The lines of the procedure chosen."""
        code, desk, by = self.procedure.value(), self.desk, self.by
        if code is None:
            self._show(None)
        else:
            self.ask(lambda: tariff_lines(desk, by, code), self._show)

    def save(self) -> None:
        """One more line."""
        self.clear_errors()
        entry = self._typed()
        if entry is None:
            return
        desk, by = self.desk, self.by
        self.work(lambda: enter_tariff(desk, by, entry), self._kept, changes=frozenset({CATALOGUE}))

    def first(self) -> QWidget:
        """The procedure."""
        return self.procedure

    def _typed(self) -> TariffEntry | None:
        """What stands in the form; where it cannot be read its field says so."""
        code, amount = self.procedure.value(), _dong(self.amount.text())
        days = [field.read() for field in (self.start, self.end)]
        start = self.start.value()
        if code is None:
            self.wrong(self.procedure, t("Chưa chọn thủ tục. Gõ tên rồi Enter."))
        elif self.fee.value() is None:
            self.wrong(self.fee, t("Chưa chọn khoản thu."))
        elif amount is None:
            self.wrong(self.amount, t("Ghi số tiền bằng chữ số, ví dụ 8000 hoặc 8.000."))
        elif not all(days):
            (self.start if not days[0] else self.end).setFocus(Qt.FocusReason.OtherFocusReason)
        elif start is None:
            self.wrong(self.start, t("Chưa ghi ngày có hiệu lực. Gõ ví dụ 01012027."))
        else:
            return TariffEntry(
                procedure_code=code,
                fee_code=self.fee.value() or "",
                amount_vnd=amount,
                basis=self.basis.text(),
                effective_from=start,
                channel=_channel(self.channel.value()),
                exemptions=tuple(self.exempt.text().splitlines()),
                effective_to=self.end.value(),
            )
        return None

    def _chosen(self) -> None:
        self.news.hide()
        code = self.procedure.value() or ""
        version = self.desk.reference.catalogue.version_for(code, self._today())
        fees = {fee.code: fee.name for fee in version.fees}
        offered = {**fees, **{key: words for key, words in _USUAL.items() if key not in fees}}
        self.fee.set_choices([Choice(key, words, key) for key, words in offered.items()])
        self.fee.set_value(next(iter(offered)))
        self.channel.set_value(_ALL)
        self.load()
        self.fee.setFocus(Qt.FocusReason.OtherFocusReason)

    def _kept(self, line: TariffLine) -> None:
        self.said(
            t("Đã lưu {amount} đ, áp dụng từ {day}.").format(
                amount=money(line.amount_vnd), day=format_date(line.effective_from)
            ),
            t("Ghi nhầm thì nhập một mức mới; hồ sơ đã nhận giữ mức thu cũ."),
        )
        self.amount.clear()
        self.exempt.set_text("")
        self.load()

    def _show(self, lines: tuple[TariffLine, ...] | None) -> None:
        rows = [] if lines is None else [_row(line) for line in lines]
        self.list.set_items(rows)
        self.list.setVisible(bool(rows))
        self.none.setVisible(not rows)
        self.none.setText(
            t("Chọn một thủ tục để xem và nhập mức thu.")
            if lines is None
            else t("Thủ tục này chưa có mức thu do cơ quan nhập; đang theo danh mục.")
        )

    def _find(self, text: str) -> Sequence[Choice]:
        reference = self.desk.reference
        found = reference.catalogue.find(text, used=reference.used, limit=8, day=self._today())
        return [Choice(each.code, each.short_name or each.name, each.code) for each in found]

    def _parse(self, text: str) -> date:
        return parse_typed_date(text, self._today())

    def _today(self) -> date:
        return self.desk.clock.now().astimezone(VIETNAM).date()


def _dong(text: str) -> int | None:
    digits = text.strip().replace(".", "").replace(" ", "")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 12 else None


def _channel(key: str | None) -> Channel | None:
    return None if key in (None, _ALL) else Channel(key)


def _row(line: TariffLine) -> RowItem:
    until = t(" đến {day}").format(day=format_date(line.effective_to)) if line.effective_to else ""
    words = [t("từ {day}").format(day=format_date(line.effective_from)) + until, line.basis]
    words.insert(0, _CHANNELS[line.channel.value if line.channel else _ALL])
    if line.exemptions:
        words.append(t("miễn: {names}").format(names=", ".join(line.exemptions)))
    title = t("{amount} đ · {code}").format(amount=money(line.amount_vnd), code=line.fee_code)
    return RowItem(line.id, title, " · ".join(words), strong=True)
