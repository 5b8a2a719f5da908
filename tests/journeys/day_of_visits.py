"""A counter's day by keys in the real window, the line cut for half of it; then everything is added up.

``python -m tests.journeys.day_of_visits 80`` plays the whole day and prints its figures; the suite plays a
short one. What the day asks for is counted beside the window, from the keys alone; register, cash sheet, day
book and province are then asked and must say the same, to the đồng and the dossier.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from time import monotonic
from unittest.mock import patch

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QApplication, QDialog
from sqlalchemy import select

from app.bootstrap import open_runtime
from app.clock import VIETNAM, SystemClock
from app.domain.certification import Kind
from app.domain.dossier_status import Act, Status
from app.line import DeskLine
from app.models import tables
from app.province.tables import dossiers as province_dossiers
from app.province.tables import events as province_events
from app.services.certify.day_book import Period, day_books
from app.services.finding.dossier_view import show_dossier
from app.services.money.cash_day import cash_day, cash_sheet
from app.services.register.book import register_pages
from app.ui.certify.screen import CertifyScreen
from app.ui.dossier_detail import DossierScreen
from app.ui.main_window import MainWindow
from app.ui.returning.screen import ReturningScreen
from app.ui.start import application
from app.ui.theme import set_up_look
from app.ui.visit import Counter
from app.ui.widgets import Mode
from tests.support.desk import ENVIRON, desk_folder, officer
from tests.support.gateway import Gateway, running_gateway

ENTER = Qt.Key.Key_Return
OPENING = datetime(2026, 11, 23, 8, 0, tzinfo=VIETNAM)
FAMILIES = ("Ma", "Lục", "Hoàng", "Lò", "Vàng", "Nông", "Quan", "Hà", "Chẩu", "Bàn")
GIVEN = ("Thị Hường", "Văn Tình", "Thị Pa", "A Pó", "Thị Thảo", "Văn Sùng", "Thị Mai", "Đức Thắng")
FREE, PAID = ("ks", "kt", "kh"), "tl"
COPY_ROWS = (("ks", 1, 2), ("cc", 2, 1), ("hk", 5, 3), ("dh", 3, 2))
COPY_PAGE, NEXT_PAGE, EXTRACT = 2000, 1000, 8000


class DayClock(SystemClock):
    """The clock of the PC, set to a working Monday morning."""

    def __init__(self) -> None:
        super().__init__()
        self._shift = OPENING - SystemClock.now(self)

    def now(self) -> datetime:
        return super().now() + self._shift


@dataclass
class Expected:
    """What the keys asked for."""

    dossiers: int = 0
    receipts_vnd: int = 0
    copy_lines: int = 0
    copies: int = 0
    copies_vnd: int = 0
    returned: int = 0
    helped: int = 0


@dataclass
class Day:
    """The day under way."""

    gateway: Gateway
    counter: Counter
    expected: Expected = field(default_factory=Expected)
    waiting: list[tuple[str, str]] = field(default_factory=list)
    people: int = 0

    @property
    def window(self) -> MainWindow:
        """The window."""
        return self.counter.window

    def person(self) -> tuple[str, str]:
        """The next citizen: a card nobody showed before, and a telephone."""
        n = self.people
        self.people += 1
        name = f"{FAMILIES[n % len(FAMILIES)]} {GIVEN[n // len(FAMILIES) % len(GIVEN)]}"
        number = f"0080{90 + n % 9:02d}{n:06d}"
        born = f"{1 + n % 28:02d}{1 + n % 12:02d}19{90 + n % 9:02d}"
        card = f"{number}||{name}|{born}|Nam|Thôn Nà Mẫu, xã Nà Hang, tỉnh Tuyên Quang|12092025"
        return card, f"09{n:08d}"

    # ---- visits

    def receive(self, alias: str) -> None:
        """A new dossier, its slip."""
        card, phone = self.person()
        self.counter.hands.press(Qt.Key.Key_F2)
        accepted = self.counter.receive(card, alias, phone)
        self.expected.dossiers += 1
        if alias in ("ks", "kh", PAID):
            self.waiting.append((accepted.dossier.id, alias))

    def certify(self, rows: int) -> None:
        """Copies certified, paid and handed over at once."""
        hands = self.counter.hands
        hands.press(Qt.Key.Key_F12)
        screen = self.window.screen_shown
        assert isinstance(screen, CertifyScreen)
        hands.scan(self.person()[0])
        for box in (screen.view.side.paid, screen.view.side.handed):
            if not box.isChecked():
                self.counter._tab_to(box)
                hands.press(Qt.Key.Key_Space)
        self.counter._tab_to(screen.view.entry.paper)
        for place in range(rows):
            alias, pages, copies = COPY_ROWS[(self.people + place) % len(COPY_ROWS)]
            hands.type(alias)
            hands.press(ENTER)
            hands.type(str(pages))
            hands.press(ENTER)
            hands.type(str(copies))
            hands.press(ENTER)
            one = min(pages, 2) * COPY_PAGE + max(0, pages - 2) * NEXT_PAGE
            self.expected.copy_lines += 1
            self.expected.copies += copies
            self.expected.copies_vnd += one * copies
            self.expected.receipts_vnd += one * copies
            self.expected.dossiers += 1
            self.expected.returned += 1
        before = screen.last
        hands.press(Qt.Key.Key_F9)
        hands.wait(lambda: screen.last is not before, "the copies were not taken in")
        hands.settle()

    def give_back(self) -> None:
        """The oldest result: processed in its dossier, then handed over, money taken where it is owed."""
        dossier_id, alias = self.waiting.pop(0)
        hands = self.counter.hands
        self.counter.open_place("dossier", dossier_id)
        screen = self.window.screen_shown
        assert isinstance(screen, DossierScreen)
        hands.press(Qt.Key.Key_F7)
        self._button(screen, Act.COMPLETE)
        hands.press(ENTER, ctrl=True)
        dossier = show_dossier(self.desk, self.officer, dossier_id, audited=False)
        assert dossier.status is Status.COMPLETED, dossier.status
        hands.press(Qt.Key.Key_F2)
        hands.press(Qt.Key.Key_F8)
        assert isinstance(self.window.screen_shown, ReturningScreen)
        hands.scan(dossier.number)
        hands.press(Qt.Key.Key_F8)
        dossier = show_dossier(self.desk, self.officer, dossier_id, audited=False)
        assert dossier.status is Status.RETURNED, dossier.status
        self.expected.returned += 1
        if alias == PAID:
            self.expected.receipts_vnd += EXTRACT

    def help(self) -> None:
        """An account-help case."""
        card, phone = self.person()
        self.counter.help_account(card, phone)
        self.expected.helped += 1

    def _button(self, screen: DossierScreen, act: Act) -> None:
        button = screen.view.acts.button_of(act)
        self.counter._tab_to(button)
        self.counter.hands.press(Qt.Key.Key_Space)

    @property
    def desk(self):  # type: ignore[no-untyped-def]
        """The open desk."""
        return self.window.runtime.desk

    @property
    def officer(self):  # type: ignore[no-untyped-def]
        """Who works."""
        return self.counter.officer


def visits(count: int) -> Iterator[Callable[[Day], None]]:
    """So many visits, mixed as SCREENS has them: half of the day is certified copies."""
    for number in range(count):
        kind = number % 10
        if kind in (0, 2, 5, 7, 9):
            yield lambda day, n=number: day.certify(1 + n % 3)  # type: ignore[misc]
        elif kind in (1, 4):
            alias = PAID if number % 20 == 4 else FREE[number // 5 % len(FREE)]
            yield lambda day, a=alias: day.receive(a)  # type: ignore[misc]
        elif kind == 3:
            yield lambda day: day.receive(PAID)
        elif kind == 6 and number % 20 == 6:
            yield Day.help
        elif kind == 6:
            yield lambda day: day.receive("ks")
        else:
            yield Day.give_back


@contextmanager
def opened(room: Path) -> Iterator[Day]:
    """An enrolled desk with its window, on a Monday morning."""
    set_up_look(application(), mode=Mode.LIGHT)
    with patch.dict(os.environ, ENVIRON), running_gateway(room / "province") as gateway:
        runtime = open_runtime(desk_folder(room), DayClock())
        unit = runtime.desk.profile.unit_code
        DeskLine(runtime.desk).enrol(gateway.url, gateway.enrolment_code("quay-2", unit), None)
        window = MainWindow(runtime)
        window.show()
        counter = Counter(window, officer(runtime.desk))
        window.work_as(counter.officer)
        counter.hands.settle()
        try:
            yield Day(gateway, counter)
        finally:
            window.close()
            window.deleteLater()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            runtime.desk.close()


def play(day: Day, count: int, tell: Callable[[str], None] = lambda _: None) -> dict[str, object]:
    """The whole day, then every sum compared. Gives its figures."""
    began = monotonic()
    keys = day.counter.hands.pressed
    cut, back = count // 4, count // 4 + count // 2
    for number, visit in enumerate(visits(count)):
        if number == cut:
            day.gateway.stop()
        if number == back:
            day.gateway.start()
        visit(day)
        assert not any(
            isinstance(each, QDialog) and each.isVisible() for each in QApplication.topLevelWidgets()
        )
        tell(f"{number + 1}/{count} {monotonic() - began:.0f} s")
    seconds = monotonic() - began
    pressed = day.counter.hands.pressed - keys
    day.counter.send_now()
    return {"visits": count, "keys": pressed, "seconds": round(seconds), **compare(day)}


def compare(day: Day) -> dict[str, object]:
    """Register, cash sheet, day book and province against what the keys asked for."""
    want, today = day.expected, OPENING.date()
    desk, by = day.desk, day.officer
    register = sum(len(book.lines) for book in register_pages(desk, by, today, today).books)
    assert register == want.dossiers, (register, want)
    money = cash_day(desk, by, today)
    assert sum(each.amount_vnd for each in money.receipts if each.stands) == want.receipts_vnd
    assert money.totals.expected_vnd == want.receipts_vnd
    sheet = cash_sheet(desk, by, today)
    assert sheet.totals.expected_vnd == want.receipts_vnd
    books = day_books(desk, by, Kind.COPY, Period(today, today))
    lines = [line for book in books for page in book.pages for line in page.lines]
    assert len(lines) == want.copy_lines
    assert sum(line.copies for line in lines) == want.copies
    assert sum(line.fee_vnd or 0 for line in lines) == want.copies_vnd
    there = _at_province(day)
    assert there["dossiers"] == want.dossiers
    assert there["receipts_vnd"] == want.receipts_vnd
    assert there["returned"] == want.returned
    assert there["helped"] == want.helped
    with desk.store.read() as connection:
        unsent = connection.execute(
            select(tables.event.c.event_id).where(tables.event.c.verdict.is_distinct_from("accepted"))
        ).all()
    assert unsent == []
    return {
        "register": register,
        "receipts_vnd": want.receipts_vnd,
        "day_book_lines": len(lines),
        "day_book_vnd": want.copies_vnd,
        "province": there,
    }


def _at_province(day: Day) -> dict[str, int]:
    with day.gateway.store() as store, store.read() as db:
        status = db.execute(select(province_dossiers.c.dossier_id, province_dossiers.c.status)).all()
        bodies = [json.loads(raw) for raw in db.execute(select(province_events.c.body)).scalars()]
    kinds = [body["type"] for body in bodies]
    return {
        "dossiers": len(status),
        "returned": sum(row.status == Status.RETURNED for row in status),
        "receipts_vnd": sum(b["payload"]["amount_vnd"] for b in bodies if b["type"] == "fee.collected"),
        "helped": kinds.count("citizen.account_requested"),
        "events": len(bodies),
    }


def main() -> None:
    """The whole day."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 80
    with tempfile.TemporaryDirectory(prefix="motcua-day-") as room, opened(Path(room)) as day:
        figures = play(day, count, lambda words: print(words, file=sys.stderr))
    print(json.dumps(figures, ensure_ascii=False))


if __name__ == "__main__":
    main()
