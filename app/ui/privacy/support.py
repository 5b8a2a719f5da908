"""Hỗ trợ và sự cố: the diagnosis pack, seen before it leaves, and the worksheet for a lost PC."""

from __future__ import annotations

from datetime import datetime, time

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.clock import VIETNAM
from app.domain.roles import Permission
from app.domain.typed_date import parse_typed_date
from app.errors import AppError, RuleError
from app.services.papers.slips import MadePaper
from app.services.privacy.breach import breach_sheet
from app.services.support.pack import Pack, PackPart, make_pack, pack_name
from app.text import t
from app.ui.privacy.printing import AskFile, ask_file, print_made, write_chosen
from app.ui.screen import Context
from app.ui.settings.section import Section
from app.ui.widgets import (
    Button,
    Card,
    Field,
    Kind,
    Label,
    NoticeKind,
    RowItem,
    RowList,
    TextArea,
    Tone,
    Type,
)

_SHOWN_LINES = 400
"""So much of a text is laid out at once; the pack holds it whole."""


class SupportSection(Section):
    """What would leave stands at left, the text picked at right; nothing leaves but into a named file."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._pack: Pack | None = None
        self._making = False
        self.ask_target: AskFile = self._ask
        self.card = Card(t("Gói chẩn đoán"))
        told = t(
            "Khi cần người hỗ trợ: gói này nói máy, phiên bản, số đếm, kết quả đồng bộ và chỗ lỗi. Không có"
            " tên, số hay địa chỉ của công dân. Xem từng phần trước khi lưu."
        )
        self.told = Label(told, Type.TABLE, tone=Tone.SECONDARY, wrap=True)
        self.card.body.addWidget(self.told, 0, Qt.AlignmentFlag.AlignTop)
        self.make = Button(t("Lập gói"), Kind.LINK, icon="document")
        self.card.add_act(self.make)
        self.list = RowList(name=t("Các phần của gói"), lines=True)
        self.list.hide()
        self.card.full.addWidget(self.list, 1)
        self.add_list(self.card)
        self._build_preview()
        self._build_breach()
        self.add(self.preview, self.breach)
        self.preview.hide()
        self.fields = {"found": self.found}
        self.make.clicked.connect(self.put_together)
        self.list.picked.connect(self._pick)
        self.keep.clicked.connect(self.save)
        self.sheet.clicked.connect(self.print_sheet)
        self.found.edited.connect(lambda _text: self.found.set_error(None))

    def _build_preview(self) -> None:
        self.preview = Card(t("Phần đang xem"))
        self.text = TextArea("", lines=11)
        self.text.area.setReadOnly(True)
        self.keep = Button(t("Lưu gói ra tệp"), Kind.PRIMARY, icon="save", cap="Ctrl+S")
        self.preview.body.addWidget(self.text)
        self.preview.body.addWidget(self.keep)

    def _build_breach(self) -> None:
        self.breach = Card(t("Mất máy, lộ dữ liệu"))
        told = t("Phiếu ghi máy này có dữ liệu của bao nhiêu người, đã khóa chưa, phải báo ai trước lúc nào.")
        self.found = Field(t("Phát hiện lúc"), placeholder=t("ví dụ 23112026 0930; để trống: chưa rõ"))
        self.words = Field(t("Việc đã xảy ra"))
        self.sheet = Button(t("In phiếu sự cố"), icon="printer")
        for part in (
            Label(told, Type.LABEL, tone=Tone.SECONDARY, wrap=True),
            self.found,
            self.words,
            self.sheet,
        ):
            self.breach.body.addWidget(part)
        self.breach.setVisible(self.by.may(Permission.CONFIGURE) or self.by.may(Permission.OVERRIDE))

    def put_together(self) -> None:
        """Build the pack to be looked at."""
        if self._making:
            return
        self._making = True
        self.make.setEnabled(False)
        self.tell(NoticeKind.INFO, t("Đang lập gói…"), t("Cứ làm việc khác; xong sẽ hiện ở đây."))
        desk, by = self.desk, self.by
        self.context.background.aside(lambda: make_pack(desk, by), self._made, self._not_made, owner=self)

    def save(self) -> None:
        """The pack into a file the officer names."""
        pack = self._pack
        if pack is None:
            self.put_together()
            return
        target = self.ask_target()
        if target:
            self.work(lambda: write_chosen(target, pack.data), self._saved)

    def print_sheet(self) -> None:
        """The worksheet; what the program cannot know is left for a hand."""
        try:
            found = self._found()
        except RuleError as error:
            self.refuse(error)
            return
        desk, by, words = self.desk, self.by, self.words.text()
        self.work(lambda: breach_sheet(desk, by, found, words), self._drawn)

    def first(self) -> QWidget:
        """The button that builds."""
        return self.make

    def forget(self) -> None:
        """What was put together goes; it is quickly made anew."""
        self._pack = None
        self.list.set_items([])
        self.list.hide()
        self.told.show()
        self.preview.hide()

    def _not_made(self, error: AppError) -> None:
        self._rest()
        self.refuse(error)

    def _rest(self) -> None:
        self._making = False
        self.make.setEnabled(True)
        self.news.hide()

    def _made(self, pack: Pack) -> None:
        self._rest()
        self._pack = pack
        self.list.set_items([_row(part) for part in pack.parts])
        self.list.show()
        self.told.hide()
        self.preview.show()
        self.list.set_current(pack.parts[0].name)
        self._pick(pack.parts[0].name)
        self.list.setFocus()

    def _pick(self, name: str) -> None:
        part = next((each for each in self._pack.parts if each.name == name), None) if self._pack else None
        if part is None:
            return
        self.preview.set_title(part.name)
        lines = part.text.splitlines()
        shown = lines[-_SHOWN_LINES:]
        more = [t("… ({count} dòng trước đó)").format(count=len(lines) - len(shown))]
        self.text.set_text("\n".join((more if len(shown) < len(lines) else []) + shown))
        self._inner.settle_soon()

    def _saved(self, name: str) -> None:
        self.said(
            t("Đã lưu {name}.").format(name=name), t("Gửi tệp này cho người hỗ trợ; quầy không tự gửi gì.")
        )

    def _drawn(self, made: MadePaper) -> None:
        print_made(self, made, t("Phiếu sự cố"))

    def _ask(self) -> str:
        return ask_file(self, t("Lưu gói chẩn đoán"), pack_name(self.desk), t("Tệp nén (*.zip)"))

    def _found(self) -> datetime | None:
        typed = self.found.text().split()
        if not typed:
            return None
        day = parse_typed_date(typed[0], self.desk.clock.now().astimezone(VIETNAM).date(), "found")
        return datetime.combine(day, _clock(typed[1]) if len(typed) > 1 else time(), VIETNAM)


def _clock(text: str) -> time:
    digits = text.replace(":", "").replace("h", "")
    if len(digits) == 4 and digits.isascii() and digits.isdigit() and digits < "2400" and digits[2:] < "60":
        return time(int(digits[:2]), int(digits[2:]))
    raise RuleError("found-shape", t("Chưa hiểu giờ đã gõ."), t("Gõ bốn chữ số, ví dụ 0930."), field="found")


def _row(part: PackPart) -> RowItem:
    size = t("{kb} KB").format(kb=max(1, len(part.text.encode()) // 1000))
    return RowItem(part.name, part.name, part.what, right=size)
