"""The rail at left: every place of the program, and who works here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from app.text import t
from app.ui.widgets.avatar import Avatar
from app.ui.widgets.icons import draw_icon
from app.ui.widgets.look import Type, current, font, metrics, px
from app.ui.widgets.paint import LEFT, RIGHT, draw_box, draw_ring, draw_text
from app.ui.widgets.popup_list import Choice, PopupList
from app.ui.widgets.tokens import mixed

WIDE, NARROW = 192, 52


@dataclass(frozen=True)
class NavItem:
    """One place. ``main`` ones stay in sight when the rail is low; others go behind "…"."""

    key: str
    text: str
    icon: str
    cap: str = ""
    main: bool = False
    starts_group: bool = False


class _Row(QAbstractButton):
    def __init__(self, item: NavItem, rail: NavRail) -> None:
        super().__init__(rail)
        self.item, self._rail = item, rail
        self.setText(item.text)
        self.setAccessibleName(f"{item.text} {item.cap}".strip())
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(px(40), max(px(36), metrics(Type.TABLE, True).height() + px(10)))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def nextCheckState(self) -> None:
        """Only the rail decides which place is marked."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, tokens = QPainter(self), current()
        box = QRectF(self.rect()).adjusted(0, 1, 0, -1)
        here, narrow = self.isChecked(), self._rail.is_narrow()
        ink = tokens.blue if here else tokens.text
        if here:
            ground = tokens.selection
            draw_box(painter, box, px(6), ground)
            ink = tokens.on_selection if tokens.line_width > 1 else tokens.blue
            bar = QRectF(0, box.y() + box.height() / 4, px(3), box.height() / 2)
            draw_box(painter, bar, px(1), ink)
        elif self.underMouse():
            draw_box(painter, box, px(6), mixed(tokens.text, tokens.rail, 0.06))
        if self.hasFocus():
            draw_ring(painter, box, px(6))
        side = px(20)
        left = (box.width() - side) / 2 if narrow else px(10)
        icon_ink = ink if here else tokens.secondary
        draw_icon(
            painter, QRectF(left, box.y() + (box.height() - side) / 2, side, side), self.item.icon, icon_ink
        )
        if narrow:
            return
        right = box.width() - px(11)
        if self.item.cap:
            width = metrics(Type.CAP).horizontalAdvance(self.item.cap) + 1
            place = QRectF(right - width, box.y(), width, box.height())
            grey = ink if here and tokens.line_width > 1 else tokens.secondary
            draw_text(painter, place, self.item.cap, font(Type.CAP), grey, RIGHT)
            right -= width + px(6)
        words = QRectF(px(38), box.y(), right - px(38), box.height())
        cut = draw_text(painter, words, self.item.text, font(Type.TABLE, here), ink, LEFT)
        self.setToolTip(self.item.text if cut else "")


class _Line(QWidget):
    def __init__(self, rail: NavRail) -> None:
        super().__init__(rail)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.restyle()

    def restyle(self) -> None:
        self.setFixedHeight(px(9))

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = current()
        colour = mixed(tokens.text, tokens.rail, 0.14) if tokens.line_width == 1 else tokens.card_line
        QPainter(self).fillRect(
            px(8), self.height() // 2, self.width() - 2 * px(8), tokens.line_width, colour
        )


class _Officer(QAbstractButton):
    def __init__(self, rail: NavRail) -> None:
        super().__init__(rail)
        self._rail = rail
        self.name, self.detail = "", ""
        self.avatar = Avatar("", parent=self)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(
            px(40), max(px(44), metrics(Type.TABLE, True).height() + metrics(Type.CAP).height() + px(6))
        )

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        left = (self.width() - self.avatar.width()) // 2 if self._rail.is_narrow() else px(8)
        self.avatar.move(left, (self.height() - self.avatar.height()) // 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, tokens = QPainter(self), current()
        box = QRectF(self.rect())
        if self.underMouse():
            draw_box(painter, box, px(6), mixed(tokens.text, tokens.rail, 0.06))
        if self.hasFocus():
            draw_ring(painter, box, px(6))
        if self._rail.is_narrow():
            return
        upper, lower = metrics(Type.TABLE, True).height(), metrics(Type.CAP).height()
        top, left = (box.height() - upper - lower) / 2, px(46)
        room = box.width() - left - px(4)
        cut = draw_text(
            painter, QRectF(left, top, room, upper), self.name, font(Type.TABLE, True), tokens.text, LEFT
        )
        place = QRectF(left, top + upper, room, lower)
        cut |= draw_text(painter, place, self.detail, font(Type.CAP), tokens.secondary, LEFT)
        self.setToolTip(f"{self.name}\n{self.detail}" if cut else "")


class NavRail(QWidget):
    """192 px wide, or 52 with icons and tooltips.

    ``chosen(str)`` carries the key of the place asked for (the main window then calls ``set_current``);
    ``officer_clicked()`` asks for lock, sign-out and the like. Up and Down move between places.
    """

    chosen = Signal(str)
    officer_clicked = Signal()

    def __init__(self, items: Sequence[NavItem] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._narrow = False
        self._now: str | None = None
        self._rows: list[_Row] = []
        self._lines: list[_Line] = []
        self._column = QVBoxLayout(self)
        self._list = QVBoxLayout()
        self._more = _Row(NavItem("", t("Thêm"), "more"), self)
        self._more.setCheckable(False)
        self._more.clicked.connect(self._open_more)
        self._more.setToolTip(t("Các màn hình khác"))
        self._popup: PopupList | None = None
        self._officer = _Officer(self)
        self._officer.clicked.connect(self.officer_clicked)
        self._officer_line = _Line(self)
        self._column.addLayout(self._list)
        self._column.addWidget(self._more)
        self._column.addStretch(1)
        self._column.addWidget(self._officer_line)
        self._column.addWidget(self._officer)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(t("Các màn hình"))
        self.set_items(items)
        self.restyle()

    def set_items(self, items: Sequence[NavItem]) -> None:
        """Shows other places."""
        for old in (*self._rows, *self._lines):
            self._list.removeWidget(old)
            old.hide()  # a part shown later than it is taken out would flash as a window
            old.setParent(None)
            old.deleteLater()
        self._rows, self._lines = [], []
        for item in items:
            if item.starts_group and self._rows:
                line = _Line(self)
                self._lines.append(line)
                self._list.addWidget(line)
            row = _Row(item, self)
            row.clicked.connect(lambda _=False, key=item.key: self.chosen.emit(key))
            row.installEventFilter(self)
            self._rows.append(row)
            self._list.addWidget(row)
        self._order_tabs()
        self.set_current(self._now)

    def _order_tabs(self) -> None:
        """Places first, then "…", then the officer; Qt leaves a pair alone that the rail itself closes."""
        if self._rows:
            for one, after in pairwise([self._more, *self._rows, self._officer]):
                QWidget.setTabOrder(one, after)
            QWidget.setTabOrder(self._rows[-1], self._more)

    def set_current(self, key: str | None) -> None:
        """Marks the place where the officer is."""
        self._now = key
        for row in self._rows:
            row.setChecked(row.item.key == key)
        self._show_what_fits()

    def current_key(self) -> str | None:
        """The place marked."""
        return self._now

    def set_officer(self, name: str, detail: str = "") -> None:
        """Who works here: name, and "Quầy 2 · Tiếp nhận"."""
        self._officer.name, self._officer.detail = name, detail
        self._officer.avatar.set_name(name)
        self._officer.setAccessibleName(f"{name}, {detail}")
        self._officer.update()

    def set_narrow(self, narrow: bool) -> None:
        """Icons only, with tooltips."""
        self._narrow = narrow
        self.restyle()

    def is_narrow(self) -> bool:
        """Whether only icons are shown."""
        return self._narrow

    def restyle(self) -> None:
        """Takes width and spaces of the look now worn."""
        self.setFixedWidth(px(NARROW if self._narrow else WIDE))
        side = px(8) if not self._narrow else px(6)
        self._column.setContentsMargins(side, px(8), side, px(4))
        self._column.setSpacing(0)
        self._list.setSpacing(0)
        for row in self._rows:
            caption = f"{row.item.text}  {row.item.cap}".strip()
            row.setToolTip(caption if self._narrow else "")
        self._officer.setToolTip(f"{self._officer.name}\n{self._officer.detail}" if self._narrow else "")
        self._officer.resizeEvent(QResizeEvent(self._officer.size(), self._officer.size()))
        self._show_what_fits()

    def minimumSizeHint(self) -> QSize:
        return QSize(self.width(), px(160))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._show_what_fits()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if event.type() is QEvent.Type.KeyPress and isinstance(watched, _Row):
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(event.key())  # type: ignore[attr-defined]
            if step is not None:
                shown = [row for row in self._rows if row.isVisible()]
                place = shown.index(watched) + step
                if 0 <= place < len(shown):
                    shown[place].setFocus(Qt.FocusReason.TabFocusReason)
                return True
        return False

    def _show_what_fits(self) -> None:
        """Shows every place, or when the rail is low the main ones first and "…" for the rest."""
        if not self._rows:
            self._more.hide()
            return
        margins = self._column.contentsMargins()
        room = self.height() - margins.top() - margins.bottom()
        room -= self._officer.sizeHint().height() + self._officer_line.height()
        row, line = self._rows[0].sizeHint().height(), px(9)
        wanted = len(self._rows) * row + len(self._lines) * line
        if wanted <= room:
            shown = set(range(len(self._rows)))
        else:
            shown = self._most_important((room - row) // row)
        for place, item in enumerate(self._rows):
            item.setVisible(place in shown)
        all_shown = len(shown) == len(self._rows)
        for separator in self._lines:
            separator.setVisible(all_shown)
        self._more.setVisible(not all_shown)

    def _most_important(self, count: int) -> set[int]:
        def rank(place: int) -> tuple[bool, bool, int]:
            item = self._rows[place].item
            return (item.key != self._now, not item.main, place)

        return set(sorted(range(len(self._rows)), key=rank)[: max(0, count)])

    def _open_more(self) -> None:
        if self._popup is None:
            self._popup = PopupList(self._more)
            self._popup.chosen.connect(self.chosen)
        if self._popup.isVisible():
            self._popup.hide()
            return
        rest = [row.item for row in self._rows if not row.isVisible()]
        self._popup.show_choices([Choice(i.key, i.text, i.cap, i.icon) for i in rest])

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens, painter = current(), QPainter(self)
        painter.fillRect(self.rect(), tokens.rail)
        width = tokens.line_width
        painter.fillRect(self.width() - width, 0, width, self.height(), tokens.card_line)
