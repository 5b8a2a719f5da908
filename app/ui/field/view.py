"""The layout of Lưu động: the journey under way or the form to begin one; its dossiers; earlier ones."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.clock import VIETNAM
from app.errors import AppError
from app.services.field.session import FieldDossier, FieldSession
from app.text import t
from app.ui.dossiers.dates import local_day, received_words, short_day
from app.ui.dossiers.states import sync_state
from app.ui.widgets import (
    Button,
    Card,
    Column,
    ColumnKind,
    DataTable,
    Drawing,
    EmptyState,
    Fact,
    Field,
    Kind,
    Label,
    Notice,
    NoticeKind,
    RowItem,
    RowList,
    ScrollColumn,
    Size,
    Tone,
    Type,
    px,
)

_SIDE = 360
_COLUMNS = (
    Column("number", t("Số hồ sơ"), ColumnKind.MUTED, sortable=False),
    Column("name", t("Chủ hồ sơ"), ColumnKind.STRONG, sortable=False),
    Column("procedure", t("Thủ tục"), width=110, stretch=True, sortable=False),
    Column("received", t("Tiếp nhận"), sortable=False),
    Column("due", t("Hẹn trả"), sortable=False),
    Column("sync", t("Gửi tỉnh"), ColumnKind.STATE, sortable=False),
)


class FieldParts:
    """Begin or end at left, dossiers at right; built into ``holder``."""

    def __init__(self, holder: QWidget) -> None:
        self.begin = Card(t("Đi đăng ký lưu động"))
        self.place = Field(t("Nơi đăng ký"), placeholder=t("ví dụ: Nhà văn hóa thôn Nà Mẫu"))
        self.note = Field(t("Ghi chú"), placeholder=t("để trống cũng được"))
        self.open = Button(t("Mở buổi lưu động"), Kind.PRIMARY, size=Size.BIG, cap="Enter")
        self.names = Label("", Type.LABEL, tone=Tone.SECONDARY, wrap=True)
        for part in (self.place, self.note, self.open, self.names):
            self.begin.body.addWidget(part)
        self.open.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.going = Card(t("Đang đi lưu động"))
        self.where, self.since = Fact(t("Nơi đăng ký"), semibold=True), Fact(t("Mở lúc"))
        self.count = Fact(t("Đã tiếp nhận"))
        self.receive = Button(t("Tiếp nhận hồ sơ"), Kind.PRIMARY, icon="inbox-down", cap="F2", size=Size.BIG)
        self.close = Button(t("Đóng buổi, về trụ sở"), icon="check")
        for shown in (self.where, self.since, self.count, self.receive, self.close):
            self.going.body.addWidget(shown)
        for button in (self.receive, self.close):
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.earlier = RowList(name=t("Các buổi lưu động"))
        self.past = Card(t("Các buổi lưu động"))
        self.past.full.addWidget(self.earlier, 1)
        self.news = Notice(NoticeKind.INFO, "")
        self.news.hide()
        self.list = Card(t("Hồ sơ của buổi"))
        self.print = Button(t("In danh sách"), icon="printer", cap="Ctrl+P", size=Size.SMALL)
        self.list.add_act(self.print)
        self.table = DataTable(_COLUMNS, name=t("Hồ sơ của buổi"), row_height=34)
        self.nothing = EmptyState(
            t("Chưa có hồ sơ nào của buổi này"),
            t("Hồ sơ nhận lúc mất mạng có số tạm của máy này; về có mạng thì tự gửi tỉnh."),
            drawing=Drawing.CARD,
            small=True,
        )
        self.list.full.addWidget(self.table, 1)
        self.list.full.addWidget(self.nothing, 1)
        self._narrow = False
        self._build(holder)
        self.restyle()

    def _build(self, holder: QWidget) -> None:
        inner = QWidget()
        self._side = QWidget()
        self._left = QVBoxLayout(self._side)
        self._left.setContentsMargins(0, 0, 0, 0)
        for card in (self.begin, self.going):
            self._left.addWidget(card, alignment=Qt.AlignmentFlag.AlignTop)
        self._left.addWidget(self.past, 1)
        self._across = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._across.addWidget(self._side)
        self._across.addWidget(self.list, 1)
        self._column = QVBoxLayout(inner)
        self._column.addWidget(self.news)
        self._column.addLayout(self._across, 1)
        outer = QHBoxLayout(holder)
        outer.setContentsMargins(0, 0, 0, 0)
        self.scroll = ScrollColumn(inner)
        outer.addWidget(self.scroll)

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        self._column.setContentsMargins(px(16), px(12), px(16), px(12))
        for box in (self._column, self._across, self._left):
            box.setSpacing(px(12))
        self.set_narrow(self._narrow)

    def set_narrow(self, narrow: bool) -> None:
        """One column."""
        self._narrow = narrow
        direction = QBoxLayout.Direction
        self._across.setDirection(direction.TopToBottom if narrow else direction.LeftToRight)
        self._side.setMinimumWidth(0 if narrow else px(_SIDE))
        self._side.setMaximumWidth(1 << 20 if narrow else px(_SIDE))
        self.list.setMinimumHeight(px(240))
        self.past.setMinimumHeight(px(110))

    def show_current(self, current: FieldSession | None, names: Sequence[str], this_year: int) -> None:
        """The journey under way, or the form to begin one. ``names``: what a journey registers."""
        self.begin.setVisible(current is None)
        self.going.setVisible(current is not None)
        self.names.setText(t("Nhận được: {names}.").format(names=", ".join(names)))
        if current is not None:
            self.where.set_value(current.place)
            self.since.set_value(received_words(current.opened_at, this_year))
            self.count.set_value(t("{count} hồ sơ").format(count=current.dossiers))

    def show_earlier(self, sessions: Sequence[FieldSession], chosen: str | None) -> None:
        """Journeys, the newest first."""
        self.past.setVisible(bool(sessions))
        self.earlier.set_items(
            [
                RowItem(
                    one.id,
                    one.place,
                    right=t("{day} · {count} hồ sơ").format(
                        day=f"{one.opened_at.astimezone(VIETNAM):%d/%m}", count=one.dossiers
                    ),
                )
                for one in sessions
            ]
        )
        if chosen is not None:
            self.earlier.set_current(chosen)

    def show_dossiers(self, title: str, dossiers: Sequence[FieldDossier], this_year: int) -> None:
        """What one journey received."""
        self.list.set_title(title)
        rows = [
            (
                one.number,
                one.owner_name,
                one.procedure_name,
                received_words(one.received_at, this_year),
                short_day(local_day(one.due_at), this_year) if one.due_at is not None else "",
                sync_state(one.province),
            )
            for one in dossiers
        ]
        self.table.set_rows(rows, [one.id for one in dossiers])
        self.table.setVisible(bool(rows))
        self.nothing.setVisible(not rows)
        self.print.setEnabled(bool(rows))

    def tell(self, kind: NoticeKind, title: str, body: str = "") -> None:
        """A calm line above."""
        self.news.set_notice(kind, title, body)
        self.news.show()

    def say(self, error: AppError) -> None:
        """Beside its field where it has one."""
        if error.field == "place" and self.begin.isVisible():
            self.place.set_error(f"{error.title} {error.next_step}")
            self.place.line.setFocus()
        else:
            self.tell(NoticeKind.WARN, error.title, error.next_step)
