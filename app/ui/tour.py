"""``ui --tour DIR``: every screen as a picture, from a made-up commune only (``app.showcase``).

The commune's clock stands still and its people come from a seed, so the same run gives the same pictures.
Of a real desk no picture is made: it would show citizens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from app.domain.citizen_qr import parse_citizen_qr
from app.domain.dossier_status import Act, Status
from app.domain.privacy import RequestKind
from app.errors import RuleError
from app.services.finding.dossier_view import show_dossier
from app.services.finding.grid import open_result, page
from app.services.finding.grid_query import GridQuery, Preset
from app.services.life import ActOrder
from app.services.people.access import officer_by_login
from app.services.people.approvals import ask_approval
from app.services.privacy.requests import RequestOrder, record_request
from app.services.returning.results import waiting_results
from app.text import t
from app.ui.eform.opening import OpenEform
from app.ui.hands import Hands
from app.ui.main_window import MainWindow
from app.ui.ports import Runtime
from app.ui.screen import Destination
from app.ui.start import application
from app.ui.theme import set_up_look, wear
from app.ui.widgets import CheckList, Mode, theme

CARD = "008198000000||Ma Thị Hường|14081998|Nữ|Thôn Nà Mẫu, xã Nà Hang, tỉnh Tuyên Quang|12092025"
"""A made-up citizen, the one of the pictures."""
HELPED = "008084000111||Hoàng Văn Quyết|03021984|Nam|Thôn Nà Mẫu, xã Nà Hang, tỉnh Tuyên Quang|12092025"
"""Another, who is being helped to an account."""
_COPIES = (("ks", "1", "3"), ("dh", "2", "5"), ("hb", "12", "1"), ("sy", "2"), ("hc", "8", "2"))
"""Rows of the copy lane: paper, pages, copies; signatures have no pages."""
_LOGIN = "canbo"
_PHONE = "0900000123"
_PREVIEW_MS = 450
_AWAY = 300
_LINE_S = 30.0
_NEWEST = 120
_LAID = 4
_BIRTH = "1.001193"


@dataclass(frozen=True)
class Look:
    """How a screen is drawn. ``size``: of the window, in its own pixels; ``ratio``: of the display;
    ``factor``: the officer's Ctrl +."""

    suffix: str
    size: QSize
    ratio: float = 1.0
    factor: float = 1.0
    mode: Mode = Mode.LIGHT


PLAIN = Look("", QSize(1366, 696))
LOOKS = (
    PLAIN,
    Look("-150", QSize(1280, 648), ratio=1.5),
    Look("-150-hep", QSize(911, 464), ratio=1.5),
    Look("-chu-150", QSize(1366, 696), factor=1.5),
)
"""A display of 1366×768; 1920×1080 and 1366×768 at 150 %; letters at 150 % by Ctrl +."""
DARK = Look("-nen-toi", QSize(1366, 696), mode=Mode.DARK)
WITH_DARK = (PLAIN, DARK, *LOOKS[1:])


def draw_tour(runtime: Runtime, folder: Path) -> list[Path]:
    """Draw every screen of the commune into ``folder``; the files drawn, in order.

    Raises ``RuleError`` "tour-demo-only" on a real desk.
    """
    return _drawn(runtime, folder, _Tour.draw)


def draw_clash(runtime: Runtime, folder: Path) -> list[Path]:
    """Draw Đồng bộ where the province sent something back; the same otherwise."""
    return _drawn(runtime, folder, _Tour.draw_clash)


def draw_window(window: MainWindow, look: Look) -> QImage:
    """The whole window as it is now, in that look's pixels."""
    image = QImage(look.size * look.ratio, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(look.ratio)
    image.fill(theme().tokens.window)
    window.render(image, QPoint())
    return image


def _drawn(runtime: Runtime, folder: Path, draw: Callable[[_Tour], Iterator[Path]]) -> list[Path]:
    if not runtime.desk.profile.demo:
        raise RuleError(
            "tour-demo-only",
            t("Ảnh giới thiệu chỉ chụp ở quầy mẫu, để không lộ tên công dân."),
            t("Tạo quầy mẫu ở thư mục khác rồi chụp."),
        )
    set_up_look(application(off_screen=True), mode=Mode.LIGHT)
    QApplication.setCursorFlashTime(0)  # a cursor that blinks would be in one picture and not in the next
    folder.mkdir(parents=True, exist_ok=True)
    tour = _Tour(runtime, folder)
    try:
        return list(draw(tour))
    finally:
        tour.close()


class _Tour:
    """One window led through its screens."""

    def __init__(self, runtime: Runtime, folder: Path) -> None:
        self._desk, self._folder = runtime.desk, folder
        self._officer = officer_by_login(runtime.desk, _LOGIN)
        self._window = MainWindow(runtime)
        self._window.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self._hands = Hands(self._window, self._window.background.is_idle)
        self._window.move(_AWAY, _AWAY)  # so that the pointer rests on nothing
        self._window.show()
        self._window.windowHandle().requestActivate()
        self._hands.live(50)

    def draw(self) -> Iterator[Path]:
        """Every screen in every look; the reception also dark."""
        yield from self._draw("00-dang-nhap")
        self._sign_in()
        for name, prepare, looks in self._scenes():
            prepare()
            yield from self._draw(name, looks)

    def draw_clash(self) -> Iterator[Path]:
        """The screen Đồng bộ alone."""
        self._sign_in()
        self._go("sync")
        yield from self._draw("03-dong-bo-tra-ve")

    def close(self) -> None:
        """Close the window."""
        self._window.close()
        self._window.deleteLater()
        QApplication.processEvents()

    def _scenes(self) -> tuple[tuple[str, Callable[[], None], tuple[Look, ...]], ...]:
        return (
            ("01-tiep-nhan", self._intake, WITH_DARK),
            ("07-loi-thieu-giay-to", self._lacking, WITH_DARK),
            ("08-man-hinh-trong", self._empty, WITH_DARK),
            ("02-hom-nay", partial(self._go, "today"), LOOKS),
            ("03-dong-bo", partial(self._go, "sync"), LOOKS),
            ("04-ho-tro-tai-khoan", self._help, LOOKS),
            ("05-chi-tiet-ho-so", self._dossier, LOOKS),
            ("06-luoi-ho-so", partial(self._go, "dossiers"), LOOKS),
            ("12-to-khai", self._eform, LOOKS),
            ("09-thu-tuc", partial(self._go, "procedures", "khai sinh"), LOOKS),
            ("10-chung-thuc", self._certify, LOOKS),
            ("11-tra-ket-qua-danh-sach", partial(self._go, "returning"), LOOKS),
            ("11-tra-ket-qua", self._returning, LOOKS),
            ("12-thu-tien-quy", partial(self._go, "cash"), LOOKS),
            ("19-cho-in", partial(self._go, "prints"), LOOKS),
            ("18-luu-dong", partial(self._go, "field"), LOOKS),
            ("14-lanh-dao", self._leader, LOOKS),
            ("20-nhat-ky", partial(self._go, "audit"), LOOKS),
            ("21-cai-dat", self._settings, LOOKS),
            ("21-cai-dat-ngay-lam-viec", partial(self._go, "settings", "days"), LOOKS),
            ("21-cai-dat-mat-khau", partial(self._go, "settings", "password"), LOOKS),
            ("22-thoi-han", partial(self._go, "settings", "terms"), LOOKS),
            ("22-yeu-cau-cong-dan", self._request, LOOKS),
            ("22-so-dong-y", partial(self._go, "settings", "consents"), LOOKS),
            ("22-ho-tro-su-co", partial(self._go, "settings", "support"), LOOKS),
        )

    def _sign_in(self) -> None:
        """At work, and the line's state known."""
        self._window.work_as(self._officer)
        light = self._window.header.light
        self._hands.wait(light.isVisible, t("Chưa biết trạng thái đường truyền."), _LINE_S)
        sync = self._window.runtime.sync
        if sync is not None:
            wanted = ("offline", "attention")
            self._hands.wait(lambda: sync.light().kind in wanted, t("Đường truyền chưa ngắt."), _LINE_S)
        self._hands.settle()

    def _intake(self) -> None:
        self._go("reception")
        self._hands.scan(CARD)
        self._hands.type("ks")
        self._hands.press(Qt.Key.Key_Return)
        self._hands.press(Qt.Key.Key_Return)
        self._hands.live(_PREVIEW_MS)

    def _lacking(self) -> None:
        self._focus_list()
        self._hands.type("2")
        self._hands.press(Qt.Key.Key_F9)

    def _empty(self) -> None:
        self._hands.press(Qt.Key.Key_F10)

    def _help(self) -> None:
        self._go("account_help")
        self._hands.scan(HELPED)

    def _certify(self) -> None:
        """Some rows of one citizen, the next one begun."""
        self._go("certify")
        self._hands.scan(CARD)
        for row in _COPIES:
            for typed in row:
                self._hands.type(typed)
                self._hands.press(Qt.Key.Key_Return)
        self._hands.type("sd")
        self._hands.press(Qt.Key.Key_Return)
        self._hands.type("4")

    def _eform(self) -> None:
        """The newest birth's declaration, as the dossier fills it in."""
        found = open_result(self._desk, self._officer, GridQuery(procedure_code=_BIRTH))
        rows = page(self._desk, self._officer, found.row_numbers[:1])
        self._go("eform", OpenEform(rows[0].id))
        self._hands.live(_PREVIEW_MS)

    def _dossier(self) -> None:
        """The one under way with the longest story."""
        found = open_result(self._desk, self._officer, GridQuery())
        rows = page(self._desk, self._officer, found.row_numbers[:_NEWEST])
        whole = [show_dossier(self._desk, self._officer, row.id, audited=False) for row in rows]
        open_ones = [
            each for each in whole if each.status in (Status.PROCESSING, Status.SUPPLEMENT_REQUESTED)
        ]
        self._go("dossier", max(open_ones or whole, key=lambda each: len(each.history)).id)

    def _returning(self) -> None:
        """The result that has waited longest, as if its slip had been scanned."""
        _, waiting = waiting_results(self._desk, self._officer, limit=1)
        self._go("returning", waiting[0].id if waiting else None)

    def _leader(self) -> None:
        """What officers have laid before the leader, the first one open; he stays signed in."""
        found = open_result(self._desk, self._officer, GridQuery(preset=Preset.WORKING))
        order = ActOrder(Act.STOP, reason=t("Công dân đã nộp một hồ sơ khác cùng việc này"))
        for row in page(self._desk, self._officer, found.row_numbers[:_LAID]):
            ask_approval(self._desk, self._officer, row.id, order, t("Kính trình lãnh đạo xem xét"))
        self._window.work_as(officer_by_login(self._desk, "lanhdao"))
        self._go("leader")
        self._hands.press(Qt.Key.Key_F9)

    def _settings(self) -> None:
        """Officers of the desk, as the administrator sees them."""
        self._window.work_as(officer_by_login(self._desk, "quantri"))
        self._go("settings", "people")

    def _request(self) -> None:
        """What a citizen asks of their data, as the leader answers it."""
        card = parse_citizen_qr(CARD, self._desk.clock.now().date())
        words = t("Xóa số điện thoại và các lần đến nhờ làm tài khoản")
        order = RequestOrder(RequestKind.ERASURE, card.name, card.personal_id, words, _PHONE, card.address)
        record_request(self._desk, self._officer, order)
        self._window.work_as(officer_by_login(self._desk, "lanhdao"))
        self._go("settings", "requests")
        self._hands.press(Qt.Key.Key_Return)
        self._hands.press(Qt.Key.Key_Down)

    def _go(self, screen: str, argument: object = None) -> None:
        self._window.go_to(Destination(screen, argument))
        self._hands.settle()

    def _focus_list(self) -> None:
        """Where the digits tick: the list of papers."""
        for papers in self._window.findChildren(CheckList):
            if papers.isVisible():
                papers.setFocus(Qt.FocusReason.OtherFocusReason)

    def _draw(self, name: str, looks: tuple[Look, ...] = LOOKS) -> Iterator[Path]:
        for look in looks:
            self._wear(look)
            self._hands.live(_PREVIEW_MS if look is PLAIN else 80)
            self._hands.settle()
            path = self._folder / f"{name}{look.suffix}.png"
            draw_window(self._window, look).save(str(path))
            yield path
        self._wear(PLAIN)

    def _wear(self, look: Look) -> None:
        if theme().mode is not look.mode:
            wear(look.mode)
        if theme().factor != look.factor:
            theme().set_factor(look.factor)
        self._window.resize(look.size)
        self._hands.settle()
