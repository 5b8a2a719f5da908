"""Hỗ trợ tài khoản by real keys: what consent allows is kept, nothing else is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from sqlalchemy import func, select

from app.domain.account_help import ConsentPurpose, HelpState, Obstacle
from app.models import tables
from app.services.desk import Desk
from app.services.help import account_help as service
from app.ui.account_help.screen import AccountHelpScreen
from app.ui.widgets import Mode
from tests.support.desk import HUONG, make_desk, officer
from tests.support.layout_check import find_overlaps
from tests.ui.desk_screens import PaperTray, Window, a_screen, compose, settle

CARD = "008198000000||Ma Thị Hường|14081998|Nữ|Thôn Nà Mẫu, Nà Hang, Tuyên Quang|01012021"
OTHER = "008198000099||Hà Thị Thảo|14081998|Nữ|Thôn Nà Mẫu, Nà Hang, Tuyên Quang|01012021"
CODE = "482913"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make_desk(tmp_path)
    yield made
    made.close()


class Helping:
    """The screen in a window, and the keys an officer presses."""

    def __init__(self, window: Window, desk: Desk, tray: PaperTray) -> None:
        assert isinstance(window.screen, AccountHelpScreen)
        self.window, self.screen, self.desk, self.tray = window, window.screen, desk, tray
        self.view = self.screen.view
        self.page = self.view.visit

    def rest(self) -> None:
        settle(self.screen.context.background)

    def drawn(self) -> None:
        """Waits for the card, which follows the fields after a short pause."""
        QTest.qWait(150)
        self.rest()

    def scan(self, card: str = CARD) -> None:
        assert self.screen.take_card(card)
        self.rest()

    def key(self, key: Qt.Key, target: QWidget | None = None, ctrl: bool = False) -> None:
        held = Qt.KeyboardModifier.ControlModifier if ctrl else Qt.KeyboardModifier.NoModifier
        QTest.keyClick(target or QApplication.focusWidget() or self.window, key, held)
        self.rest()

    def save(self) -> None:
        self.key(Qt.Key.Key_Return, ctrl=True)

    def tick(self, purpose: ConsentPurpose) -> None:
        self.key(Qt.Key.Key_Space, self.page.consent.rows[purpose].box)

    def press(self, obstacle: Obstacle) -> None:
        chips = self.page.obstacles.chips
        chip = next(c for c in chips.findChildren(QWidget) if c.accessibleName() == label(obstacle))
        self.key(Qt.Key.Key_Space, chip)

    def type(self, field: Any, words: str) -> None:
        field.setFocus()
        for letter in words:
            QTest.keyClick(field.line, letter)
        self.rest()

    def act(self, key: str) -> None:
        next(act for act in self.screen.keys() if act.key == key).call()  # noqa: SIM118
        self.rest()


@contextmanager
def helping(desk: Desk, tmp_path: Path, *, works: bool = True, **more: Any) -> Iterator[Helping]:
    tray = PaperTray(works=works)
    with a_screen(desk, AccountHelpScreen, tmp_path, printer=tray, **more) as window:
        window.activateWindow()
        QTest.qWaitForWindowActive(window, 1000)
        first = window.screen.first_focus()
        assert first is not None
        first.setFocus()
        yield Helping(window, desk, tray)


def label(obstacle: Obstacle) -> str:
    from app.ui.account_help.words import obstacle_label

    return obstacle_label(obstacle)


def rows(desk: Desk, table: str) -> list[Any]:
    with desk.store.read() as connection:
        return list(connection.execute(select(tables.metadata.tables[table])).mappings())


def count_of_today(desk: Desk) -> int:
    column = tables.help_count.c["count"]
    with desk.store.read() as connection:
        return int(connection.execute(select(func.coalesce(func.sum(column), 0))).scalar_one())


def requests(desk: Desk) -> int:
    return sum(row["type"] == "citizen.account_requested" for row in rows(desk, "event"))


# ---- keeping


def test_with_tracking_case_step_event_and_paper_are_there(desk: Desk, tmp_path: Path) -> None:
    with helping(desk, tmp_path) as help_:
        help_.scan()
        help_.press(Obstacle.SIM_NOT_OWNER)
        help_.type(help_.page.next.day, "30112026")
        help_.tick(ConsentPurpose.TRACKING)
        help_.save()
        (case,) = rows(desk, "help_case")
        assert (case["full_name"], case["state"]) == ("Ma Thị Hường", "dang_ky_ho_tro")
        assert case["next_visit"] == date(2026, 11, 30)
        last = rows(desk, "help_step")[-1]
        assert last["obstacles"] == ["sim_not_owner"]
        assert requests(desk) == 1
        assert len(help_.tray.jobs) == 1 and help_.tray.jobs[0][0].startswith(b"%PDF")
        assert "Hường" not in help_.tray.jobs[0][1]
        assert [job["state"] for job in rows(desk, "print_job")] == ["printed"]
        assert help_.view.bar._what.text().startswith("Đã lưu")


def test_the_same_key_twice_makes_one_case_and_a_second_print(desk: Desk, tmp_path: Path) -> None:
    with helping(desk, tmp_path) as help_:
        help_.scan()
        help_.tick(ConsentPurpose.TRACKING)
        target = help_.page.next.day.line
        for _ in range(3):
            QTest.keyClick(target, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        help_.rest()
        assert len(rows(desk, "help_case")) == 1 and requests(desk) == 1
        assert len(help_.tray.jobs) == 1
        help_.save()
        assert len(rows(desk, "help_case")) == 1 and len(help_.tray.jobs) == 2
        assert count_of_today(desk) == 1


def test_without_consent_only_the_count_of_the_day_rises(desk: Desk, tmp_path: Path) -> None:
    with helping(desk, tmp_path) as help_:
        help_.scan()
        assert "không lưu tên" in help_.page.consent._nothing.text()
        help_.press(Obstacle.CARD_NO_CHIP)
        help_.save()
        help_.save()
        assert count_of_today(desk) == 1
        for table in ("help_case", "help_step", "consent", "print_job"):
            assert rows(desk, table) == []
        assert requests(desk) == 0
        assert len(help_.tray.jobs) == 2
        assert help_.view.bar._what.text().startswith("Đã đếm lượt này")


def test_an_unsaved_citizen_leaves_nothing_in_the_store(desk: Desk, tmp_path: Path) -> None:
    with helping(desk, tmp_path) as help_:
        help_.scan()
        help_.tick(ConsentPurpose.TRACKING)
        help_.act("Esc")
        assert rows(desk, "help_case") == [] and rows(desk, "draft") == []


def test_an_open_case_goes_on_where_it_stood(desk: Desk, tmp_path: Path) -> None:
    kept = service.open_case(desk, officer(desk), HUONG, None, [ConsentPurpose.TRACKING])
    with helping(desk, tmp_path) as help_:
        help_.scan()
        assert help_.screen.visit is not None and help_.screen.visit.case_id == kept.id
        help_.page.next.outcome.setFocus()
        help_.key(Qt.Key.Key_Down)
        assert help_.screen.visit.outcome is HelpState.ELIGIBLE
        help_.save()
        assert rows(desk, "help_case")[0]["state"] == "du_dieu_kien"
        assert requests(desk) == 1


def test_someone_found_at_a_later_step_is_led_there_by_lawful_steps(desk: Desk, tmp_path: Path) -> None:
    with helping(desk, tmp_path) as help_:
        help_.scan()
        help_.tick(ConsentPurpose.TRACKING)
        help_.page.next.outcome.set_value(HelpState.APPROVED.value)
        help_.page.next.outcome.changed.emit(HelpState.APPROVED.value)
        help_.rest()
        help_.save()
        steps = rows(desk, "help_step")
        assert QApplication.focusWidget() is not None
        assert [step["state"] for step in steps][-1] == "da_duyet_cho_kich_hoat"
        passed = steps[1:-1]
        assert passed and all("trước lần gặp này" in step["note"] for step in passed)
        assert steps[-1]["note"] == ""


# ---- what may not be written


def test_a_code_in_the_note_is_refused_beside_it_and_nothing_is_lost(desk: Desk, tmp_path: Path) -> None:
    with helping(desk, tmp_path) as help_:
        help_.scan()
        help_.tick(ConsentPurpose.TRACKING)
        help_.page.obstacles.show_all()
        help_.type(help_.page.obstacles.note, CODE)
        assert "OTP" in help_.page.obstacles.note.error()
        help_.save()
        assert "OTP" in help_.page.obstacles.note.error()
        assert help_.page.obstacles.note.text() == CODE
        assert rows(desk, "help_case") == [] and count_of_today(desk) == 0
        assert help_.tray.jobs == []
        help_.page.obstacles.note.line.clear()
        help_.page.obstacles.note.edited.emit("")
        compose(help_.page.obstacles.note.line, "hẹn cùng con gái")
        help_.rest()
        help_.save()
        assert rows(desk, "help_step")[-1]["note"] == "hẹn cùng con gái"


def test_other_needs_a_word(desk: Desk, tmp_path: Path) -> None:
    with helping(desk, tmp_path) as help_:
        help_.scan()
        help_.tick(ConsentPurpose.TRACKING)
        help_.page.obstacles.show_all()
        help_.press(Obstacle.OTHER)
        help_.save()
        assert "Vướng mắc khác" in help_.page.obstacles.note.error()
        assert rows(desk, "help_case") == []


@pytest.mark.parametrize(("typed", "says"), [("30022027", "30/02"), ("22112026", "đã qua")])
def test_a_wrong_day_says_why_and_stays(desk: Desk, tmp_path: Path, typed: str, says: str) -> None:
    with helping(desk, tmp_path) as help_:
        help_.scan()
        help_.type(help_.page.next.day, typed)
        help_.save()
        assert says in help_.page.next.day.error()
        assert help_.page.next.day.text() == typed
        assert count_of_today(desk) == 0


def test_a_day_the_office_is_shut_is_told(desk: Desk, tmp_path: Path) -> None:
    with helping(desk, tmp_path) as help_:
        help_.scan()
        help_.type(help_.page.next.day, "24112026\r")
        assert "nghỉ" in help_.page.next.day._note.text()


def test_a_reminder_needs_a_telephone(desk: Desk, tmp_path: Path) -> None:
    with helping(desk, tmp_path) as help_:
        help_.scan()
        help_.tick(ConsentPurpose.REMINDER)
        help_.save()
        assert "số điện thoại" in help_.page.person.phone.error()
        assert rows(desk, "help_case") == []
        help_.type(help_.page.person.phone, "0900000124")
        help_.save()
        (case,) = rows(desk, "help_case")
        assert (case["phone"], case["full_name"]) == ("0900000124", None)
        assert requests(desk) == 0


# ---- consent


def test_wording_is_shown_before_the_tick_and_who_took_it_after(desk: Desk, tmp_path: Path) -> None:
    with helping(desk, tmp_path) as help_:
        help_.scan()
        row = help_.page.consent.rows[ConsentPurpose.TRACKING]
        assert not row.given()
        row.box.setFocus()
        assert row._reading.isVisibleTo(help_.window) and "Ông/bà có đồng ý" in row._reading.text()
        help_.tick(ConsentPurpose.TRACKING)
        assert "lời đọc bản 1 · Lục Thị Yến" in row.box.accessibleDescription()
        assert row.withdraw.isHidden()
        help_.save()
        assert not row.withdraw.isHidden()


def test_withdrawing_tells_its_effect_first_then_erases(desk: Desk, tmp_path: Path) -> None:
    service.open_case(desk, officer(desk), HUONG, None, [ConsentPurpose.TRACKING])
    with helping(desk, tmp_path) as help_:
        help_.scan()
        consent = help_.page.consent
        row = consent.rows[ConsentPurpose.TRACKING]
        help_.key(Qt.Key.Key_Space, row.box)
        assert row.given() and not consent.effect.isHidden()
        assert "xóa ngay" in consent.effect.accessibleDescription()
        consent._no.click()
        assert rows(desk, "help_case")[0]["full_name"] == "Ma Thị Hường"
        row.withdraw.click()
        consent._yes.click()
        help_.rest()
        (case,) = rows(desk, "help_case")
        assert case["full_name"] is None and rows(desk, "help_step") == []
        assert not row.given() and row.withdraw.isHidden()


# ---- moving about


def test_what_was_typed_is_there_after_esc(desk: Desk, tmp_path: Path) -> None:
    with helping(desk, tmp_path) as help_:
        help_.scan()
        help_.press(Obstacle.CARD_EXPIRED)
        help_.type(help_.page.next.day, "30112026\r")
        help_.tick(ConsentPurpose.CONTACT)
        help_.act("Esc")
        start = help_.view.start
        assert help_.view.page() is start and start.waiting.text() == "Trở lại với Ma Thị Hường"
        help_.scan(OTHER)
        help_.act("F10")
        start.waiting.click()
        help_.rest()
        assert help_.screen.visit is not None and help_.screen.visit.name == "Hà Thị Thảo"
        help_.act("F10")
        help_.view.start.waiting.click()
        help_.rest()
        names = {help_.screen.visit.name} | {visit.name for visit in help_.screen._left_unsaved}
        assert names == {"Ma Thị Hường", "Hà Thị Thảo"}


def test_fields_come_back_as_they_were(desk: Desk, tmp_path: Path) -> None:
    with helping(desk, tmp_path) as help_:
        help_.scan()
        help_.press(Obstacle.CARD_EXPIRED)
        help_.type(help_.page.next.day, "30112026\r")
        help_.tick(ConsentPurpose.CONTACT)
        help_.act("Esc")
        help_.view.start.waiting.click()
        help_.rest()
        assert help_.page.obstacles.chosen() == {Obstacle.CARD_EXPIRED}
        assert help_.page.next.day.value() == date(2026, 11, 30)
        assert help_.page.consent.rows[ConsentPurpose.CONTACT].given()


def test_a_card_that_cannot_be_read_says_so_and_keeps_the_visit(desk: Desk, tmp_path: Path) -> None:
    with helping(desk, tmp_path) as help_:
        help_.scan()
        assert help_.screen.take_card("008198000000||Ma Thị")
        help_.rest()
        assert not help_.page.news.isHidden()
        assert help_.screen.visit is not None and help_.screen.visit.name == "Ma Thị Hường"


def test_open_cases_are_listed_masked_found_and_opened(desk: Desk, tmp_path: Path) -> None:
    service.open_case(desk, officer(desk), HUONG, None, [ConsentPurpose.TRACKING])
    with helping(desk, tmp_path) as help_:
        start = help_.view.start
        shown = " ".join(f"{item.title} {item.detail} {item.right}" for item in start.list.items())
        assert "Ma Thị Hường" in shown and "008198000000" not in shown
        help_.type(start.field, "huong")
        assert len(start.list.items()) == 1
        help_.key(Qt.Key.Key_Return, start.field.line)
        assert help_.screen.visit is not None and help_.screen.visit.name == "Ma Thị Hường"
        reads = [row for row in rows(desk, "audit") if row["act"] == "read"]
        assert len(reads) == 1


def test_somebody_without_a_card_is_typed(desk: Desk, tmp_path: Path) -> None:
    with helping(desk, tmp_path) as help_:
        start, typed = help_.view.start, help_.view.typed
        compose(start.field.line, "giàng a sùng")
        help_.rest()
        help_.key(Qt.Key.Key_Return, start.field.line)
        assert help_.view.page() is typed and typed.name.text() == "Giàng A Sùng"
        help_.type(typed.number, "12345")
        typed.finish()
        assert "12" in typed.number.error() and help_.view.page() is typed
        typed.number.set_value(None)
        help_.type(typed.born, "01021990\r")
        typed.finish()
        help_.rest()
        assert help_.screen.visit is not None and help_.screen.visit.name == "Giàng A Sùng"
        help_.tick(ConsentPurpose.TRACKING)
        help_.save()
        assert rows(desk, "help_case")[0]["birth_date"] == date(1990, 2, 1)


def test_a_dead_printer_loses_nothing(desk: Desk, tmp_path: Path) -> None:
    with helping(desk, tmp_path, works=False) as help_:
        help_.scan()
        help_.tick(ConsentPurpose.TRACKING)
        help_.save()
        assert len(rows(desk, "help_case")) == 1
        assert [job["state"] for job in rows(desk, "print_job")] == ["failed"]
        assert "phiếu đã giữ lại" in help_.page.news.accessibleDescription()


def test_an_officer_who_may_not_help_is_told_so(desk: Desk, tmp_path: Path) -> None:
    with helping(desk, tmp_path, by=officer(desk, "quantri")) as help_:
        assert not help_.view.start.news.isHidden()
        help_.scan()
        assert help_.screen.visit is None


# ---- look


def test_every_obstacle_has_a_chip(desk: Desk, tmp_path: Path) -> None:
    with helping(desk, tmp_path) as help_:
        help_.scan()
        help_.page.obstacles.show_all()
        names = {chip.accessibleName() for chip in help_.page.obstacles.chips.findChildren(QWidget)}
        assert {label(each) for each in Obstacle} <= names


def test_the_card_is_drawn_as_it_would_be_printed(desk: Desk, tmp_path: Path) -> None:
    with helping(desk, tmp_path) as help_:
        help_.scan()
        help_.drawn()
        (before,) = help_.page.preview.whole.pages()
        help_.press(Obstacle.NO_SMARTPHONE)
        help_.drawn()
        (after,) = help_.page.preview.whole.pages()
        assert before.size() == after.size() and before != after


@pytest.mark.parametrize(
    ("size", "mode", "factor"),
    [
        ((1366, 696), Mode.DARK, 1.0),
        ((911, 440), Mode.LIGHT, 1.0),
        ((1366, 696), Mode.LIGHT, 1.5),
    ],
)
def test_no_part_crosses_another(
    desk: Desk, tmp_path: Path, size: tuple[int, int], mode: Mode, factor: float
) -> None:
    by = officer(desk)
    service.open_case(desk, by, HUONG, "0900000123", [ConsentPurpose.TRACKING, ConsentPurpose.REMINDER])
    with helping(desk, tmp_path, size=size, mode=mode, factor=factor) as help_:

        def check(what: str) -> None:
            help_.drawn()
            assert find_overlaps(help_.window) == [], what
            assert help_.window.size().toTuple() == size, what

        check("start")
        help_.scan()
        check("case")
        help_.page.obstacles.show_all()
        help_.type(help_.page.obstacles.note, CODE)
        check("all obstacles and a refusal")
        help_.page.consent.ask_withdrawal(ConsentPurpose.TRACKING)
        check("withdrawal")
        help_.scan(OTHER)
        check("new citizen")
        help_.act("Ctrl+P")
        check("card")
        help_.act("F10")
        check("start with somebody unsaved")
        help_.screen.type_person("Vi")
        check("typed")
