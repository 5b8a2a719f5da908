"""The layout of Nhật ký: what to look for at left, the entries at right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from app.errors import AppError
from app.services.audit.log import LogChoices, LogLine
from app.text import t
from app.ui.audit.words import line_row
from app.ui.settled import SettledColumn
from app.ui.widgets import (
    Button,
    Card,
    Choice,
    ChoiceField,
    Column,
    ColumnKind,
    DataTable,
    DateField,
    Drawing,
    EmptyState,
    Field,
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

_SIDE, _SIDE_NARROW = 288, 264
ANY = ""
"""The key of a choice that asks for everything."""
_COLUMNS = (
    Column("at", t("Lúc"), ColumnKind.MUTED, sortable=False),
    Column("officer", t("Cán bộ"), ColumnKind.STRONG, sortable=False),
    Column("act", t("Việc"), width=110, stretch=True, sortable=False),
    Column("record", t("Về"), width=110, stretch=True, sortable=False),
    Column("number", t("Số hồ sơ"), ColumnKind.MUTED, sortable=False),
    Column("detail", t("Chi tiết"), width=110, sortable=False),
    Column("seq", t("Dòng"), ColumnKind.NUMBER, sortable=False),
)
_WIDE_ONLY = ("record", "detail", "seq")


class LogView:
    """Built into ``holder``. ``read_day``: a typed day, or ``RuleError``."""

    def __init__(self, holder: QWidget, read_day: Callable[[str], date]) -> None:
        self._holder = holder
        self.news = Notice(NoticeKind.OK, "")
        self.news.hide()
        self.first_day = DateField(t("Từ ngày"), read_day, placeholder=t("ví dụ 23112026"))
        self.last_day = DateField(t("Đến ngày"), read_day, placeholder=t("để trống: đến nay"))
        self.officer = ChoiceField(t("Cán bộ"))
        self.act = ChoiceField(t("Việc"))
        self.record = Field(t("Hồ sơ"), placeholder=t("số hồ sơ, rồi Enter"))
        self.look_for = Card(t("Tìm trong nhật ký"))
        self.clear = Button(t("Bỏ lọc"), Kind.LINK)
        self.look_for.add_act(self.clear)
        self.check = Button(t("Kiểm tra nhật ký"), icon="shield-check", cap="F9")
        self.whole = Card(t("Có nguyên vẹn không"))
        self.list = Card(t("Nhật ký"))
        self.table = DataTable(_COLUMNS, name=t("Nhật ký"), row_height=34)
        self.open = Button(t("Mở hồ sơ"), icon="folder", cap="Enter")
        self.older = Button(t("Dòng cũ hơn"), icon="clock", cap="F4")
        self._none = EmptyState(
            t("Không có dòng nào như vậy"),
            t("Nhấn Esc để bỏ lọc, hoặc chọn ngày khác."),
            drawing=Drawing.PAPER,
            small=True,
        )
        self._lines: Sequence[LogLine] = ()
        self._year, self._narrow = 0, False
        self._build(holder)
        self.restyle()

    def _build(self, holder: QWidget) -> None:
        for part in (self.first_day, self.last_day, self.officer, self.act, self.record):
            self.look_for.body.addWidget(part)
        why = t("Mỗi dòng được khóa vào dòng trước; sửa, bớt hay thêm dòng nào cũng lộ ra.")
        self.whole.body.addWidget(Label(why, Type.LABEL, tone=Tone.SECONDARY, wrap=True))
        self.whole.body.addWidget(self.check)
        self.check.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._inner = SettledColumn()
        self._left = QVBoxLayout(self._inner)
        self._left.setContentsMargins(0, 0, 0, 0)
        for card in (self.look_for, self.whole):
            card.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
            self._left.addWidget(card)
        self._left.addStretch(1)
        self.column = ScrollColumn(self._inner)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._none)
        self.list.full.addWidget(self._stack, 1)
        self._acts = QHBoxLayout()
        self._acts.addWidget(self.open)
        self._acts.addStretch(1)
        self._acts.addWidget(self.older)
        self.list.foot.addLayout(self._acts)
        self._across = QHBoxLayout()
        self._across.addWidget(self.column)
        self._across.addWidget(self.list, 1)
        self._outer = QVBoxLayout(holder)
        self._outer.addWidget(self.news)
        self._outer.addLayout(self._across, 1)

    def offer(self, choices: LogChoices) -> None:
        """Officers and acts that stand in the log; what is chosen stays chosen."""
        kept = self.officer.value() or ANY, self.act.value() or ANY
        self.officer.set_choices(_choices(t("Mọi cán bộ"), choices.officers))
        self.act.set_choices(_choices(t("Mọi việc"), choices.acts))
        self.officer.set_value(kept[0])
        self.act.set_value(kept[1])

    def clear_filters(self) -> None:
        """Everything is asked for."""
        self.first_day.set_value(None)
        self.last_day.set_value(None)
        for choice in (self.officer, self.act):
            choice.set_value(ANY)
        self.record.clear()

    def show_lines(self, lines: Sequence[LogLine], hint: str, this_year: int, *, more: bool) -> None:
        """The entries found; ``more``: there are older ones."""
        self.list.set_hint(hint)
        kept = self.table.current_key()
        self._lines, self._year = lines, this_year
        self._show_rows()
        if lines and not kept:
            self.table.select_row(0)
        self._stack.setCurrentIndex(0 if lines else 1)
        self.older.setEnabled(more)

    def _show_rows(self) -> None:
        rows = [line_row(line, self._year, short=self._narrow) for line in self._lines]
        self.table.set_rows(rows, keys=[str(line.seq) for line in self._lines])

    def tell(self, kind: NoticeKind, title: str, body: str = "") -> None:
        """A sentence above everything."""
        self.news.set_notice(kind, title, body)
        self.news.show()

    def say(self, error: AppError) -> None:
        """Beside the field where it is the field's."""
        if error.field == "number":
            self.record.set_error(f"{error.title} {t('Gõ đúng số in trên giấy hẹn.')}")
            self._inner.settle_soon()
        else:
            self.tell(NoticeKind.WARN, error.title, error.next_step)

    def set_narrow(self, narrow: bool) -> None:
        """Fewer columns, a slimmer left side."""
        if narrow != self._narrow:
            self._narrow = narrow
            self._show_rows()
        for key in _WIDE_ONLY:
            self.table.set_column_shown(key, not narrow)
        self.column.setFixedWidth(px(_SIDE_NARROW if narrow else _SIDE))

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        self._outer.setContentsMargins(px(16), px(12), px(16), px(12))
        for layout in (self._outer, self._across, self._left):
            layout.setSpacing(px(12))
        self._acts.setSpacing(px(8))
        self.set_narrow(is_narrow(self._holder.window().size()))


def _choices(every: str, offered: Sequence[tuple[str, str]]) -> list[Choice]:
    return [Choice(ANY, every), *(Choice(key, words) for key, words in offered)]
