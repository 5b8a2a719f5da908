"""Trả kết quả by real keys on a real desk: scan, identity, fee, hand over, post, drafts, layout."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.clock import FixedClock
from app.domain.dossier_status import Act, Status
from app.domain.people import Person
from app.errors import StorageError
from app.services import drafts
from app.services.desk import Desk
from app.services.finding.dossier_detail import DossierDetail
from app.services.finding.dossier_view import show_dossier
from app.services.intake.reception import receive_dossier
from app.services.life import ActOrder, do_act
from app.services.money.payments import cancel_receipt, receipts_of_dossier
from app.services.post import parcels as post
from app.services.post.items import post_items
from app.services.post.parcels import Parcel
from app.settings import Settings
from app.ui import start as start_module
from app.ui.main_window import MainWindow
from app.ui.ports import Runtime
from app.ui.returning.screen import ReturningScreen
from app.ui.screen import Destination
from app.ui.theme import set_up_look
from app.ui.widgets import Mode, theme
from tests.support.desk import HUONG, MONDAY, birth, make_desk, officer
from tests.support.layout_check import find_overlaps
from tests.ui.desk_screens import PaperTray, Window, a_screen, compose, settle

CARD = "008198000000||Ma Thị Hường|14081998|Nữ|Thôn Nà Mẫu, xã Nà Hang, tỉnh Tuyên Quang|12092025"
OTHER = "008190000022||Lò Thị Mai|14081990|Nữ|Thôn Nà Mẫu, xã Nà Hang, tỉnh Tuyên Quang|12092025"
BILL = "EB000717595VN"


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(MONDAY)


@pytest.fixture
def desk(tmp_path: Path, clock: FixedClock) -> Iterator[Desk]:
    desk = make_desk(tmp_path, clock)
    yield desk
    desk.close()


def received(desk: Desk, clock: FixedClock, owner: Person = HUONG, **changes: Any) -> str:
    number = receive_dossier(desk, officer(desk), birth(owner=owner, **changes)).number
    clock.advance(timedelta(minutes=5))
    return number


def finished(desk: Desk, clock: FixedClock, owner: Person = HUONG, **changes: Any) -> str:
    number = received(desk, clock, owner, **changes)
    do_act(desk, officer(desk), number, ActOrder(Act.COMPLETE, result_no="25/2026"))
    clock.advance(timedelta(minutes=5))
    return number


def stored(desk: Desk, number: str) -> DossierDetail:
    return show_dossier(desk, officer(desk), number, audited=False)


class Hands:
    """The officer's hands; ``count``: keys pressed since the scan."""

    def __init__(self, window: Window, tray: PaperTray) -> None:
        self.window, self.tray, self.count = window, tray, 0

    @property
    def screen(self) -> ReturningScreen:
        assert isinstance(self.window.screen, ReturningScreen)
        return self.window.screen

    def rest(self) -> None:
        settle(self.screen.context.background)

    def scan(self, text: str) -> None:
        """A scanner types the code and Enter into the field that has the focus."""
        line = QApplication.focusWidget()
        assert line is self.screen.start.search.line
        QTest.keyClicks(line, text)
        QTest.keyClick(line, Qt.Key.Key_Return)
        self.count = 0
        self.rest()

    def card(self, text: str) -> None:
        """The window's filter hands a card over."""
        assert self.screen.take_card(text)
        self.rest()

    def press(self, key: str) -> None:
        """A key of the window."""
        self.count += 1
        acts = {act.key: act.call for act in tuple(self.screen.keys())}
        acts[key]()
        self.rest()

    def key(self, key: Qt.Key) -> None:
        """A key to whatever has the focus."""
        self.count += 1
        target = QApplication.focusWidget()
        assert target is not None
        QTest.keyClick(target, key)
        self.rest()

    def type(self, widget: QWidget, text: str) -> None:
        """Words into a field as the input method commits them."""
        widget.setFocus()
        compose(widget, text)


@contextmanager
def at_work(
    desk: Desk, tmp_path: Path, *, works: bool = True, argument: object = None, **look: Any
) -> Iterator[Hands]:
    tray = PaperTray(works=works)
    with a_screen(desk, ReturningScreen, tmp_path, printer=tray, argument=argument, **look) as window:
        window.activateWindow()
        first = window.screen.first_focus()
        assert first is not None
        first.setFocus()
        QApplication.processEvents()
        yield Hands(window, tray)


# ---- the plain way


def test_a_scanned_slip_and_one_key_hand_the_result_over(
    desk: Desk, clock: FixedClock, tmp_path: Path
) -> None:
    number = finished(desk, clock)
    with at_work(desk, tmp_path) as hands:
        hands.scan(number)
        assert hands.screen.work.isVisible()
        hands.press("F8")
        assert hands.count <= 4
        assert stored(desk, number).status is Status.RETURNED
        assert [name for _, name in hands.tray.jobs] == ["Biên nhận trả kết quả"]
        assert hands.screen.start.isVisible() and "Ma Thị Hường" in hands.screen.start.news.accessibleName()
        assert QApplication.focusWidget() is hands.screen.start.search.line


def test_enter_in_the_number_shown_hands_over_and_the_number_is_on_the_wire(
    desk: Desk, clock: FixedClock, tmp_path: Path
) -> None:
    number = finished(desk, clock)
    with at_work(desk, tmp_path) as hands:
        hands.scan(number)
        assert QApplication.focusWidget() is hands.screen.work.recipient.id_value.line
        hands.type(hands.screen.work.recipient.id_value.line, "008198000000")
        hands.key(Qt.Key.Key_Return)
        assert stored(desk, number).status is Status.RETURNED


def test_two_presses_return_once(desk: Desk, clock: FixedClock, tmp_path: Path) -> None:
    number = finished(desk, clock)
    with at_work(desk, tmp_path) as hands:
        hands.scan(number)
        acts = {act.key: act.call for act in tuple(hands.screen.keys())}
        acts["F8"]()
        acts["F8"]()
        hands.rest()
        assert [line.act for line in stored(desk, number).history].count(Act.RETURN) == 1
        assert len(hands.tray.jobs) == 1
        assert not hands.screen.start.failure.isVisible() and not hands.screen.start.search.error()


def test_a_name_that_fits_several_is_chosen_by_enter(desk: Desk, clock: FixedClock, tmp_path: Path) -> None:
    first, second = finished(desk, clock), finished(desk, clock)
    with at_work(desk, tmp_path) as hands:
        hands.type(hands.screen.start.search.line, "hường")
        hands.key(Qt.Key.Key_Return)
        assert hands.screen.start.hits.isVisible()
        assert QApplication.focusWidget() is hands.screen.start.hits
        hands.key(Qt.Key.Key_Return)
        view = hands.screen._view
        assert view is not None and view.dossier.number in (first, second)


def test_the_table_of_waiting_results_opens_one_by_enter(
    desk: Desk, clock: FixedClock, tmp_path: Path
) -> None:
    number = finished(desk, clock)
    with at_work(desk, tmp_path) as hands:
        table = hands.screen.start.table
        assert table.isVisible()
        table.setFocus()
        table.select_row(0)
        hands.key(Qt.Key.Key_Return)
        assert hands.screen._view is not None and hands.screen._view.dossier.number == number


def test_what_is_not_found_is_said_beside_the_field(desk: Desk, tmp_path: Path) -> None:
    with at_work(desk, tmp_path) as hands:
        hands.scan("TN-02221-0")
        assert "Không tìm thấy" in hands.screen.start.search.error()
        assert hands.screen.start.search.text() == "TN-02221-0"


# ---- identity


def test_a_card_opens_the_result_that_waits_for_its_owner(
    desk: Desk, clock: FixedClock, tmp_path: Path
) -> None:
    number = finished(desk, clock)
    with at_work(desk, tmp_path) as hands:
        hands.card(CARD)
        assert hands.screen._view is not None and hands.screen._view.dossier.number == number
        hands.card(CARD)
        card = hands.screen.work.recipient
        assert card.identity.isVisible() and "Đúng chủ hồ sơ" in card.identity.accessibleName()
        assert card.id_value.text() == "008198000000"
        hands.press("F8")
        assert stored(desk, number).status is Status.RETURNED


def test_a_strangers_card_asks_for_relation_and_nothing_is_lost_on_refusal(
    desk: Desk, clock: FixedClock, tmp_path: Path
) -> None:
    number = finished(desk, clock)
    with at_work(desk, tmp_path) as hands:
        hands.scan(number)
        hands.card(OTHER)
        card = hands.screen.work.recipient
        assert "không phải" in card.identity.accessibleName()
        assert QApplication.focusWidget() is card.relation.line
        hands.press("F8")
        assert card.relation.error() and stored(desk, number).status is Status.COMPLETED
        assert card.name.text() == "Lò Thị Mai"
        hands.type(card.relation.line, "chị gái")
        hands.type(card.authority.line, "Giấy ủy quyền số 3")
        hands.press("F8")
        detail = stored(desk, number)
        assert detail.status is Status.RETURNED
        assert "chị gái, Giấy ủy quyền số 3" in str(detail.history[-2].detail) + str(
            detail.history[-1].detail
        )


def test_a_card_with_nothing_waiting_is_a_sentence(desk: Desk, tmp_path: Path) -> None:
    with at_work(desk, tmp_path) as hands:
        hands.card(CARD)
        assert "chưa có kết quả" in hands.screen.start.search.error()


# ---- what cannot go out


def test_what_cannot_be_returned_yet_says_why_and_f8_does_nothing(
    desk: Desk, clock: FixedClock, tmp_path: Path
) -> None:
    number = received(desk, clock)
    with at_work(desk, tmp_path) as hands:
        hands.scan(number)
        work = hands.screen.work
        assert work.notice.isVisible() and "đang được giải quyết" in work.notice.accessibleName()
        assert not work.recipient.isVisible() and not hands.screen.bar.give.isVisible()
        hands.press("F8")
        assert stored(desk, number).status is Status.RECEIVED


def test_the_one_already_returned_offers_the_receipt_again(
    desk: Desk, clock: FixedClock, tmp_path: Path
) -> None:
    number = finished(desk, clock)
    with at_work(desk, tmp_path) as hands:
        hands.scan(number)
        hands.press("F8")
        hands.scan(number)
        assert "đã trả" in hands.screen.work.notice.accessibleName()
        hands.press("Ctrl+P")
        assert len(hands.tray.jobs) == 2


def test_a_late_result_says_that_an_apology_is_missing(desk: Desk, clock: FixedClock, tmp_path: Path) -> None:
    number = received(desk, clock)
    clock.advance(timedelta(days=9))
    do_act(desk, officer(desk), number, ActOrder(Act.COMPLETE))
    with at_work(desk, tmp_path) as hands:
        hands.scan(number)
        assert hands.screen.work.late.isVisible()


# ---- money


def test_what_is_owed_is_taken_with_the_same_key(desk: Desk, clock: FixedClock, tmp_path: Path) -> None:
    number = received(desk, clock)
    do_act(desk, officer(desk), number, ActOrder(Act.REQUEST_FEE, amount_vnd=8000))
    do_act(desk, officer(desk), number, ActOrder(Act.PAY))
    do_act(desk, officer(desk), number, ActOrder(Act.COMPLETE))
    [receipt] = receipts_of_dossier(desk, officer(desk), number)
    cancel_receipt(desk, officer(desk, "lanhdao"), receipt.id, "ghi nhầm")
    clock.advance(timedelta(minutes=1))
    with at_work(desk, tmp_path) as hands:
        hands.scan(number)
        assert hands.screen.work.owed.isVisible() and hands.screen.work.recipient.collect.isVisible()
        hands.press("F8")
        standing = [each for each in receipts_of_dossier(desk, officer(desk), number) if each.stands]
        assert [each.amount_vnd for each in standing] == [8000]


# ---- post


def test_by_post_the_bill_is_scanned_and_the_dossier_keeps_waiting(
    desk: Desk, clock: FixedClock, tmp_path: Path
) -> None:
    number = finished(desk, clock, return_method="post")
    with at_work(desk, tmp_path) as hands:
        hands.scan(number)
        card = hands.screen.work.recipient
        assert QApplication.focusWidget() is card.bill.line
        QTest.keyClicks(card.bill.line, BILL)
        hands.key(Qt.Key.Key_Return)
        [item] = post_items(desk, officer(desk))
        assert (item.bill, item.state) == (BILL, "ready")
        assert stored(desk, number).status is Status.COMPLETED
        hands.screen.start.manifest.setFocus()
        hands.key(Qt.Key.Key_Space)
        assert post_items(desk, officer(desk))[0].state == "handed"
        assert hands.tray.jobs[-1][1] == "Bảng kê bưu chính"


def test_a_doubtful_bill_is_shown_once_and_kept_by_the_second_press(
    desk: Desk, clock: FixedClock, tmp_path: Path
) -> None:
    finished(desk, clock, return_method="post")
    with at_work(desk, tmp_path) as hands:
        hands.card(CARD)
        card = hands.screen.work.recipient
        hands.type(card.bill.line, "EB000717594VN")
        hands.press("F8")
        assert "kiểm tra" in card.bill.error() and post_items(desk, officer(desk)) == ()
        hands.press("F8")
        assert post_items(desk, officer(desk))[0].bill == "EB000717594VN"


def test_a_bill_that_is_none_is_refused_beside_its_field(
    desk: Desk, clock: FixedClock, tmp_path: Path
) -> None:
    finished(desk, clock, return_method="post")
    with at_work(desk, tmp_path) as hands:
        hands.card(CARD)
        card = hands.screen.work.recipient
        hands.type(card.bill.line, "@@@")
        hands.press("F8")
        assert card.bill.error() and card.bill.text() == "@@@"
        card.bill.set_text("")
        card.address.set_text("")
        hands.type(card.phone.line, "9")
        hands.press("F8")
        assert card.phone.error() and post_items(desk, officer(desk)) == ()


def test_delivered_and_back_are_noted_where_the_post_has_it(
    desk: Desk, clock: FixedClock, tmp_path: Path
) -> None:
    first, second = finished(desk, clock), finished(desk, clock)
    for number in (first, second):
        post.prepare(desk, officer(desk), number, Parcel())
    post.hand_to_post(desk, officer(desk))
    with at_work(desk, tmp_path) as hands:
        hands.scan(first)
        work = hands.screen.work
        assert work.post.isVisible() and "bưu chính" in work.notice.accessibleName()
        hands.type(work.post.day.line, "31/02")
        work.post.delivered.setFocus()
        hands.key(Qt.Key.Key_Space)
        assert work.post.day.error() and stored(desk, first).status is Status.COMPLETED
        work.post.day.set_text("")
        work.post.delivered.setFocus()
        hands.key(Qt.Key.Key_Space)
        assert stored(desk, first).status is Status.RETURNED
        hands.scan(second)
        work.post.back.setFocus()
        hands.key(Qt.Key.Key_Space)
        assert work.post.note.error()
        hands.type(work.post.note.line, "Không có người nhận")
        work.post.back.setFocus()
        hands.key(Qt.Key.Key_Space)
        assert stored(desk, second).status is Status.COMPLETED
        hands.scan(second)
        hands.press("F8")
        assert stored(desk, second).status is Status.RETURNED


def test_an_electronic_result_is_noted_without_a_receipt(
    desk: Desk, clock: FixedClock, tmp_path: Path
) -> None:
    number = finished(desk, clock, return_method="online")
    with at_work(desk, tmp_path) as hands:
        hands.scan(number)
        assert hands.screen.work.recipient.way.value() == "online"
        hands.press("F8")
        detail = stored(desk, number)
        assert detail.status is Status.RETURNED and hands.tray.jobs == []
        told = next(line for line in detail.history if line.act == Act.RETURN)
        assert told.detail["method"] == "online"


# ---- nothing lost


def test_what_was_typed_is_there_again_after_the_program_was_closed(
    desk: Desk, clock: FixedClock, tmp_path: Path
) -> None:
    number = finished(desk, clock)
    with at_work(desk, tmp_path) as hands:
        hands.scan(number)
        hands.card(OTHER)
        hands.type(hands.screen.work.recipient.relation.line, "chị gái")
        hands.press("Esc")
        assert hands.screen.start.resume.isVisible()
    with at_work(desk, tmp_path) as hands:
        assert hands.screen.start.resume.isVisible()
        hands.screen.start.resume_act.setFocus()
        hands.key(Qt.Key.Key_Space)
        card = hands.screen.work.recipient
        assert (card.name.text(), card.relation.text()) == ("Lò Thị Mai", "chị gái")
        assert card.relation.isVisible()
        hands.press("F8")
        assert stored(desk, number).status is Status.RETURNED
        assert drafts.open_drafts(desk, officer(desk), "returning") == ()


def test_a_draft_may_be_dropped(desk: Desk, clock: FixedClock, tmp_path: Path) -> None:
    number = finished(desk, clock)
    with at_work(desk, tmp_path) as hands:
        hands.scan(number)
        hands.card(OTHER)
        hands.press("F10")
        hands.screen.start.drop_act.setFocus()
        hands.key(Qt.Key.Key_Space)
        assert not hands.screen.start.resume.isVisible()
        assert drafts.open_drafts(desk, officer(desk), "returning") == ()


def test_a_dead_printer_undoes_nothing_and_says_where_the_paper_is(
    desk: Desk, clock: FixedClock, tmp_path: Path
) -> None:
    number = finished(desk, clock)
    with at_work(desk, tmp_path, works=False) as hands:
        hands.scan(number)
        hands.press("F8")
        detail = stored(desk, number)
        assert detail.status is Status.RETURNED
        assert [job.state for job in detail.prints] == ["failed"]
        assert "chưa in được" in hands.screen.start.news.accessibleName()


def test_a_receipt_that_cannot_be_drawn_does_not_look_like_a_refusal(
    desk: Desk, clock: FixedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = finished(desk, clock)

    def no_font(*_: object) -> bytes:
        raise StorageError("no-paper-font", "Máy này chưa có phông chữ.", "Cài phông rồi in lại.")

    monkeypatch.setattr("app.printing.return_receipt.draw_return_receipt", no_font)
    with at_work(desk, tmp_path) as hands:
        hands.scan(number)
        hands.press("F8")
        assert stored(desk, number).status is Status.RETURNED
        assert "Việc đã ghi xong" in hands.screen.start.news.accessibleName()
        assert drafts.open_drafts(desk, officer(desk), "returning") == ()


def test_back_from_the_whole_dossier_what_was_typed_stays(
    desk: Desk, clock: FixedClock, tmp_path: Path
) -> None:
    number = finished(desk, clock)
    with at_work(desk, tmp_path) as hands:
        hands.scan(number)
        hands.card(OTHER)
        hands.screen.hidden()
        hands.screen.shown(None)
        hands.rest()
        assert hands.screen.work.recipient.name.text() == "Lò Thị Mai"


# ---- the window


def test_f8_comes_here_from_every_screen_and_stays_the_dossiers_own(
    desk: Desk, clock: FixedClock, tmp_path: Path
) -> None:
    number = finished(desk, clock)
    application = start_module.application(off_screen=True)
    set_up_look(application, mode=Mode.LIGHT)
    defects: list[BaseException] = []
    runtime = Runtime(desk, Settings(), None, lambda _s: None, defects.append, tmp_path, lambda: 0)
    window = MainWindow(runtime)
    try:
        window.show()
        window.work_as(officer(desk))
        settle(window.background)
        for name in ("reception", "today", "dossiers", "procedures"):
            window.go_to(Destination(name))
            settle(window.background)
            QTest.keyClick(window.windowHandle(), Qt.Key.Key_F8)
            settle(window.background)
            assert isinstance(window.screen_shown, ReturningScreen), name
        window.go_to(Destination("dossier", stored(desk, number).id))
        settle(window.background)
        QTest.keyClick(window.windowHandle(), Qt.Key.Key_F8)
        settle(window.background)
        assert window.screen_shown is not None and window.screen_shown.name == "dossier"
        assert defects == []
    finally:
        window.close()
        window.deleteLater()
        QApplication.processEvents()


@pytest.mark.parametrize(("size", "factor"), [((1366, 696), 1.0), ((1366, 696), 1.5), ((911, 440), 1.0)])
def test_nothing_overlaps(
    desk: Desk, clock: FixedClock, tmp_path: Path, size: tuple[int, int], factor: float
) -> None:
    long = replace(HUONG, name="Nông Thị Ngọc Ánh Tuyết Hoàng Yến Vàng A Pó")
    number, waiting = finished(desk, clock, long), received(desk, clock, long)
    posted, gone = finished(desk, clock, long, return_method="post"), finished(desk, clock, long)
    post.prepare(desk, officer(desk), gone, Parcel(bill=BILL))
    post.hand_to_post(desk, officer(desk))
    with at_work(desk, tmp_path, size=size, factor=factor) as hands:
        assert find_overlaps(hands.screen) == []
        for each in (number, waiting, posted, gone):
            hands.screen.open(each)
            hands.rest()
            assert find_overlaps(hands.screen) == []
            hands.card(OTHER)
            hands.press("F8")
            assert find_overlaps(hands.screen) == []
            hands.press("Esc")
        assert find_overlaps(hands.screen) == []
    assert theme().factor == 1.0
