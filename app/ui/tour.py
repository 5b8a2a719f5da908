"""``ui --tour DIR``: every screen as a picture, at 100 % and 150 %, from made-up data only.

A desk that holds nothing yet is filled first and its clock stands at ``AT``, so that the pictures of the
documents are the same each time. Of a real desk no picture is made: they would show citizens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from app.clock import VIETNAM, FixedClock
from app.domain.roles import Officer
from app.errors import RuleError
from app.services.access import officer_by_login
from app.services.demo import fill
from app.services.drafts import drop_draft, open_drafts
from app.services.grid import open_result, page
from app.services.grid_query import GridQuery
from app.text import t
from app.ui.hands import Hands
from app.ui.main_window import MainWindow
from app.ui.ports import Runtime
from app.ui.registry import place
from app.ui.screen import Destination
from app.ui.theme import wear
from app.ui.widgets import Mode, theme

AT = datetime(2026, 11, 23, 15, 12, tzinfo=VIETNAM)
"""The moment of the pictures: after the cutoff of same-day procedures, the day before a holiday."""
CARD = "008198000000||Ma Thị Hường|14081998|Nữ|Thôn Nà Mẫu, xã Nà Hang, tỉnh Tuyên Quang|12092025"
"""A made-up citizen, the one of the pictures."""
DOSSIERS, SEED = 400, 1
_LOGIN = "canbo"
_PHONE = "0900000123"
_PREVIEW_MS = 450
_AWAY = 300


@dataclass(frozen=True)
class Look:
    """How a screen is drawn. ``size``: of the window, in its own pixels; ``ratio``: of the display."""

    suffix: str
    size: QSize
    ratio: float
    mode: Mode = Mode.LIGHT


LOOKS = (
    Look("100", QSize(1366, 696), 1.0),
    Look("150", QSize(1280, 648), 1.5),
    Look("150-hep", QSize(911, 440), 1.5),
    Look("100-toi", QSize(1366, 696), 1.0, Mode.DARK),
)
"""A display of 1366×768; one of 1920×1080 and one of 1366×768 at 150 %; and dark."""


def draw_tour(runtime: Runtime, folder: Path) -> list[Path]:
    """Draw every screen into ``folder``; the files drawn, in order.

    Raises ``RuleError`` "tour-demo-only" on a real desk.
    """
    if not runtime.desk.profile.demo:
        raise RuleError(
            "tour-demo-only",
            t("Ảnh giới thiệu chỉ chụp ở quầy mẫu, để không lộ tên công dân."),
            t("Tạo quầy mẫu ở thư mục khác rồi chụp."),
        )
    folder.mkdir(parents=True, exist_ok=True)
    officer = officer_by_login(runtime.desk, _LOGIN)
    tour = _Tour(_with_data(runtime, officer), officer, folder)
    try:
        return list(tour.draw())
    finally:
        tour.close()


def draw_window(window: MainWindow, look: Look) -> QImage:
    """The whole window as it is now, in that look's pixels."""
    image = QImage(look.size * look.ratio, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(look.ratio)
    image.fill(theme().tokens.window)
    window.render(image, QPoint())
    return image


def _with_data(runtime: Runtime, officer: Officer) -> Runtime:
    if open_result(runtime.desk, officer, GridQuery()).total:
        return runtime
    still = replace(runtime.desk, clock=FixedClock(AT))
    fill(still, officer, count=DOSSIERS, seed=SEED, until=AT)
    return replace(runtime, desk=still)


class _Tour:
    """One window led through its screens."""

    def __init__(self, runtime: Runtime, officer: Officer, folder: Path) -> None:
        self._desk, self._officer, self._folder = runtime.desk, officer, folder
        self._drafts = {draft.id for draft in open_drafts(runtime.desk, officer)}
        self._worn = theme().mode
        self._window = MainWindow(runtime)
        self._window.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self._hands = Hands(self._window, self._window.background.is_idle)

    def draw(self) -> Iterator[Path]:
        """Every screen in every look."""
        self._window.move(_AWAY, _AWAY)  # so that the pointer rests on nothing
        self._window.show()
        self._window.windowHandle().requestActivate()
        self._hands.live(50)
        yield from self._draw("00-dang-nhap")
        self._window.work_as(self._officer)
        for name, screen, prepare in self._scenes():
            if _exists(screen):
                prepare()
                yield from self._draw(name)

    def close(self) -> None:
        """Leave the desk as it was: the drafts of the pictures go."""
        self._window.close()
        for draft in open_drafts(self._desk, self._officer):
            if draft.id not in self._drafts:
                drop_draft(self._desk, self._officer, draft.id)
        wear(self._worn)
        self._window.deleteLater()
        QApplication.processEvents()

    def _scenes(self) -> tuple[tuple[str, str, Callable[[], None]], ...]:
        return (
            ("01-tiep-nhan", "reception", self._intake),
            ("02-hom-nay", "today", lambda: self._go("today")),
            ("03-dong-bo", "sync", lambda: self._go("sync")),
            ("04-ho-tro-tai-khoan", "account_help", self._help),
            ("05-chi-tiet-ho-so", "dossier", self._dossier),
            ("06-luoi-ho-so", "dossiers", lambda: self._go("dossiers")),
            ("07-thieu-giay-to", "reception", self._lacking),
            ("08-man-hinh-trong", "reception", self._empty),
            ("09-thu-tuc", "procedures", lambda: self._go("procedures", "khai sinh")),
        )

    def _intake(self) -> None:
        self._at_reception()
        self._hands.scan(CARD)
        self._hands.type("ks")
        self._hands.press(Qt.Key.Key_Return)
        self._hands.press(Qt.Key.Key_Return)
        self._hands.type(_PHONE)
        self._hands.press(Qt.Key.Key_Return)

    def _lacking(self) -> None:
        self._empty()
        self._intake()
        _focus_list(self._window)
        self._hands.type("2")
        self._hands.press(Qt.Key.Key_F9)

    def _empty(self) -> None:
        self._at_reception()
        self._hands.press(Qt.Key.Key_F10)

    def _at_reception(self) -> None:
        """Not F2 once more, which would open a visit without a card."""
        shown = self._window.screen_shown
        if shown is None or shown.name != "reception":
            self._go("reception")

    def _help(self) -> None:
        self._go("account_help")
        self._hands.scan(CARD)

    def _dossier(self) -> None:
        newest = open_result(self._desk, self._officer, GridQuery())
        rows = page(self._desk, self._officer, newest.row_numbers[:1])
        self._go("dossier", rows[0].id)

    def _go(self, screen: str, argument: object = None) -> None:
        self._window.go_to(Destination(screen, argument))
        self._hands.settle()

    def _draw(self, name: str) -> Iterator[Path]:
        for look in LOOKS:
            if theme().mode is not look.mode:
                wear(look.mode)
            self._window.resize(look.size)
            self._hands.settle()
            self._hands.live(_PREVIEW_MS if look is LOOKS[0] else 60)
            self._hands.settle()
            path = self._folder / f"{name}-{look.suffix}.png"
            draw_window(self._window, look).save(str(path))
            yield path
        wear(LOOKS[0].mode)
        self._window.resize(LOOKS[0].size)


def _exists(screen: str) -> bool:
    module = place(screen).code.partition(":")[0]
    return find_spec(module.rpartition(".")[0]) is not None and find_spec(module) is not None


def _focus_list(window: MainWindow) -> None:
    """Where the digits tick: the list of papers."""
    from app.ui.widgets import CheckList

    for papers in window.findChildren(CheckList):
        if papers.isVisible():
            papers.setFocus(Qt.FocusReason.OtherFocusReason)
