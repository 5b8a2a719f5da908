"""Paints every part of the interface, put together as screens, into out/gallery/*.png for the eye.

Usage: python tools/widget_gallery.py [--out DIR] [--only NAME]

Each page is painted light, dark, in high contrast, at 150 % of the screen (device ratio 1.5) and with the
officer's letters at 150 %. All names and numbers are made up.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from PySide6.QtCore import QPoint, QSize, Qt  # noqa: E402
from PySide6.QtGui import QColor, QCursor, QImage, QPainter, QPalette  # noqa: E402
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget  # noqa: E402

from app.errors import RuleError  # noqa: E402
from app.ui.theme import palette_of, set_up_look, wear  # noqa: E402
from app.ui.widgets import (  # noqa: E402
    ActionBar,
    AmountRow,
    BarChart,
    BarDatum,
    Button,
    Card,
    CheckItem,
    CheckList,
    CheckRow,
    ChipBar,
    ChipItem,
    Choice,
    ChoiceField,
    Column,
    ColumnKind,
    DataTable,
    DateField,
    Divider,
    Drawing,
    EmptyState,
    Fact,
    Field,
    Header,
    IconView,
    KeyCap,
    Kind,
    Label,
    Legend,
    Light,
    Mark,
    Mode,
    NavItem,
    NavRail,
    Need,
    Notice,
    NoticeKind,
    NoticeLine,
    NumberTile,
    PaperPreview,
    PhoneField,
    Progress,
    ProgressState,
    RowItem,
    RowList,
    ScrollColumn,
    SearchField,
    SegmentedChoice,
    Shape,
    ShareBar,
    Size,
    State,
    StateBadge,
    StateText,
    StatusBar,
    StatusLight,
    Step,
    StepList,
    TextArea,
    Timeline,
    TimelineEntry,
    Tone,
    Type,
    When,
    current,
    done,
    icon_names,
    is_narrow,
    late,
    near,
    px,
    ready,
    sent_back,
    stopped,
    theme,
    to_send,
    under_way,
    waiting_citizen,
)

PLACES = (
    NavItem("home", "Hôm nay", "home", main=True),
    NavItem("reception", "Tiếp nhận", "inbox-down", "F2", main=True),
    NavItem("certify", "Chứng thực", "stamp", main=True),
    NavItem("grid", "Hồ sơ", "folder", "F3", main=True),
    NavItem("return", "Trả kết quả", "tray-up", "F8", main=True),
    NavItem("scan", "Quét giấy tờ", "scan", "F4", main=True),
    NavItem("procedures", "Thủ tục", "book", starts_group=True),
    NavItem("eforms", "Tờ khai", "document"),
    NavItem("help", "Hỗ trợ tài khoản", "person-plus"),
    NavItem("survey", "Hài lòng, góp ý", "smile"),
    NavItem("sync", "Đồng bộ", "sync", "F5", main=True, starts_group=True),
    NavItem("leader", "Lãnh đạo", "pen"),
    NavItem("reports", "Báo cáo", "chart"),
    NavItem("audit", "Nhật ký, sao lưu", "shield-check"),
    NavItem("settings", "Cài đặt", "sliders"),
)


class Frame(QWidget):
    """Rail, header, content, action bar, status bar: what the main window will be."""

    def __init__(self, place: str, title: str, subtitle: str, narrow: bool, *, bar: bool = True) -> None:
        super().__init__()
        self.focus_part: QWidget | None = None
        self.rail = NavRail(PLACES)
        self.rail.set_current(place)
        self.rail.set_officer("Lục Thị Yến", "Quầy 2 · Tiếp nhận")
        self.rail.set_narrow(narrow)
        self.header = Header()
        self.header.set_title(title, subtitle)
        self.header.set_narrow(narrow)
        self.header.set_light(Light.WAITING, "12 hồ sơ chờ gửi")
        self.content = QWidget()
        self.bar = ActionBar()
        self.status = StatusBar()
        self.status.set_left("Quầy 2", "Máy in quầy 2 sẵn sàng · 2 liên trên một tờ A4", "Đang ở: dòng 2")
        self.status.set_right("F1 Trợ giúp", "Ctrl + / Ctrl − cỡ chữ")
        right = QVBoxLayout()
        across = QHBoxLayout()
        whole = QVBoxLayout(self)
        for layout in (right, across, whole):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(0)
        right.addWidget(self.header)
        right.addWidget(self.content, 1)
        right.addWidget(self.bar)
        across.addWidget(self.rail)
        across.addLayout(right, 1)
        whole.addLayout(across, 1)
        whole.addWidget(self.status)
        self.bar.setVisible(bar)


def _page_box(layout: QGridLayout | QHBoxLayout | QVBoxLayout) -> None:
    layout.setContentsMargins(px(16), px(12), px(16), px(12))
    layout.setSpacing(px(12))


def _scrolled(content: QWidget) -> QWidget:
    """Where a narrow window's content goes: it scrolls, the bars stay."""
    inner = QWidget()
    outer = QVBoxLayout(content)
    outer.setContentsMargins(0, 0, 0, 0)
    outer.addWidget(ScrollColumn(inner))
    return inner


def paper(width: int = 320) -> QImage:
    """A made-up sheet."""
    image = QImage(width * 3, round(width * 3 * 1.414), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setPen(Qt.PenStyle.NoPen)
    for row in range(24):
        painter.setBrush(QColor(60, 60, 60) if row in (0, 3) else QColor(190, 195, 200))
        inset = 300 if row in (0, 3) else 70
        painter.drawRect(inset, 90 + row * 46, image.width() - 2 * inset - (row * 97 % 160), 12)
    painter.end()
    return image


def components(*, missing: bool = False) -> list[CheckItem]:
    """The papers of a birth registration."""
    need = Need.MISSING if missing else Need.NORMAL
    return [
        CheckItem("a", "Tờ khai đăng ký khai sinh", "Bắt buộc", "Bản chính · 1", True),
        CheckItem(
            "b", "Giấy chứng sinh", "Bắt buộc một trong hai: 2 hoặc 3", "Bản chính · 1", not missing, need
        ),
        CheckItem("c", "Văn bản người làm chứng, cam đoan", "Thay cho Giấy chứng sinh"),
        CheckItem("d", "Giấy tờ tùy thân (xuất trình)", "Đã đọc từ thẻ lúc 15:09", "Xuất trình", True),
        CheckItem(
            "e",
            "Văn bản ủy quyền",
            "Bắt buộc vì nộp thay" if missing else "Chỉ khi nộp thay",
            "",
            False,
            need,
        ),
        CheckItem("f", "Giấy tờ về nơi cư trú", "Đã có trong CSDL dân cư", "", False, Need.EXEMPT),
    ]


def _person(narrow: bool) -> Card:
    card = Card()
    top = QHBoxLayout()
    top.setSpacing(px(12))
    top.addWidget(Label("Ma Thị Hường", Type.TITLE, semibold=True))
    top.addWidget(Label("Nữ · 14/08/1998 · dân tộc Tày", tone=Tone.SECONDARY, elide=True), 1)
    top.addWidget(StateBadge(done("Đã đến 3 lần" if narrow else "Đọc từ thẻ căn cước 15:09")))
    card.body.addLayout(top)
    if narrow:
        return card
    facts = QHBoxLayout()
    facts.setSpacing(px(32))
    facts.addWidget(Fact("Số định danh", "008198 000000"))
    facts.addWidget(Fact("Nơi cư trú", "Thôn Nà Mẫu, xã Nà Hang, tỉnh Tuyên Quang"))
    facts.addWidget(Fact("Quan hệ với trẻ", "Mẹ"))
    facts.addStretch(1)
    card.body.addLayout(facts)
    words = "gần nhất 12/09/2026: chứng thực bản sao, đã trả kết quả"
    card.body.addWidget(NoticeLine("Đã đến 3 lần", words, "Xem 3 hồ sơ trước", icon="back-arrow"))
    return card


def _due_column(narrow: bool) -> QVBoxLayout:
    due = Card("Hẹn trả kết quả")
    due.add_act(Button("Đổi ngày hẹn…", Kind.LINK))
    due.body.addWidget(Label("Thứ Tư 25/11/2026 · 17:00", Type.DUE, semibold=True))
    if not narrow:
        reason = "Vì nhận sau 15 giờ (15:12) và thứ Ba 24/11 nghỉ Ngày Văn hóa Việt Nam."
        due.body.addWidget(Label(reason, Type.TABLE, tone=Tone.SECONDARY, wrap=True))
    fee = Card()
    fee.body.setSpacing(px(4))
    if not narrow:
        fee.body.addWidget(AmountRow("Lệ phí khai sinh (đúng hạn)", "Miễn"))
        fee.body.addWidget(AmountRow("Bản sao trích lục 2 × 8.000 đ", "16.000 đ"))
        fee.body.addWidget(Divider())
    fee.body.addWidget(AmountRow("Thu hôm nay", "16.000 đ", total=True))
    reach = Card()
    phone = PhoneField("" if narrow else "Điện thoại", lambda text: text.replace(" ", ""))
    phone.set_value("0900000123")
    phone.set_unit("như lần trước")
    reach.body.addWidget(phone)
    ways = (("counter", "Tại quầy"), ("post", "Bưu chính"), ("online", "Điện tử"))
    reach.body.addWidget(SegmentedChoice(ways, name="Nhận kết quả"))
    column = QVBoxLayout()
    column.setSpacing(px(12))
    for card in (due, fee, reach):
        column.addWidget(card)
    if narrow:
        column.addStretch(1)
    else:
        column.setStretch(0, 1)
    return column


def _refusal_column() -> QVBoxLayout:
    notice = Notice(
        NoticeKind.ERROR,
        "Chưa nhận được: thiếu 2 giấy tờ",
        "Có giấy: gõ số rồi bấm lại F9. Chưa có: in hướng dẫn, ghi đủ một lần.",
    )
    notice.set_points(
        [
            ("2  Giấy chứng sinh", "hoặc giấy số 3 thay thế"),
            ("5  Văn bản ủy quyền", "vì người nộp không phải cha, mẹ"),
        ]
    )
    nexts = Card("Có thể làm tiếp")
    nexts.body.addWidget(Button("In hướng dẫn bổ sung", Kind.TINTED, icon="printer", cap="F6", leading=True))
    nexts.body.addWidget(Button("Lãnh đạo cho nhận thiếu…", icon="pen", leading=True))
    nexts.body.addWidget(Button("Từ chối tiếp nhận (mẫu 03)…", icon="close", leading=True))
    nexts.body.addStretch(1)
    column = QVBoxLayout()
    column.setSpacing(px(12))
    column.addWidget(notice)
    column.addWidget(nexts, 1)
    return column


def intake(narrow: bool = False, *, refused: bool = False) -> QWidget:
    """Picture 01, 07, 10, 11."""
    frame = Frame("reception", "Tiếp nhận hồ sơ", "Lượt thứ 17 hôm nay", narrow)
    grid = QGridLayout(frame.content)
    _page_box(grid)
    grid.addWidget(_person(narrow), 0, 0, 1, 2)
    papers = Card()
    procedure = SearchField("" if narrow else "Thủ tục", lambda _text: (), icon="book")
    procedure.set_choice(Choice("1.001193", "Đăng ký khai sinh", "1.001193 · Hộ tịch"))
    papers.body.addWidget(procedure)
    if not narrow:
        head = QHBoxLayout()
        head.addWidget(Label("Thành phần hồ sơ", Type.SECTION, semibold=True))
        head.addStretch(1)
        head.addWidget(Label("Gõ số để đánh dấu", Type.LABEL, tone=Tone.SECONDARY))
        papers.body.addLayout(head)
    checks = CheckList(name="Thành phần hồ sơ", compact=narrow)
    checks.set_items(components(missing=refused))
    checks.set_current("b")
    frame.focus_part = checks
    papers.full.addWidget(checks)
    grid.addWidget(papers, 1, 0)
    beside = _refusal_column() if refused else _due_column(narrow)
    if narrow:
        holder = QWidget()
        beside.setContentsMargins(0, 0, 0, 0)
        holder.setLayout(beside)
        grid.addWidget(ScrollColumn(holder), 1, 1)
    else:
        grid.addLayout(beside, 1, 1)
    grid.setColumnStretch(0, 10)
    grid.setColumnStretch(1, 7)
    grid.setRowStretch(1, 1)
    if not narrow:
        slip = Card("Phiếu hẹn (mẫu 01)")
        if refused:
            words = "Phiếu hiện ra khi hồ sơ đủ giấy tờ bắt buộc."
            slip.body.addWidget(EmptyState("Chưa có phiếu hẹn", words, drawing=Drawing.PAPER, small=True))
        else:
            slip.add_act(Button("Xem lớn", cap="Ctrl+P", size=Size.SMALL))
            preview = PaperPreview(name="Phiếu hẹn")
            preview.set_pages([paper()])
            slip.body.addWidget(preview)
        slip.set_width(360)
        grid.addWidget(slip, 0, 2, 2, 1)
    frame.bar.set_saved("Bản nháp đã lưu 15:12:04", "Mất điện cũng mở lại đúng ô này.")
    frame.bar.add_button(Button("Để lại nháp", cap="Esc", size=Size.BIG))
    if not narrow:
        frame.bar.add_button(Button("Người tiếp theo", cap="F10", size=Size.BIG))
    text = "Tiếp nhận và in" if narrow else "Tiếp nhận và in phiếu"
    frame.bar.add_button(Button(text, Kind.PRIMARY, icon="printer", cap="F9", size=Size.BIG))
    return frame


def refused_intake(narrow: bool = False) -> QWidget:
    """Picture 07."""
    return intake(narrow, refused=True)


def _charts() -> tuple[Card, Card]:
    due = Card("Hồ sơ theo ngày hẹn trả")
    due.add_beside_title(Label("10 ngày làm việc tới", Type.LABEL, tone=Tone.SECONDARY))
    due.add_act(Legend(["Đến hạn", "Đến hạn, chưa xong"]))
    due.add_act(Button("Xem bảng", Kind.LINK))
    days = [
        BarDatum("Hôm nay", "23/11", 6, 3, now=True),
        BarDatum("T3", "24/11", holiday="Nghỉ lễ", holiday_detail="Văn hóa"),
        BarDatum("T4", "25/11", 14),
        BarDatum("T5", "26/11", 9),
        BarDatum("T6", "27/11", 11),
        BarDatum("T2", "30/11", 17, gap_before=True),
        BarDatum("T3", "01/12", 8),
        BarDatum("T4", "02/12", 5),
        BarDatum("T5", "03/12", 7),
        BarDatum("T6", "04/12", 4),
        BarDatum("T2", "07/12", 6, gap_before=True),
    ]
    due.body.addWidget(BarChart(days, name="Hồ sơ theo ngày hẹn trả"))
    months = Card("Đúng hạn theo tháng (%)")
    months.add_act(Legend(["Quá hạn"], first=2))
    months.add_act(Button("Xem bảng", Kind.LINK))
    shares = (("T6", 96.2), ("T7", 97.1), ("T8", 95.8), ("T9", 98.0), ("T10", 97.4), ("T11", 98.6))
    bars = [
        BarDatum(
            month, value=100, part=100 - share, text=f"{share:.1f}".replace(".", ","), now=month == "T11"
        )
        for month, share in shares
    ]
    months.body.addWidget(BarChart(bars, name="Đúng hạn theo tháng", part_on_top=True))
    return due, months


TODO = (
    (
        late("Quá hạn 2 ngày"),
        "Triệu Tòn Phin",
        "Xác nhận tình trạng hôn nhân",
        "T5 19/11",
        "Viết thư xin lỗi",
    ),
    (late("Quá hạn 1 ngày"), "Phạm Thị Nga", "Xác nhận tình trạng hôn nhân", "T6 20/11", "Viết thư xin lỗi"),
    (
        near("Còn 1 giờ 48"),
        "Hoàng Văn Quyết",
        "Chứng thực hợp đồng, giao dịch về tài sản",
        "17:00",
        "Trả kết quả",
    ),
    (near("Còn 1 giờ 48"), "Quan Văn Đạt", "Đăng ký khai tử", "17:00", "Mở hồ sơ"),
    (near("Còn 1 giờ 48"), "Lộc Thị Mến", "Thay đổi, cải chính hộ tịch", "17:00", "Mở hồ sơ"),
)


def home(narrow: bool = False) -> QWidget:
    """Picture 02, 09."""
    frame = Frame("home", "Hôm nay", "Thứ Hai 23/11/2026", narrow, bar=False)
    column = QVBoxLayout()
    column.setSpacing(px(12))
    acts = QHBoxLayout()
    acts.setSpacing(px(12))
    acts.addWidget(Button("Tiếp nhận hồ sơ", Kind.PRIMARY, icon="inbox-down", cap="F2", size=Size.BIG))
    acts.addWidget(Button("Chứng thực bản sao", icon="stamp", size=Size.BIG))
    acts.addWidget(Button("Trả kết quả", icon="tray-up", cap="F8", size=Size.BIG))
    if not narrow:
        acts.addWidget(Button("Quét giấy tờ", icon="scan", cap="F4", size=Size.BIG))
    acts.addStretch(1)
    if not narrow:
        said = QVBoxLayout()
        said.addWidget(Label("Đã tiếp nhận hôm nay", Type.LABEL, tone=Tone.SECONDARY, right=True))
        said.addWidget(Label("16 hồ sơ · 43 bản chứng thực", semibold=True, right=True))
        acts.addLayout(said)
    column.addLayout(acts)
    tiles = QGridLayout()
    tiles.setSpacing(px(12))
    figures = (
        NumberTile(6, near("đến hạn hôm nay"), "3 đã xong, 3 đang làm"),
        NumberTile(2, late("quá hạn"), "Cả 2 chưa có văn bản xin lỗi"),
        NumberTile(5, waiting_citizen("chờ công dân"), "Đồng hồ đang dừng, lâu nhất 6 ngày"),
        NumberTile(12, to_send("chưa gửi tỉnh"), "Lâu nhất 32 phút, tự gửi khi có mạng"),
    )
    for place, tile in enumerate(figures):
        tiles.addWidget(tile, place // 2 if narrow else 0, place % 2 if narrow else place)
    column.addLayout(tiles)
    grid = QGridLayout()
    grid.setSpacing(px(12))
    due, months = _charts()
    grid.addWidget(due, 0, 0)
    grid.addWidget(months, 2 if narrow else 0, 0 if narrow else 1)
    todo = Card("Cần làm trước")
    todo.add_act(Button("Xem tất cả", Kind.LINK))
    table = DataTable(
        [
            Column("state", "Tình trạng", ColumnKind.STATE),
            Column("name", "Chủ hồ sơ", ColumnKind.STRONG),
            Column("procedure", "Thủ tục", width=120, stretch=True),
            Column("due", "Hẹn trả"),
            Column("act", "Việc cần làm", ColumnKind.LINK),
        ],
        name="Cần làm trước",
        row_height=34,
    )
    table.set_rows(TODO)
    todo.full.addWidget(table)
    grid.addWidget(todo, 1, 0)
    digital = Card("Số hóa tháng 11")
    digital.add_act(Button("Xem bảng", Kind.LINK))
    digital.body.addWidget(ShareBar("Thành phần hồ sơ", 94.2, 95.7, "Thiếu 1,5 điểm: còn 21 hồ sơ chưa quét"))
    digital.body.addWidget(ShareBar("Kết quả giải quyết", 76.0, 74.1, "Đạt mục tiêu"))
    digital.body.addWidget(ShareBar("Dùng lại dữ liệu sẵn có", 81.3, 80, "Đạt mục tiêu"))
    digital.body.addStretch(1)
    grid.addWidget(digital, 3 if narrow else 1, 0 if narrow else 1)
    if not narrow:
        months.set_width(404)
        digital.set_width(404)
    grid.setRowStretch(0, 18)
    grid.setRowStretch(1, 24)
    column.addLayout(grid, 1)
    if narrow:
        inner = QWidget()
        column.setContentsMargins(0, 0, 0, 0)
        inner.setLayout(column)
        outer = QVBoxLayout(frame.content)
        outer.addWidget(ScrollColumn(inner))
        _page_box(outer)
    else:
        outer = QVBoxLayout(frame.content)
        outer.addLayout(column)
        _page_box(outer)
    return frame


OUTBOX = (
    ("Hà Thị Thảo", "Tiếp nhận · 13:51", sent_back("Bị trả về")),
    ("Hoàng Thị Pa", "Ngày hẹn trả · 15:02", near("Tỉnh đề xuất khác")),
    ("Bàn Thị Mùi", "Bản quét · 18,4/46,0 MB", under_way("Đang gửi")),
    ("Nông Văn Tú", "Tiếp nhận · 15:04", to_send("Chờ gửi")),
    ("Chẩu Thị Hiền", "Tiếp nhận · 14:58", to_send("Chờ gửi")),
    ("Lý Văn Dậu", "Tiếp nhận · 14:40", to_send("Chờ gửi")),
    ("Giàng A Sùng", "Bản quét · 3,1 MB", to_send("Chờ gửi")),
    ("Đặng Thị Liên", "Trả kết quả · 14:38", done("Tỉnh đã nhận")),
)


def sync(narrow: bool = False) -> QWidget:
    """Picture 03."""
    frame = Frame("sync", "Đồng bộ", "Mạng chậm", narrow, bar=False)
    frame.header.set_light(Light.ATTENTION, "Cần xem: 1 hồ sơ bị trả về")
    grid = QGridLayout(_scrolled(frame.content) if narrow else frame.content)
    _page_box(grid)
    moving = Card()
    progress = Progress(note="Rớt mạng thì tự gửi tiếp từ chỗ dở, không gửi lại từ đầu.")
    progress.set_state(
        ProgressState(
            "Đang gửi bản quét",
            3,
            12,
            "TN-02221-261123-2010 · To-khai.pdf",
            19_293_798,
            48_234_496,
            98_304,
            290,
        )
    )
    moving.body.addWidget(progress)
    grid.addWidget(moving, 0, 0, 1, 2)
    box = Card("Hộp gửi đi", hint="12 việc, cũ nhất 36 phút")
    rows = RowList(
        [RowItem(str(n), a, b, state=c) for n, (a, b, c) in enumerate(OUTBOX)], lines=True, name="Hộp gửi"
    )
    rows.set_current("0")
    box.full.addWidget(rows)
    box.set_width(320 if narrow else 360)
    grid.addWidget(box, 1, 0, 2, 1)
    refusal = Card()
    top = QHBoxLayout()
    top.setSpacing(px(10))
    top.addWidget(StateBadge(sent_back("Bị trả về")))
    top.addWidget(Label("Hà Thị Thảo – Đăng ký lại khai sinh", Type.SECTION, semibold=True, elide=True), 1)
    top.addWidget(Label("TN-02221-261123-2011", Type.LABEL, tone=Tone.SECONDARY))
    refusal.body.addLayout(top)
    why = Label("", Type.TABLE, wrap=True)
    why.set_parts(
        [
            ("Tỉnh chưa nhận vì ", False),
            ("số định danh của người nộp có 11 chữ số, cần đủ 12", True),
            (". Bản in trong tay công dân không sai ngày hẹn; chỉ cần sửa số rồi gửi lại.", False),
        ]
    )
    refusal.body.addWidget(why)
    acts = QHBoxLayout()
    acts.setSpacing(px(8))
    mend = Button("Sửa số định danh", Kind.PRIMARY, cap="Enter")
    frame.focus_part = mend
    acts.addWidget(mend)
    if not narrow:
        acts.addWidget(Button("Gọi 0900 000 124 hỏi lại", icon="phone"))
    acts.addWidget(Button("Để sau"))
    acts.addStretch(1)
    acts.addWidget(Button("Trang bằng chứng", Kind.LINK))
    refusal.body.addLayout(acts)
    grid.addWidget(refusal, 1, 1)
    differs = Card("Ngày hẹn trả khác nhau", hint="Hoàng Thị Pa – Đăng ký kết hôn")
    differs.body.addWidget(
        Label("Phiếu đã giao cho công dân, máy không tự đổi.", Type.TABLE, tone=Tone.SECONDARY, wrap=True)
    )
    table = DataTable(
        [
            Column("what", "", ColumnKind.MUTED, sortable=False),
            Column("slip", "Phiếu công dân đang cầm", stretch=True, sortable=False),
            Column("province", "Tỉnh đề xuất", stretch=True, sortable=False),
            Column("note", "", ColumnKind.STATE, sortable=False),
        ],
        name="So sánh",
        row_height=34,
    )
    table.set_rows(
        [
            ("Hẹn trả", "Thứ Tư 25/11/2026 · 17:00", "Thứ Năm 26/11/2026 · 17:00", near("khác")),
            ("Số hồ sơ", "TN-02221-261123-2006", "000.00.00.H60-261123-0006", None),
            ("Phí, lệ phí", "0 đ", "0 đ", None),
        ]
    )
    differs.full.addWidget(table)
    choose = QHBoxLayout()
    choose.setSpacing(px(8))
    choose.addWidget(Button("Giữ theo phiếu", Kind.TINTED))
    choose.addWidget(
        Button(
            "Nhận ngày của tỉnh, in lại lần 1"
            if narrow
            else "Nhận ngày của tỉnh, in lại lần 1 và nhắn công dân",
            icon="printer",
        )
    )
    choose.addStretch(1)
    differs.foot.addLayout(choose)
    grid.addWidget(differs, 2, 1)
    grid.setRowStretch(2, 1)
    grid.setColumnStretch(1, 1)
    return frame


def help_case(narrow: bool = False) -> QWidget:
    """Picture 04."""
    frame = Frame("help", "Hỗ trợ tài khoản", "Bước 4 / 6: kích hoạt VNeID", narrow)
    frame.header.set_light(Light.OFFLINE, "Mất mạng – vẫn làm việc bình thường")
    frame.header.set_search_shown(not narrow)
    row = QHBoxLayout(frame.content)
    _page_box(row)
    steps = Card("Ma Thị Hường")
    steps.body.addWidget(Label("Nữ · 14/08/1998 · 0900 000 123", Type.TABLE, tone=Tone.SECONDARY))
    steps.body.addWidget(Divider())
    listed = StepList(
        [
            Step("Kiểm tra thẻ", "Thẻ căn cước, hạn 14/08/2038", When.PAST),
            Step("Chuyển Công an xã", "Thứ Ba 17/11, làm mức độ 2", When.PAST),
            Step("Công an duyệt", "Thứ Sáu 20/11, đã có tin nhắn", When.PAST),
            Step("Kích hoạt VNeID", "Trên máy của công dân", When.NOW),
            Step("Đăng nhập Cổng DVC", "Quét QR bằng VNeID"),
            Step("Nộp hồ sơ đầu tiên", "Công dân tự bấm nộp"),
        ],
        choosable=True,
    )
    steps.body.addWidget(ScrollColumn(listed), 1)
    steps.set_width(272)
    row.addWidget(steps)
    middle = QVBoxLayout()
    middle.setSpacing(px(12))
    words = "Công dân tự nhập mật khẩu, passcode, OTP trên máy mình."
    middle.addWidget(Notice(NoticeKind.WARN, "Không đọc OTP cho bất kỳ ai, kể cả cán bộ", words, icon="lock"))
    stuck = Card("Đang vướng gì?", hint="Chọn được nhiều")
    chips = ChipBar(
        [
            ChipItem("sim", "SIM không chính chủ", True),
            ChipItem("pass", "Quên passcode"),
            ChipItem("signal", "Sóng yếu"),
            ChipItem("expired", "Hết hạn kích hoạt"),
            ChipItem("nfc", "Máy không có NFC"),
        ],
        name="Đang vướng gì?",
    )
    chips.add_act("Vướng mắc khác…")
    stuck.body.addWidget(chips)
    middle.addWidget(stuck)
    nexts = Card("Việc tiếp theo")
    nexts.body.setSpacing(px(4))
    nexts.body.addWidget(
        Label("Ra nhà mạng đổi SIM sang tên mình, mang thẻ căn cước.", Type.TABLE, wrap=True)
    )
    both = QHBoxLayout()
    both.setSpacing(px(12))
    back = DateField("Hẹn quay lại", parse_day, icon="clock")
    back.set_value(date(2026, 11, 30))
    both.addWidget(back)
    outcome = ChoiceField("Kết quả hôm nay", [Choice("a", "Chưa xong, có hẹn"), Choice("b", "Đã xong")])
    outcome.set_value("a")
    both.addWidget(outcome)
    nexts.body.addLayout(both)
    middle.addWidget(nexts)
    consent = Card("Đồng ý của công dân", hint="Đọc to từng dòng")
    consent.body.setSpacing(0)
    consent.body.addWidget(
        CheckRow(
            "Nhắn tin nhắc lịch hẹn đến 0900 000 123", why="Đồng ý lúc 15:31 · lời đọc bản 2", checked=True
        )
    )
    consent.body.addWidget(
        CheckRow("Lưu tiến trình hỗ trợ 12 tháng", why="Không đồng ý vẫn được hướng dẫn đầy đủ")
    )
    consent.body.addWidget(
        CheckRow("Giữ số điện thoại cho lần sau", why="Rút lại lúc nào cũng được, xóa ngay")
    )
    middle.addWidget(consent, 1)
    holder = QWidget()
    middle.setContentsMargins(0, 0, 0, 0)
    holder.setLayout(middle)
    if narrow:
        row.addWidget(ScrollColumn(holder), 1)
    else:
        row.addWidget(holder, 1)
        card = Card("Phiếu mang về")
        card.add_act(Button("In", cap="Ctrl+P", size=Size.SMALL))
        preview = PaperPreview(name="Phiếu mang về")
        preview.set_pages([paper()])
        card.body.addWidget(preview, 1)
        card.foot.addWidget(
            Label("Chữ to, nửa tờ A5, không có số định danh.", Type.LABEL, tone=Tone.SECONDARY)
        )
        card.set_width(348)
        row.addWidget(card)
    frame.bar.set_saved("Đã lưu 15:31:40", "Gặp lần 3 · 22 phút")
    frame.bar.add_button(Button("Người tiếp theo", cap="F10", size=Size.BIG))
    frame.bar.add_button(
        Button("Lưu và in phiếu mang về", Kind.PRIMARY, icon="printer", cap="Ctrl+Enter", size=Size.BIG)
    )
    return frame


def parse_day(text: str) -> date:
    """A date of eight digits, for the gallery alone."""
    digits = "".join(letter for letter in text if letter.isdigit())
    try:
        return date(int(digits[4:]), int(digits[2:4]), int(digits[:2]))
    except ValueError:
        raise RuleError("date-unknown", f"Không có ngày {text}.", "Gõ lại, ví dụ 28022026.") from None


def dossier(narrow: bool = False) -> QWidget:
    """Picture 05."""
    frame = Frame("grid", "Chi tiết hồ sơ", "", narrow, bar=False)
    frame.header.set_light(Light.OK, "Đã đồng bộ 15:35")
    grid = QGridLayout(frame.content)
    _page_box(grid)
    summary = Card()
    row = QHBoxLayout()
    row.setSpacing(px(16))
    words = QVBoxLayout()
    words.setSpacing(px(2))
    name = QHBoxLayout()
    name.setSpacing(px(12))
    name.addWidget(Label("Ma Thị Hường", Type.TITLE, semibold=True))
    name.addWidget(Label("Đăng ký khai sinh", Type.SECTION, elide=True), 1)
    words.addLayout(name)
    numbers = "000.00.00.H60-261123-0017     Biên nhận tạm TN-02221-261123-2017     0900 000 123"
    words.addWidget(Label(numbers, Type.TABLE, tone=Tone.SECONDARY, elide=True))
    row.addLayout(words, 1)
    row.addWidget(StateBadge(under_way("Đang xử lý")))
    if not narrow:
        row.addWidget(Divider(upright=True))
        row.addWidget(Fact("Hẹn trả", "Thứ Tư 25/11 · 17:00", semibold=True))
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(Label("Còn lại", Type.LABEL, tone=Tone.SECONDARY))
        left.addWidget(StateText(ready("8 giờ 54 phút làm việc"), role=Type.BODY, semibold=True))
        row.addLayout(left)
    summary.body.addLayout(row)
    grid.addWidget(summary, 0, 0, 1, 3)
    story = Card("Diễn biến")
    story.body.addWidget(ScrollColumn(Timeline(STORY)), 1)
    acts = QHBoxLayout()
    acts.setSpacing(px(8))
    acts.addWidget(Button("Ghi chú", icon="plus"))
    acts.addWidget(Button("In phiếu kiểm soát (06)"))
    acts.addStretch(1)
    story.foot.addLayout(acts)
    story.set_width(360)
    grid.addWidget(story, 1, 0, 2, 1)
    papers = Card("Giấy tờ đã nhận", hint="4 / 4")
    table = DataTable(
        [
            Column("paper", "Giấy tờ", stretch=True),
            Column("kind", "Loại"),
            Column("scan", "Bản quét", ColumnKind.STATE),
        ],
        name="Giấy tờ đã nhận",
        row_height=34,
    )
    table.set_rows(
        [
            ("1  Tờ khai đăng ký khai sinh", "Bản chính", done("2 trang")),
            ("2  Giấy chứng sinh", "Bản chính", done("1 trang")),
            ("4  Giấy tờ tùy thân", "Xuất trình", stopped("Không cần quét")),
            ("6  Giấy tờ về nơi cư trú", "Miễn nộp", done("Từ CSDL dân cư")),
        ]
    )
    papers.full.addWidget(table)
    grid.addWidget(papers, 1, 1)
    scans = Card("Bản quét")
    scans.add_act(Button("Quét thêm", cap="F4", size=Size.SMALL))
    scans.body.addStretch(1)
    scans.foot.addWidget(
        Label(
            "3 trang · 1,8 MB · 200 dpi, màu · đã gửi tỉnh 15:24", Type.LABEL, tone=Tone.SECONDARY, elide=True
        )
    )
    grid.addWidget(scans, 2, 1)
    if not narrow:
        grid.addLayout(_dossier_acts(), 1, 2, 2, 1)
    grid.setColumnStretch(1, 1)
    grid.setRowStretch(1, 1)
    grid.setRowStretch(2, 1)
    return frame


STORY = (
    TimelineEntry(
        "15:12", "Tiếp nhận, in giấy hẹn", "Lục Thị Yến · Quầy 2 · in 2 liên", day="Thứ Hai 23/11/2026"
    ),
    TimelineEntry("15:13", "Đưa vào hộp gửi", "Lưu tại máy trước khi in", Shape.ARROW_UP, Tone.SECONDARY),
    TimelineEntry("15:20", "Tỉnh đã nhận", "Cấp mã 000.00.00.H60-261123-0017", Shape.CHECK, Tone.GREEN),
    TimelineEntry("15:26", "Chuyển xử lý", "Yến giao, Ma Văn Thắng (Tư pháp) nhận", Shape.PLAY, Tone.BLUE),
    TimelineEntry("Bây giờ", "Đang xử lý", "Ma Văn Thắng giữ hồ sơ · 10 phút", when=When.NOW),
    TimelineEntry("25/11", "Hẹn trả 17:00 tại quầy", "24/11 nghỉ lễ, không tính", when=When.FUTURE),
)


def _dossier_acts() -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(px(12))
    acts = Card("Việc có thể làm")
    acts.body.addWidget(Button("Đã xử lý xong", Kind.PRIMARY, icon="check", leading=True, size=Size.BIG))
    acts.body.addWidget(
        Label("Người ký: Phó Giám đốc Nguyễn Thị Vân", Type.LABEL, tone=Tone.SECONDARY, elide=True)
    )
    acts.body.addWidget(Divider())
    acts.body.addWidget(Button("Yêu cầu bổ sung", icon="document", cap="F6", leading=True))
    acts.body.addWidget(Button("Nghĩa vụ tài chính…", icon="clock", leading=True))
    acts.body.addWidget(Button("Công dân rút hồ sơ…", icon="back-arrow", leading=True))
    acts.body.addWidget(Button("Dừng giải quyết…", icon="close", leading=True))
    column.addWidget(acts)
    column.addWidget(Notice(NoticeKind.INFO, "Chưa trả kết quả được", "Cần lãnh đạo ký trước."))
    prints = Card("Bản in, tin nhắn")
    prints.body.addWidget(AmountRow("Giấy hẹn (01)", "lần 1"))
    prints.body.addWidget(AmountRow("Nhắn tin hẹn trả", "Đã gửi 15:21"))
    column.addWidget(prints)
    column.addStretch(1)
    for card in (acts, prints):
        card.set_width(288)
    return column


def _grid_rows() -> Sequence[tuple[str | int | State, ...]]:
    base = (
        (
            "2017",
            "Ma Thị Hường",
            "Đăng ký khai sinh",
            "23/11 15:12",
            "T4 25/11 17:00",
            under_way("Đang xử lý"),
            16000,
            to_send("Chờ gửi"),
        ),
        (
            "2016",
            "Nông Văn Tú",
            "Xác nhận hôn nhân",
            "23/11 15:04",
            "T6 27/11 17:00",
            under_way("Đang xử lý"),
            0,
            to_send("Chờ gửi"),
        ),
        (
            "2015",
            "Chẩu Thị Hiền",
            "Chứng thực bản sao",
            "23/11 14:58",
            "T2 23/11 17:00",
            done("Đã trả"),
            36000,
            to_send("Chờ gửi"),
        ),
        (
            "2013",
            "Giàng A Sùng",
            "Đăng ký kết hôn",
            "23/11 14:22",
            "Đang dừng",
            waiting_citizen("Chờ công dân"),
            0,
            to_send("Chờ gửi"),
        ),
        (
            "2011",
            "Hà Thị Thảo",
            "Đăng ký lại khai sinh",
            "23/11 13:51",
            "T3 01/12 17:00",
            under_way("Đang xử lý"),
            0,
            sent_back("Cần xem"),
        ),
        (
            "2008",
            "Quan Văn Đạt",
            "Đăng ký khai tử",
            "23/11 09:30",
            "T2 23/11 17:00",
            near("Hạn hôm nay"),
            0,
            done("Đã nhận"),
        ),
        (
            "1931",
            "Phạm Thị Nga",
            "Xác nhận hôn nhân",
            "17/11 09:41",
            "T6 20/11 17:00",
            late("Quá hạn 1 ngày"),
            0,
            done("Đã nhận"),
        ),
        (
            "1912",
            "Trần Quốc Việt",
            "Đăng ký hộ kinh doanh",
            "16/11 14:02",
            "–",
            stopped("Công dân rút"),
            100000,
            done("Đã nhận"),
        ),
    )
    return list(base) * 3


def grid(narrow: bool = False) -> QWidget:
    """Picture 06."""
    frame = Frame("grid", "Hồ sơ", "131 hồ sơ · của tôi, tháng này", narrow, bar=False)
    outer = QHBoxLayout(frame.content)
    _page_box(outer)
    if not narrow:
        filters = Card()
        listed = RowList(
            [
                RowItem("", "Có sẵn", heading=True),
                RowItem("a", "Đang xử lý", right="48", state=under_way("")),
                RowItem("b", "Đến hạn hôm nay", right="6", state=near("")),
                RowItem("c", "Quá hạn", right="2", state=late("")),
                RowItem("d", "Chờ công dân", right="5", state=waiting_citizen("")),
                RowItem("e", "Chờ trả kết quả", right="9", state=ready("")),
                RowItem("f", "Chưa gửi tỉnh", right="12", state=to_send("")),
                RowItem("", "Bộ lọc của tôi", heading=True),
                RowItem("g", "Của tôi, tháng này", right="131"),
                RowItem("h", "Khai sinh chưa quét", right="21"),
            ],
            name="Bộ lọc",
        )
        listed.set_current("g")
        filters.full.addWidget(listed)
        filters.foot.addWidget(Button("Lưu bộ lọc này", icon="plus"))
        filters.set_width(196)
        outer.addWidget(filters)
    right = QVBoxLayout()
    right.setSpacing(px(12))
    top = QHBoxLayout()
    top.setSpacing(px(8))
    chips = ChipBar(
        [ChipItem("m", "Tháng 11/2026", True), ChipItem("me", "Cán bộ: tôi", True)], name="Điều kiện"
    )
    chips.add_act("Thêm điều kiện…")
    top.addWidget(chips, 1)
    top.addWidget(Button("Cột hiển thị", size=Size.SMALL))
    top.addWidget(Button("Xuất Excel", icon="table", size=Size.SMALL))
    right.addLayout(top)
    card = Card()
    table = DataTable(
        [
            Column("no", "Số", ColumnKind.MUTED),
            Column("name", "Chủ hồ sơ", ColumnKind.STRONG),
            Column("procedure", "Thủ tục", width=120, stretch=True),
            Column("received", "Nhận"),
            Column("due", "Hẹn trả"),
            Column("state", "Tình trạng", ColumnKind.STATE),
            Column("fee", "Phí (đ)", ColumnKind.AMOUNT),
            Column("sync", "Gửi tỉnh", ColumnKind.STATE),
        ],
        name="Hồ sơ",
    )
    rows = _grid_rows()
    table.set_rows(rows, [f"{n}" for n in range(len(rows))])
    table.set_sorted("received", True)
    model = table.selectionModel()
    table.setCurrentIndex(table.model().index(1, 1))
    for row in (1, 2, 3):
        flags = model.SelectionFlag.Select | model.SelectionFlag.Rows
        model.select(table.model().index(row, 0), flags)
    frame.focus_part = table
    card.full.addWidget(table)
    right.addWidget(card, 1)
    outer.addLayout(right, 1)
    frame.status.set_left("Đã chọn 3 hồ sơ", "Tổng phí 36.000 đ", "1 đang xử lý · 1 chờ công dân · 1 đã trả")
    frame.status.set_right("Enter mở", "Ctrl+C chép sang Excel", "Shift + mũi tên chọn thêm")
    return frame


def empty(narrow: bool = False) -> QWidget:
    """Picture 08."""
    frame = Frame("reception", "Tiếp nhận hồ sơ", "Sẵn sàng cho lượt 17", narrow)
    frame.header.set_search_shown(False)
    row = QHBoxLayout(frame.content)
    _page_box(row)
    hint = "Quét mã QR trên thẻ. Con trỏ ở đâu cũng nhận. Hoặc gõ để tìm:"
    state = EmptyState("Mời công dân đưa thẻ căn cước", hint)
    field = Field("", placeholder="Tên, số định danh, số điện thoại hoặc số hồ sơ", icon="search", height=48)
    state.set_field(field)
    state.add_way("Nhập tay khi không có thẻ", "Họ tên, ngày sinh, nơi cư trú", cap="F2")
    state.add_way(
        "Mở lại bản nháp 14:51 – Vi Thị Xuân", "Đăng ký khai tử, còn thiếu số điện thoại", icon="save"
    )
    frame.focus_part = field.line
    row.addWidget(state, 1)
    frame.bar.set_idle("Chưa có bản nháp nào đang mở.")
    accept = Button("Tiếp nhận và in phiếu", Kind.PRIMARY, icon="printer", cap="F9", size=Size.BIG)
    accept.setEnabled(False)
    frame.bar.add_button(accept)
    return frame


def parts(narrow: bool = False) -> QWidget:
    """Every small part in its states."""
    page = QWidget()
    columns = QHBoxLayout(_scrolled(page) if narrow else page)
    _page_box(columns)
    first, second, third = QVBoxLayout(), QVBoxLayout(), QVBoxLayout()
    for column in (first, second, third):
        column.setSpacing(px(12))
        columns.addLayout(column, 1)
    buttons = Card("Nút bấm")
    for kind in Kind:
        row = QHBoxLayout()
        row.addWidget(Button("Chứng thực", kind, icon="stamp", cap="F9"))
        off = Button("Chưa được", kind, icon="save")
        off.setEnabled(False)
        row.addWidget(off)
        row.addStretch(1)
        buttons.body.addLayout(row)
    first.addWidget(buttons)
    states = Card("Tình trạng")
    wrap = QGridLayout()
    every = (
        under_way("Đang xử lý"),
        near("Đến hạn hôm nay"),
        late("Quá hạn 2 ngày"),
        waiting_citizen("Chờ công dân"),
        done("Đã trả"),
        sent_back("Bị trả về"),
        to_send("Chờ gửi"),
        stopped("Công dân rút"),
    )
    for place, state in enumerate(every):
        wrap.addWidget(StateBadge(state), place // 2, 2 * (place % 2))
        wrap.addWidget(StateText(state), place // 2, 2 * (place % 2) + 1)
    states.body.addLayout(wrap)
    first.addWidget(states)
    lights = Card("Đèn")
    for light, words in (
        (Light.OK, "Đã đồng bộ 10:42"),
        (Light.WAITING, "12 hồ sơ chờ gửi"),
        (Light.OFFLINE, "Mất mạng – vẫn làm việc bình thường"),
        (Light.ATTENTION, "Cần xem: 1 hồ sơ bị trả về"),
    ):
        lights.body.addWidget(StatusLight(light, words))
    first.addWidget(lights)
    first.addStretch(1)
    fields = Card("Ô nhập")
    wrong = DateField("Ngày sinh", parse_day, hint="Gõ tám chữ số")
    wrong.set_text("30022026")
    wrong.read()
    fields.body.addWidget(wrong)
    fields.body.addWidget(
        Field("Họ và tên", text="NGUYỄN THỊ ẤỰỄ", hint="Như trên thẻ căn cước", unit="từ thẻ")
    )
    fields.body.addWidget(ChoiceField("Quan hệ", [Choice("me", "Mẹ")], placeholder="Chọn một"))
    fields.body.addWidget(TextArea("Ghi chú", placeholder="Điều cần nhớ cho lần sau"))
    read_only = Field("Số hồ sơ", text="000.00.00.H60-261123-0017")
    read_only.set_read_only(True)
    fields.body.addWidget(read_only)
    second.addWidget(fields)
    second.addWidget(Notice(NoticeKind.OK, "Đã sao lưu xong", "Bản sao đã đọc lại được, 212 MB."))
    second.addStretch(1)
    icons = Card("Biểu tượng")
    drawn = QGridLayout()
    for place, name in enumerate(icon_names()):
        drawn.addWidget(IconView(name, size=24), place // 10, place % 10)
    icons.body.addLayout(drawn)
    third.addWidget(icons)
    marks = QHBoxLayout()
    for shape in Shape:
        marks.addWidget(Mark(shape, Tone.BLUE, size=16))
    icons.body.addLayout(marks)
    caps = QHBoxLayout()
    for cap in ("F1", "Esc", "Ctrl+P", "Ctrl+Enter"):
        caps.addWidget(KeyCap(cap))
    caps.addStretch(1)
    icons.body.addLayout(caps)
    warn = Notice(NoticeKind.WARN, "Ổ đĩa sắp đầy", "Còn 1,2 GB. Hồ sơ vẫn được lưu.")
    warn.add_act("Dọn bản quét đã gửi", kind=Kind.TINTED)
    warn.add_act("Để sau")
    third.addWidget(warn)
    third.addStretch(1)
    return page


PAGES: dict[str, Callable[[bool], QWidget]] = {
    "01-intake": intake,
    "02-home": home,
    "03-sync": sync,
    "04-help": help_case,
    "05-dossier": dossier,
    "06-grid": grid,
    "07-refused": refused_intake,
    "08-empty": empty,
    "parts": parts,
}


def build(name: str, size: QSize) -> QWidget:
    """A page laid out at ``size``, with its focus where the picture has it."""
    page = PAGES[name](is_narrow(size))
    palette = page.palette()
    palette.setColor(QPalette.ColorRole.Window, current().window)
    page.setPalette(palette)
    page.setAutoFillBackground(True)
    page.resize(size)
    page.show()
    page.activateWindow()
    QApplication.processEvents()
    focus = getattr(page, "focus_part", None)
    if isinstance(focus, QWidget):
        focus.setFocus(Qt.FocusReason.TabFocusReason)
    QApplication.processEvents()
    return page


def shoot(page: QWidget, ratio: float = 1.0) -> QImage:
    """The page as painted at a device ratio."""
    image = QImage(page.size() * ratio, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(current().window)
    page.render(image, QPoint())
    return image


def black_palette() -> QPalette:
    """A high-contrast palette as Windows gives it: white and yellow on black, cyan marks."""
    role, palette = QPalette.ColorRole, QPalette()
    for which in (role.Window, role.Base, role.Button, role.HighlightedText):
        palette.setColor(which, QColor("black"))
    for which in (role.WindowText, role.Text, role.ButtonText, role.PlaceholderText):
        palette.setColor(which, QColor("white"))
    palette.setColor(role.Highlight, QColor("#1AEBFF"))
    palette.setColor(role.Link, QColor("#FFFF00"))
    return palette


LOOKS: tuple[tuple[str, Mode, float, float, QSize], ...] = (
    ("light", Mode.LIGHT, 1.0, 1.0, QSize(1366, 696)),
    ("dark", Mode.DARK, 1.0, 1.0, QSize(1366, 696)),
    ("contrast", Mode.HIGH_CONTRAST, 1.0, 1.0, QSize(1366, 696)),
    ("150-narrow", Mode.LIGHT, 1.0, 1.5, QSize(911, 440)),
    ("letters-150", Mode.LIGHT, 1.5, 1.0, QSize(1366, 696)),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "out" / "gallery")
    parser.add_argument("--only", default="", help="part of a page's name")
    parser.add_argument("--look", default="", help="part of a look's name")
    wanted = parser.parse_args()
    wanted.out.mkdir(parents=True, exist_ok=True)
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    set_up_look(app, mode=Mode.LIGHT)
    QCursor.setPos(799, 799)
    for look, mode, factor, ratio, size in LOOKS:
        if wanted.look not in look:
            continue
        if mode is Mode.HIGH_CONTRAST:
            QApplication.setPalette(black_palette())
        else:
            QApplication.setPalette(palette_of(current()))
        wear(mode)
        theme().set_factor(factor)
        for name in PAGES:
            if wanted.only in name:
                page = build(name, size)
                shoot(page, ratio).save(str(wanted.out / f"{name}-{look}.png"))
                page.close()
                page.deleteLater()


if __name__ == "__main__":
    main()
