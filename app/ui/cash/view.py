"""The layout of Thu tiền – quỹ: receipts of the day at left, sums and the counting at right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from app.services.money.cash_day import METHOD_WORDS, CashDay
from app.services.money.payments import Receipt
from app.text import t
from app.ui.cash.cancel_card import CancelCard
from app.ui.cash.count_card import CountCard
from app.ui.cash.words import dong, receipt_row
from app.ui.settled import SettledColumn
from app.ui.widgets import (
    AmountRow,
    Button,
    Card,
    Column,
    ColumnKind,
    DataTable,
    Drawing,
    EmptyState,
    Kind,
    Label,
    Notice,
    NoticeKind,
    ScrollColumn,
    Tone,
    Type,
    is_narrow,
    px,
)

_RIGHT, _RIGHT_NARROW = 340, 300
_COLUMNS = (
    Column("label", t("Biên nhận"), ColumnKind.MUTED, sortable=False),
    Column("at", t("Giờ"), ColumnKind.MUTED, sortable=False),
    Column("payer", t("Người nộp"), ColumnKind.STRONG, stretch=True, sortable=False),
    Column("dossier", t("Hồ sơ"), ColumnKind.MUTED, sortable=False),
    Column("amount", t("Số tiền (đ)"), ColumnKind.AMOUNT, sortable=False),
    Column("method", t("Cách nộp"), ColumnKind.STATE, sortable=False),
)
_WIDE_ONLY = ("dossier", "at")


class CashView:
    """Built into ``holder``."""

    def __init__(self, holder: QWidget) -> None:
        self._holder = holder
        self.news = Notice(NoticeKind.OK, "")
        self.news.hide()
        self.list = Card(t("Biên nhận"))
        self.table = DataTable(_COLUMNS, name=t("Biên nhận trong ngày"))
        self.before = Button(t("Ngày trước"), Kind.LINK)
        self.after = Button(t("Ngày sau"), Kind.LINK)
        self.cancel = Button(t("Hủy biên nhận…"), icon="close", cap="F6")
        self.note = Button(t("In biên nhận"), icon="printer", cap="F4")
        self.sheet = Button(t("In bảng kê ngày"), icon="printer", cap="Ctrl+P")
        self._none = EmptyState(
            t("Chưa thu khoản nào"),
            t("Thu tiền ở màn hình hồ sơ; biên nhận hiện ở đây."),
            drawing=Drawing.PAPER,
            small=True,
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._none)
        self.sums = Card(t("Trong ngày"))
        self._sums = QVBoxLayout()
        self.sums.body.addLayout(self._sums)
        self.count = CountCard()
        self.asking = CancelCard()
        self.asking.hide()
        self._build(holder)
        self.restyle()

    def _build(self, holder: QWidget) -> None:
        self.list.add_act(self.before)
        self.list.add_act(self.after)
        self.list.full.addWidget(self._stack, 1)
        self._acts = QHBoxLayout()
        for button in (self.cancel, self.note):
            self._acts.addWidget(button)
        self._acts.addStretch(1)
        self._acts.addWidget(self.sheet)
        self.list.foot.addLayout(self._acts)
        inner = SettledColumn()
        self._right = QVBoxLayout(inner)
        self._right.setContentsMargins(0, 0, 0, 0)
        for part in (self.asking, self.sums, self.count):
            part.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
            self._right.addWidget(part)
        self._right.addStretch(1)
        self.column = ScrollColumn(inner)
        self._across = QHBoxLayout()
        self._across.addWidget(self.list, 1)
        self._across.addWidget(self.column)
        self._whole = QVBoxLayout(holder)
        self._whole.addWidget(self.news)
        self._whole.addLayout(self._across, 1)

    def show_day(self, day: CashDay, words: str, *, last: bool) -> None:
        """The receipts and sums of a day; ``last``: no day after it can be shown."""
        self.list.set_hint(words)
        self.after.setEnabled(not last)
        kept = self.table.current_key()
        keys = [each.id for each in day.receipts]
        self.table.set_rows([receipt_row(each) for each in day.receipts], keys=keys)
        if keys:
            self.table.select_row(keys.index(kept) if kept in keys else len(keys) - 1)
        self._stack.setCurrentIndex(0 if keys else 1)
        self._show_sums(day)
        self.count.set_day(day)

    def show_picked(self, receipt: Receipt | None) -> None:
        """Which acts stand open for the row."""
        self.cancel.setEnabled(receipt is not None and receipt.stands)
        self.note.setEnabled(receipt is not None)

    def ask(self, receipt: Receipt | None) -> None:
        """The small form of cancelling, or the counting again."""
        if receipt is not None:
            self.asking.show()
            self.asking.ask(receipt)
        else:
            self.asking.hide()
        self.sums.setVisible(receipt is None)
        self.count.setVisible(receipt is None)

    def tell(self, kind: NoticeKind, title: str, body: str = "") -> None:
        """A sentence above everything."""
        self.news.set_notice(kind, title, body)
        self.news.show()

    def set_narrow(self, narrow: bool) -> None:
        """Fewer columns, a slimmer right side."""
        for key in _WIDE_ONLY:
            self.table.set_column_shown(key, not narrow)
        self.column.setFixedWidth(px(_RIGHT_NARROW if narrow else _RIGHT))
        self.cancel.set_text(t("Hủy…") if narrow else t("Hủy biên nhận…"))
        self.note.set_text(t("In") if narrow else t("In biên nhận"))
        self.sheet.set_text(t("Bảng kê") if narrow else t("In bảng kê ngày"))

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        self._whole.setContentsMargins(px(16), px(12), px(16), px(12))
        for layout in (self._whole, self._across, self._right):
            layout.setSpacing(px(12))
        self._acts.setSpacing(px(8))
        self._sums.setSpacing(px(4))
        self.set_narrow(is_narrow(self._holder.window().size()))

    def _show_sums(self, day: CashDay) -> None:
        while self._sums.count():
            item = self._sums.takeAt(0)
            gone = item.widget() if item is not None else None
            if gone is not None:
                gone.setParent(None)
                gone.deleteLater()
        totals = day.totals
        rows: list[QWidget] = [
            AmountRow(METHOD_WORDS[each.key], dong(each.net_vnd)) for each in totals.by_method
        ]
        if totals.given_back_vnd:
            rows.append(AmountRow(t("Đã hoàn lại (đã trừ)"), dong(totals.given_back_vnd)))
        rows.append(AmountRow(t("Tiền mặt phải có"), dong(totals.expected_vnd), total=True))
        rows += _books(day)
        for row in rows:
            self._sums.addWidget(row)


def _books(day: CashDay) -> Sequence[QWidget]:
    return [
        Label(
            t("Quyển {book}: số {first}–{last}").format(book=each.book, first=each.first, last=each.last),
            Type.LABEL,
            tone=Tone.SECONDARY,
            wrap=True,
        )
        for each in day.totals.books
    ]
