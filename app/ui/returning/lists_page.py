"""The layout of the hand-over lists: the list being made at left, those made before at right."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.errors import AppError
from app.services.hand_over.lists import IN, OUT, Left, ListRow
from app.text import t
from app.ui.dossiers.dates import received_words
from app.ui.settled import SettledColumn
from app.ui.widgets import (
    Card,
    Choice,
    Column,
    ColumnKind,
    DataTable,
    Field,
    Notice,
    NoticeKind,
    RowItem,
    RowList,
    ScrollColumn,
    SearchField,
    SegmentedChoice,
    done,
    px,
    to_send,
)

_LEFT, _LEFT_NARROW = 520, 400
_COLUMNS = (
    Column("no", t("Số"), ColumnKind.MUTED, sortable=False),
    Column("way", t("Chiều"), ColumnKind.STATE, sortable=False),
    Column("other", t("Đơn vị"), ColumnKind.STRONG, stretch=True, sortable=False),
    Column("count", t("Hồ sơ"), ColumnKind.NUMBER, sortable=False),
    Column("at", t("Lúc"), ColumnKind.MUTED, sortable=False),
)


class ListsPage:
    """Built into ``holder``; the bar stands below."""

    def __init__(self, holder: QWidget, bar: QWidget, find_units: Callable[[str], None]) -> None:
        self.way = SegmentedChoice(((OUT, t("Giao đi")), (IN, t("Nhận về"))), name=t("Chiều"))
        self.unit = SearchField(t("Đơn vị nhận"), lambda text: find_units(text), pause_ms=60)
        self.note = Field(t("Ghi chú trên bảng kê"))
        self.add = Field(t("Thêm hồ sơ"), placeholder=t("Quét mã trên giấy hẹn hoặc gõ số"), height=48)
        self.rows = RowList(name=t("Hồ sơ của bảng kê"), lines=True)
        self.rows.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.news = Notice(NoticeKind.OK, "")
        self.news.hide()
        self.making = Card(t("Bảng kê mới"))
        for part in (self.way, self.unit, self.note, self.add):
            self.making.body.addWidget(part)
        self.listed = Card(t("Hồ sơ đã thêm"))
        self.listed.full.addWidget(self.rows)
        self.table = DataTable(_COLUMNS, name=t("Các bảng kê đã lập"))
        self.before = Card(t("Đã lập"), hint=t("Enter in lại"))
        self.before.full.addWidget(self.table, 1)
        inner = SettledColumn()
        self._left = QVBoxLayout(inner)
        self._left.setContentsMargins(0, 0, 0, 0)
        for card in (self.news, self.making, self.listed):
            self._left.addWidget(card)
        self._left.addStretch(1)
        self._inner, self._column = inner, ScrollColumn(inner)
        self._across = QHBoxLayout()
        self._across.addWidget(self._column)
        self._across.addWidget(self.before, 1)
        self._whole = QVBoxLayout(holder)
        self._whole.setContentsMargins(0, 0, 0, 0)
        self._whole.setSpacing(0)
        self._whole.addLayout(self._across, 1)
        self._whole.addWidget(bar)
        self.listed.hide()
        self.restyle()

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        self._across.setContentsMargins(px(16), px(12), px(16), px(12))
        self._across.setSpacing(px(12))
        self._left.setSpacing(px(12))
        self.set_narrow(False)

    def set_narrow(self, narrow: bool) -> None:
        """A slimmer column."""
        self._column.setFixedWidth(px(_LEFT_NARROW if narrow else _LEFT))
        self.table.set_column_shown("at", not narrow)

    def show_way(self) -> None:
        """Who the other side is."""
        giving = self.way.value() == OUT
        self.unit.set_label(t("Đơn vị nhận") if giving else t("Đơn vị giao"))

    def show_rows(self, rows: Sequence[RowItem]) -> None:
        """The dossiers put on the list, the last one in sight."""
        self.rows.set_items(rows)
        self.listed.setVisible(bool(rows))
        self.listed.set_hint(t("{count} hồ sơ · Delete bỏ ra").format(count=len(rows)))
        self._inner.settle_soon()

    def show_before(self, lists: Sequence[ListRow], year: int) -> None:
        """Lists made before, the newest first."""
        rows = [
            (
                row.no,
                to_send(t("Giao")) if row.direction == OUT else done(t("Nhận")),
                row.other_name,
                row.count,
                received_words(row.made_at, year),
            )
            for row in lists
        ]
        self.table.set_rows(rows, keys=[row.id for row in lists])

    def tell(self, kind: NoticeKind, title: str, body: str = "", left: Sequence[Left] = ()) -> None:
        """What came of it; dossiers kept back by name and reason."""
        self.news.set_notice(kind, title, body)
        self.news.set_points([(each.number, f"{each.title} {each.next_step}") for each in left])
        self.news.show()
        self._inner.settle_soon()

    def say(self, error: AppError) -> None:
        """Beside the field where it is the field's."""
        field = {"unit": self.unit, "number": self.add, "note": self.note}.get(error.field or "")
        sentence = f"{error.title} {error.next_step}"
        if field is None:
            self.tell(NoticeKind.WARN, error.title, error.next_step)
        else:
            field.set_error(sentence)
            self._inner.settle_soon()

    def clear_errors(self) -> None:
        """Nothing is wrong any more."""
        for field in (self.unit, self.add, self.note):
            field.set_error(None)

    def unit_code(self) -> str:
        """The unit taken from the list, else the text (a GSO or agency code)."""
        return self.unit.value() or self.unit.text().strip()

    def set_unit(self, code: str, name: str) -> None:
        """A unit kept in a draft."""
        self.unit.set_choice(Choice(code, name) if code else None)
