"""Nobody's dossier is open: the field for the slip's code, results that wait, the post of the day."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.errors import AppError
from app.services.finding.search import Hit
from app.services.papers.slip_words import money
from app.text import t
from app.ui.dossiers.dates import local_day, short_day
from app.ui.returning.loading import Start
from app.ui.settled import SettledColumn
from app.ui.widgets import (
    Button,
    Card,
    Column,
    ColumnKind,
    DataTable,
    Drawing,
    EmptyState,
    Field,
    Kind,
    Label,
    Notice,
    NoticeKind,
    RowItem,
    RowList,
    ScrollColumn,
    State,
    Tone,
    Type,
    px,
    ready,
    stopped,
    to_send,
    waiting_citizen,
)

_LEFT, _LEFT_NARROW = 400, 320
_LONG = 60
"""Days after which a result counts as forgotten on the screen."""
_POST = {"ready": t("Chờ bưu chính"), "handed": t("Ở bưu chính")}


class StartPage(QWidget):
    """``asked(str)``: Enter in the field; ``picked(str)``: a dossier of the list or the table, by id."""

    asked = Signal(str)
    picked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.search = Field(
            t("Mã trên giấy hẹn, số hồ sơ hoặc tên"), placeholder=t("Quét mã rồi chờ một chút"), height=48
        )
        self.failure = Notice(NoticeKind.WARN, "")
        self.news = Notice(NoticeKind.OK, "")
        self.hits = RowList(name=t("Hồ sơ tìm thấy"), lines=True)
        self.resume = Notice(NoticeKind.INFO, "")
        self.resume_act = self.resume.add_act(t("Mở lại"))
        self.drop_act = self.resume.add_act(t("Bỏ nháp"))
        self.asking = Card(t("Công dân đến nhận kết quả"))
        self.asking.body.addWidget(self.search)
        self.asking.body.addWidget(
            Label(
                t("Quét thẻ căn cước cũng được: kết quả đang chờ của người đó sẽ mở ra."),
                Type.LABEL,
                tone=Tone.SECONDARY,
                wrap=True,
            )
        )
        self.lists = Button(t("Giao nhận với đơn vị khác"), Kind.LINK)
        self.post = Card(t("Bưu chính hôm nay"))
        self.post_words = Label("", wrap=True)
        self.manifest = Button(t("Lập và in bảng kê"), icon="printer")
        self.post.body.addWidget(self.post_words)
        self.post.body.addWidget(self.manifest)
        self.post.body.addWidget(self.lists, 0, Qt.AlignmentFlag.AlignLeft)
        self.table = DataTable(_COLUMNS, name=t("Kết quả chờ trả"))
        self.waiting = Card(t("Kết quả chờ trả"))
        self._none = EmptyState(
            t("Không còn kết quả nào chờ trả"), t("Hồ sơ xử lý xong sẽ hiện ở đây."), drawing=Drawing.DONE
        )
        self.waiting.full.addWidget(self.table, 1)
        self.waiting.full.addWidget(self._none, 1)
        self._ids: list[str] = []
        self._build()
        self.search.entered.connect(lambda: self.asked.emit(self.search.text()))
        self.hits.opened.connect(self.picked.emit)
        self.table.opened.connect(lambda row: self.picked.emit(self._ids[row]))
        for part in (self.failure, self.news, self.hits, self.resume, self._none):
            part.hide()
        self.restyle()

    def _build(self) -> None:
        inner = SettledColumn()
        self._left = QVBoxLayout(inner)
        self._left.setContentsMargins(0, 0, 0, 0)
        for part in (self.resume, self.news, self.asking, self.failure, self.hits, self.post):
            self._left.addWidget(part)
        self._left.addStretch(1)
        self._column = ScrollColumn(inner)
        self.hits.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self._across = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._across.addWidget(self._column)
        self._across.addWidget(self.waiting, 1)
        self._inner = inner

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        self._across.setContentsMargins(px(16), px(12), px(16), px(12))
        self._across.setSpacing(px(12))
        self._left.setSpacing(px(12))
        self.set_narrow(False)

    def set_narrow(self, narrow: bool) -> None:
        """A slimmer column."""
        self._column.setFixedWidth(px(_LEFT_NARROW if narrow else _LEFT))
        self.table.set_column_shown("number", not narrow)

    def show_start(self, start: Start) -> None:
        """Fills table and post."""
        year = local_day(start.now).year
        self._ids = [row.id for row in start.waiting]
        rows = []
        for row in start.waiting:
            since = short_day(local_day(row.ended_at), year) if row.ended_at else ""
            rows.append(
                (
                    row.owner,
                    row.procedure,
                    row.number,
                    since,
                    _state(row.days, row.post, row.method),
                )
            )
        self.table.set_rows(rows, keys=self._ids)
        self.table.setVisible(bool(rows))
        self._none.setVisible(not rows)
        more = start.count - len(rows)
        words = t("{count} kết quả").format(count=money(start.count))
        self.waiting.set_hint(
            t("{words}, hiện {shown} lâu nhất").format(words=words, shown=len(rows)) if more else words
        )
        self.manifest.setVisible(start.ready > 0)
        self.post_words.setText(
            t("{count} bưu gửi đã sẵn sàng, chưa giao.").format(count=start.ready)
            if start.ready
            else t("Chưa có bưu gửi nào chờ giao.")
        )
        self._inner.settle_soon()

    def show_hits(self, hits: Sequence[Hit]) -> None:
        """Several dossiers fit: one is to be chosen."""
        self.hits.set_items([_hit_row(hit) for hit in hits])
        self.hits.setVisible(bool(hits))
        self._inner.settle_soon()
        if hits:
            self.hits.set_current(hits[0].id)
            self.hits.setFocus()

    def tell(self, title: str, body: str = "", *, kind: NoticeKind = NoticeKind.OK) -> None:
        """What has just been done."""
        self.news.set_notice(kind, title, body)
        self.news.show()
        self._inner.settle_soon()

    def say_failure(self, error: AppError) -> None:
        """What did not work; beside the field where it is the field's."""
        if error.field == "number":
            self.search.set_error(f"{error.title} {error.next_step}")
        else:
            self.failure.set_notice(NoticeKind.WARN, error.title, error.next_step)
            self.failure.show()
        self._inner.settle_soon()

    def clear_notices(self) -> None:
        """A new question: earlier answers go away, what is typed stays."""
        self.search.set_error(None)
        for part in (self.failure, self.news, self.hits):
            part.hide()

    def clear(self) -> None:
        """Ready for the next citizen."""
        self.search.clear()
        self.search.set_error(None)
        self.failure.hide()
        self.hits.hide()


_COLUMNS = (
    Column("owner", t("Chủ hồ sơ"), ColumnKind.STRONG, stretch=True, sortable=False),
    Column("procedure", t("Thủ tục"), stretch=True, sortable=False),
    Column("number", t("Mã hồ sơ"), ColumnKind.MUTED, sortable=False),
    Column("since", t("Xong ngày"), ColumnKind.MUTED, sortable=False),
    Column("state", t("Đang chờ"), ColumnKind.STATE, sortable=False),
)


def _state(days: int, parcel: str, method: str) -> State:
    if parcel:
        return to_send(_POST[parcel])
    if method == "post":
        return to_send(t("Gửi bưu chính"))
    if days > _LONG:
        return stopped(t("{days} ngày").format(days=days))
    if days:
        return waiting_citizen(t("{days} ngày").format(days=days))
    return ready(t("Xong hôm nay"))


def _hit_row(hit: Hit) -> RowItem:
    return RowItem(hit.id, hit.name, f"{hit.procedure_name} · {hit.number}", right=hit.status.label)
