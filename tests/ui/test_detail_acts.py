"""A dossier's life through the real window: acts by key and button, forms, refusals, roles, layout."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from sqlalchemy import insert, select, update

from app.clock import FixedClock
from app.domain.dossier_status import Act, Status
from app.models import tables
from app.services.desk import Desk
from app.services.finding.dossier_detail import DossierDetail
from app.services.finding.dossier_view import show_dossier
from app.services.intake.reception import receive_dossier
from app.services.life import ActOrder, do_act
from app.services.life.custody_acts import CUSTODIANS_ALONE
from app.services.post import parcels as post
from app.services.post.parcels import Parcel
from app.settings import Settings
from app.ui import start
from app.ui.dossier_detail import DossierScreen
from app.ui.dossier_detail.act_specs import ITEMS, SPECS
from app.ui.dossier_detail.amount import parse_amount
from app.ui.main_window import MainWindow
from app.ui.ports import Runtime
from app.ui.screen import Destination
from app.ui.theme import set_up_look
from app.ui.widgets import Button, Kind, Mode, NoticeKind, theme
from tests.support.desk import MONDAY, birth, make_desk, officer
from tests.support.layout_check import find_overlaps
from tests.ui.desk_screens import PaperTray, compose, settle
from tests.ui.shell_rig import StalledLine

CTRL = Qt.KeyboardModifier.ControlModifier
FIVE_DAYS = "1.004884"


class Rig:
    """The window on a desk with one dossier open."""

    def __init__(self, window: MainWindow, desk: Desk, clock: FixedClock, line: StalledLine) -> None:
        self.window, self.desk, self.clock, self.line = window, desk, clock, line
        self.id = receive_dossier(desk, officer(desk), birth(procedure_code=FIVE_DAYS)).id
        self.tray = PaperTray()

    @property
    def screen(self) -> DossierScreen:
        """The detail screen."""
        shown = self.window.screen_shown
        assert isinstance(shown, DossierScreen)
        return shown

    def settle(self) -> None:
        """Until the worker is idle."""
        settle(self.window.background)

    def done(self, act: Act, **order: Any) -> None:
        """An act by another hand (a leader's), behind the window."""
        self.clock.advance(timedelta(minutes=1))
        do_act(self.desk, officer(self.desk, "lanhdao"), self.id, ActOrder(act, **order))

    def open(self, login: str = "canbo") -> DossierScreen:
        """The dossier on screen, for an officer."""
        self.window.work_as(officer(self.desk, login))
        self.settle()
        self.window.go_to(Destination("dossier", self.id))
        self.settle()
        self.screen.context = replace(self.screen.context, printer=self.tray)
        self.screen._printing._context = self.screen.context
        return self.screen

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """A key as the keyboard sends it, and what follows."""
        QTest.keyClick(self.window.windowHandle(), key, modifier)
        self.settle()

    def type(self, text: str) -> None:
        """Words as the input method commits them."""
        target = QApplication.focusWidget()
        assert target is not None
        compose(target, text)

    def press(self, act: Act) -> None:
        """The act's button, by Space."""
        button = self.screen.view.acts.button_of(act)
        assert button.isVisible() and button.isEnabled()
        button.setFocus()
        self.key(Qt.Key.Key_Space)

    def do(self) -> None:
        """Ctrl+Enter."""
        self.key(Qt.Key.Key_Return, CTRL)

    def stored(self) -> DossierDetail:
        """The dossier as it is stored."""
        return show_dossier(self.desk, officer(self.desk), self.id, audited=False)

    def count(self, act: Act) -> int:
        """How often the history has the act."""
        return sum(line.act == act for line in self.stored().history)

    def events(self) -> list[str]:
        """Kinds of events of the dossier, in order."""
        c = tables.event.c
        with self.desk.store.read() as connection:
            return list(
                connection.execute(
                    select(c.type).where(c.dossier_id == self.id).order_by(c.desk_seq)
                ).scalars()
            )


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    set_up_look(start.application(), mode=Mode.LIGHT)
    clock = FixedClock(MONDAY)
    desk, line = make_desk(tmp_path, clock), StalledLine(holds_s=0.01)
    defects: list[BaseException] = []
    window = MainWindow(Runtime(desk, Settings(), line, lambda _s: None, defects.append, tmp_path, lambda: 0))
    try:
        window.show()
        window.windowHandle().requestActivate()
        assert QTest.qWaitForWindowActive(window)
        yield Rig(window, desk, clock, line)
        assert defects == []
    finally:
        window.close()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        desk.close()
        theme().set_factor(1.0)
        theme().set_mode(Mode.LIGHT)


def shown_acts(screen: DossierScreen) -> set[Act]:
    """Acts with a button in sight."""
    acts = screen.view.acts
    natural = {acts._offers.natural} if acts.natural.isVisible() else set()
    return {act for act, button in acts.others.items() if button.isVisible()} | {a for a in natural if a}


def test_the_plain_life_by_keys_alone(rig: Rig) -> None:
    screen = rig.open()
    hurried = rig.line.hurried
    assert screen.view.acts.natural.hasFocus(), "the blue button has the focus"
    rig.key(Qt.Key.Key_F7)
    assert rig.stored().status is Status.PROCESSING and rig.line.hurried == hurried + 1
    assert screen.view.news.kind() is NoticeKind.OK
    rig.press(Act.COMPLETE)
    assert screen.view.form.isVisible() and not screen.view.acts.isVisible()
    rig.type("25/2026")
    rig.do()
    assert rig.stored().status is Status.COMPLETED
    assert "25/2026" in screen.view.timeline.entries()[-2].who
    rig.key(Qt.Key.Key_F8)
    assert "Ma Thị Hường" in screen.view.form._who.text() and rig.stored().status is Status.COMPLETED
    rig.do()
    assert rig.stored().status is Status.RETURNED
    assert screen.view.acts.nothing.isVisible() and not shown_acts(screen)
    assert rig.events() == [
        "dossier.received",
        "dossier.progress",
        "dossier.completed",
        "dossier.returned",
    ]


def test_a_result_with_the_post_is_not_given_at_the_counter(rig: Rig) -> None:
    """F8 says where it is; nothing is lost, and once the post has brought it back F8 gives it out."""
    rig.done(Act.COMPLETE, result_no="25/2026")
    by = officer(rig.desk)
    post.prepare(rig.desk, by, rig.stored().number, Parcel(bill="EB000717595VN"))
    post.hand_to_post(rig.desk, by)
    screen = rig.open()
    rig.key(Qt.Key.Key_F8)
    rig.do()
    assert rig.stored().status is Status.COMPLETED and screen.view.form.isVisible()
    said = screen.view.form.notice.accessibleName() + screen.view.form.notice.accessibleDescription()
    assert "EB000717595VN" in said and "bưu chính" in said
    post.came_back(rig.desk, by, rig.stored().number, "Sai địa chỉ")
    rig.do()
    assert rig.stored().status is Status.RETURNED


def test_supplement_asked_and_brought_one_paper_a_line(rig: Rig) -> None:
    screen = rig.open()
    rig.key(Qt.Key.Key_F6)
    rig.do()
    assert "Chưa ghi cần bổ sung" in screen.view.form.items.error() and rig.count(Act.REQUEST_SUPPLEMENT) == 0
    rig.type("Giấy chứng sinh\nGiấy ủy quyền")
    rig.do()
    assert rig.stored().status is Status.SUPPLEMENT_REQUESTED
    assert rig.stored().history[-1].detail["items"] == ["Giấy chứng sinh", "Giấy ủy quyền"]
    assert screen.view.why.accessibleName() == "Chưa xử lý tiếp được"
    rig.press(Act.SUPPLEMENT)
    assert screen.view.form.items.text() == "Giấy chứng sinh\nGiấy ủy quyền", "what was asked stands ready"
    rig.do()
    assert rig.stored().status is Status.PROCESSING
    assert [paper.name for paper in rig.stored().components][-2:] == ["Giấy chứng sinh", "Giấy ủy quyền"]


def test_a_warning_stands_before_the_second_request(rig: Rig) -> None:
    rig.done(Act.REQUEST_SUPPLEMENT, items=("Giấy chứng sinh",))
    rig.done(Act.SUPPLEMENT, items=("Giấy chứng sinh",))
    screen = rig.open()
    form = screen.view.form
    rig.key(Qt.Key.Key_F6)
    assert form.warning.isVisible() and "trễ hạn" in form.warning.accessibleName()
    assert form.leave.hasFocus() and not form.items.isVisible()
    rig.do()
    assert rig.count(Act.REQUEST_SUPPLEMENT) == 1, "Ctrl+Enter does not pass over the warning"
    rig.key(Qt.Key.Key_Space)
    assert screen.view.acts.isVisible() and rig.count(Act.REQUEST_SUPPLEMENT) == 1
    rig.key(Qt.Key.Key_F6)
    form.still.setFocus()
    rig.key(Qt.Key.Key_Space)
    rig.type("Giấy khám sức khỏe")
    rig.do()
    assert rig.count(Act.REQUEST_SUPPLEMENT) == 2


def test_money_asked_and_taken_in_once(rig: Rig) -> None:
    rig.done(Act.START)
    screen = rig.open()
    rig.press(Act.REQUEST_FEE)
    for wrong, words in (("nhiều", "Chưa đọc được số tiền"), ("0", "lớn hơn 0"), ("-5", "lớn hơn 0")):
        screen.view.form.amount.line.clear()
        screen.view.form.amount.line.setFocus()
        rig.type(wrong)
        rig.do()
        assert words in screen.view.form.amount.error(), wrong
    screen.view.form.amount.line.clear()
    rig.type("150000")
    rig.key(Qt.Key.Key_Return)
    assert screen.view.form.reason.area.hasFocus(), "Enter goes on"
    rig.do()
    assert rig.stored().status is Status.FEE_REQUESTED
    assert "150.000 đ" in screen.view.why.accessibleDescription()
    rig.press(Act.PAY)
    assert screen.view.form.amount.text() == "150.000"
    for _ in range(3):
        QTest.keyClick(rig.window.windowHandle(), Qt.Key.Key_Return, CTRL)
    rig.settle()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Space):
        rig.key(key)
    assert rig.count(Act.PAY) == 1 and rig.stored().status is Status.PROCESSING
    assert not rig.tray.jobs
    assert "biên nhận" in next(e.who for e in screen.view.timeline.entries() if e.act.startswith("Thu phí"))


def test_two_quick_presses_of_an_act_without_a_form_do_it_once(rig: Rig) -> None:
    rig.open()
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Space, Qt.Key.Key_F7, Qt.Key.Key_F7):
        QTest.keyClick(rig.window.windowHandle(), key)
    rig.settle()
    rig.key(Qt.Key.Key_Space)
    assert rig.count(Act.START) == 1 and rig.stored().status is Status.PROCESSING
    assert not rig.screen.view.form.isVisible() and not rig.tray.jobs


def test_asking_again_before_the_answer_does_nothing_more(rig: Rig) -> None:
    screen = rig.open()
    dossier = screen._loaded.dossier if screen._loaded is not None else rig.stored()
    for _ in range(3):
        screen.doing.begin(dossier, Act.START)
    rig.settle()
    assert rig.count(Act.START) == 1 and screen.view.news.kind() is NoticeKind.OK
    assert QApplication.focusWidget() is screen, "no button waits for a second press"
    rig.press(Act.PAY)
    rig.type("1000")
    for _ in range(3):
        screen.doing.do()
    rig.settle()
    assert rig.count(Act.PAY) == 1


def test_a_dossier_held_elsewhere_and_one_handed_to_this_desk(rig: Rig) -> None:
    with rig.desk.store.write() as connection:
        connection.execute(update(tables.dossier).values(custodian_unit="02269"))
    screen = rig.open()
    assert not shown_acts(screen) & CUSTODIANS_ALONE and Act.WITHDRAW in shown_acts(screen)
    assert screen.view.why.accessibleName() == "Hồ sơ đang ở đơn vị khác"
    own = rig.desk.profile.agency_code or rig.desk.profile.unit_code
    with rig.desk.store.write() as connection:
        connection.execute(
            insert(tables.history).values(
                dossier_id=rig.id,
                act="transfer",
                at=MONDAY,
                recorded_at=MONDAY,
                by_name="Xã Sơn Dương",
                detail={"to": own},
            )
        )
    screen.reload(frozenset({"dossiers"}))
    rig.settle()
    assert screen.view.acts.natural.text() == "Nhận hồ sơ chuyển đến"
    rig.press(Act.ACCEPT_CUSTODY)
    assert rig.stored().custodian_unit == own and Act.START in shown_acts(screen)


def test_enrolment_beside_the_open_window_takes_no_act_away(rig: Rig) -> None:
    with rig.desk.store.write() as connection:
        connection.execute(update(tables.desk).values(agency_code="H60.12.3"))
    rig.id = receive_dossier(rig.desk, officer(rig.desk), birth(procedure_code=FIVE_DAYS)).id
    assert rig.stored().custodian_unit == "H60.12.3"
    assert Act.START in shown_acts(rig.open())


def test_extension_by_typed_date_until_closing(rig: Rig) -> None:
    rig.done(Act.START)
    screen = rig.open()
    form = screen.view.form
    rig.press(Act.EXTEND)
    rig.type("30/02/2026")
    rig.do()
    assert form.due.error() and form.due.text() == "30/02/2026", "a wrong date stays as typed"
    form.due.line.clear()
    form.due.line.setFocus()
    rig.type("06122026")
    rig.key(Qt.Key.Key_Return)
    rig.type("Chờ xác minh")
    rig.do()
    assert "ngày nghỉ" in form.due.error() and form.reason.text() == "Chờ xác minh"
    form.due.line.clear()
    rig.type("07122026")
    rig.do()
    due = rig.stored().due_at
    assert (
        due is not None
        and f"{due:%d/%m/%Y}" == "07/12/2026"
        and due == rig.desk.reference.calendar.closing(due.date())
    )
    assert "07/12/2026" in screen.view.news.accessibleDescription()
    assert screen.view.prints.paper.hasFocus(), "its paper is next"
    assert Act.EXTEND not in shown_acts(screen), "once is what the office's setting allows"
    assert screen.view.why.accessibleName() == "Không gia hạn được nữa"
    assert rig.count(Act.EXTEND) == 1


def test_a_late_dossier_is_not_extended_and_says_why(rig: Rig) -> None:
    rig.clock.advance(timedelta(days=30))
    screen = rig.open()
    assert Act.EXTEND not in shown_acts(screen)
    assert screen.view.why.accessibleName() == "Không gia hạn được nữa"


def test_transfer_to_a_unit_found_by_typing(rig: Rig) -> None:
    screen = rig.open()
    form = screen.view.form
    rig.press(Act.TRANSFER)
    rig.type("sơn dương")
    rig.do()
    assert "Chưa chọn đơn vị" in form.unit.error(), "typed words are no unit yet"
    form.unit.line.clear()
    rig.type("son duong")
    QTest.qWait(200)
    rig.settle()
    assert form.unit.popup().isVisible()
    rig.key(Qt.Key.Key_Return)
    assert form.unit.value() and form.reason.area.hasFocus()
    rig.do()
    moved = rig.stored().history[-1]
    assert moved.act == Act.TRANSFER and "Sơn Dương" in moved.detail["to_name"]
    assert Act.TRANSFER not in shown_acts(screen), "one hand-over at a time"
    assert "Sơn Dương" in screen.view.why.accessibleDescription()


@pytest.mark.parametrize(("act", "after"), [(Act.WITHDRAW, Status.WITHDRAWN), (Act.STOP, Status.STOPPED)])
def test_the_ends_and_the_papers_given_back(rig: Rig, act: Act, after: Status) -> None:
    screen = rig.open()
    rig.press(act)
    if act is Act.STOP:
        rig.do()
        assert "Chưa ghi lý do" in screen.view.form.reason.error()
    rig.type("Công dân đổi ý")
    rig.do()
    assert rig.stored().status is after
    assert screen.view.acts.natural.text() == "Trả lại hồ sơ"
    rig.key(Qt.Key.Key_F8)
    rig.do()
    assert rig.stored().status is Status.RETURNED


def test_registered_dossiers_are_taken_in_or_refused(rig: Rig) -> None:
    intake = birth(procedure_code=FIVE_DAYS, register_only=True)
    for act, after in ((Act.ACCEPT, Status.RECEIVED), (Act.REFUSE, Status.REFUSED)):
        rig.id = receive_dossier(
            rig.desk, officer(rig.desk), replace(intake, request_id=birth().request_id)
        ).id
        screen = rig.open()
        assert shown_acts(screen) == {Act.ACCEPT, Act.REFUSE}
        rig.press(act)
        if act is Act.REFUSE:
            rig.type("Không thuộc thẩm quyền của xã")
        rig.do()
        assert rig.stored().status is after
    assert screen.view.why.accessibleName() == "Chưa mở lại được"


def test_lacking_papers_are_named_when_a_registered_dossier_is_accepted(rig: Rig) -> None:
    lacking = birth(procedure_code=FIVE_DAYS, register_only=True, all_required=False)
    rig.id = receive_dossier(rig.desk, officer(rig.desk), lacking).id
    screen = rig.open()
    rig.press(Act.ACCEPT)
    rig.do()
    notice = screen.view.form.notice
    assert notice.isVisible() and "thiếu" in notice.accessibleName()
    assert "F9" not in notice.accessibleDescription() and rig.stored().status is Status.NEW


def test_a_leader_reopens_and_an_officer_is_told_who_may(rig: Rig) -> None:
    rig.done(Act.START)
    rig.done(Act.WITHDRAW)
    screen = rig.open()
    assert Act.REOPEN not in shown_acts(screen)
    assert "lãnh đạo" in screen.view.why.accessibleDescription()
    screen = rig.open("lanhdao")
    assert Act.REOPEN in shown_acts(screen)
    rig.press(Act.REOPEN)
    rig.type("Công dân xin làm tiếp")
    rig.do()
    assert rig.stored().status is Status.PROCESSING


def test_an_administrator_is_offered_nothing(rig: Rig) -> None:
    rig.window.work_as(officer(rig.desk, "quantri"))
    rig.settle()
    rig.window.go_to(Destination("dossier", rig.id))
    rig.settle()
    shown = rig.window.screen_shown
    assert shown is not None and shown.name == "settings", "a dossier is not the administrator's to read"
    QTest.keyClick(rig.window.windowHandle(), Qt.Key.Key_F7)
    rig.settle()
    assert rig.stored().status is Status.RECEIVED


def test_a_key_between_two_dossiers_acts_on_neither(rig: Rig) -> None:
    other = receive_dossier(rig.desk, officer(rig.desk), birth(procedure_code=FIVE_DAYS)).id
    screen = rig.open()
    screen.shown(other)
    for key in (Qt.Key.Key_F7, Qt.Key.Key_Space):
        QTest.keyClick(rig.window.windowHandle(), key)
    rig.settle()
    assert rig.stored().status is Status.RECEIVED
    rig.id = other
    assert rig.stored().status is Status.RECEIVED


def test_esc_leaves_the_form_and_what_was_typed_comes_back(rig: Rig) -> None:
    other = receive_dossier(rig.desk, officer(rig.desk), birth(procedure_code=FIVE_DAYS)).id
    screen = rig.open()
    rig.key(Qt.Key.Key_F6)
    rig.type("Giấy chứng sinh")
    rig.key(Qt.Key.Key_Escape)
    assert screen.view.acts.isVisible() and rig.window.screen_shown is screen
    rig.window.go_to(Destination("dossier", other))
    rig.settle()
    rig.key(Qt.Key.Key_F6)
    assert screen.view.form.items.text() == "", "another dossier has its own form"
    rig.type("Của hồ sơ khác")
    rig.window.go_to(Destination("dossiers"))
    rig.settle()
    rig.open()
    rig.key(Qt.Key.Key_F6)
    assert screen.view.form.values()[ITEMS] == "Giấy chứng sinh"
    rig.key(Qt.Key.Key_Escape)
    rig.key(Qt.Key.Key_Escape)
    shown = rig.window.screen_shown
    assert shown is not None and shown.name == "dossiers", "the next Esc leads back"


def test_another_officer_was_quicker(rig: Rig) -> None:
    screen = rig.open()
    rig.press(Act.STOP)
    rig.type("Không đủ điều kiện")
    rig.done(Act.COMPLETE)
    rig.do()
    assert "Đã xử lý xong" in screen.view.form.notice.accessibleName()
    assert screen.view.form.reason.text() == "Không đủ điều kiện", "nothing typed is lost"
    assert rig.stored().status is Status.COMPLETED


def test_an_open_form_outlives_what_the_province_sends_meanwhile(rig: Rig) -> None:
    screen = rig.open()
    rig.press(Act.STOP)
    rig.type("Không đủ điều kiện")
    screen.reload(frozenset({"dossiers"}))
    rig.settle()
    assert (
        screen.view.form.isVisible() and not screen.view.acts.isVisible() and not screen.view.why.isVisible()
    )
    assert screen.view.form.reason.area.hasFocus()


def test_the_paper_of_an_act_is_printed_and_kept(rig: Rig) -> None:
    screen = rig.open()
    assert not screen.view.prints.paper.isVisible()
    rig.key(Qt.Key.Key_F6)
    rig.type("Giấy chứng sinh")
    rig.do()
    assert screen.view.prints.paper.hasFocus()
    rig.key(Qt.Key.Key_Space)
    ((pdf, name),) = rig.tray.jobs
    assert pdf.startswith(b"%PDF") and name == "Phiếu bổ sung (02)"
    assert [(job.form, job.state) for job in rig.stored().prints] == [("02", "printed")]
    assert "phiếu bổ sung (02)" in screen.view.news.accessibleName()


def test_one_blue_button_whatever_the_step(rig: Rig) -> None:
    screen = rig.open()
    for act in (None, Act.REQUEST_SUPPLEMENT, Act.SUPPLEMENT, Act.COMPLETE, Act.RETURN):
        if act is not None:
            rig.done(act, items=("Giấy chứng sinh",) if "supplement" in act else ())
            screen.reload(frozenset({"dossiers"}))
            rig.settle()
        blue = [b for b in screen.findChildren(Button) if b.isVisible() and b.kind() is Kind.PRIMARY]
        assert len(blue) == (0 if act is Act.RETURN else 1), act


@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK])
@pytest.mark.parametrize(("size", "factor"), [((1366, 696), 1.0), ((911, 440), 1.0), ((1366, 696), 1.5)])
def test_nothing_overlaps_in_any_form(rig: Rig, size: tuple[int, int], factor: float, mode: Mode) -> None:
    theme().set_mode(mode)
    theme().set_factor(factor)
    rig.window.resize(*size)
    screen = rig.open()
    assert find_overlaps(rig.window) == []
    loaded = screen._loaded
    assert loaded is not None
    for act in [act for act in SPECS if not SPECS[act].at_once]:
        screen.doing.begin(replace(loaded.dossier, supplement_rounds=0), act)
        rig.settle()
        screen.view.form.tell("Chưa ghi được vì ổ đĩa đầy.", "Dọn bớt rồi bấm lại; phần đã gõ vẫn còn.")
        rig.settle()
        assert find_overlaps(rig.window) == [], act
        screen.doing.leave()
    screen.doing.begin(replace(loaded.dossier, supplement_rounds=1), Act.REQUEST_SUPPLEMENT)
    rig.settle()
    assert find_overlaps(rig.window) == []


@pytest.mark.parametrize(
    ("text", "amount"),
    [("16000", 16000), ("16.000", 16000), ("1.500.000 đ", 1500000), ("16 000đồng", 16000), ("-5", -5)],
)
def test_amounts_as_officers_type_them(text: str, amount: int) -> None:
    assert parse_amount(text) == amount


@pytest.mark.parametrize("text", ["16,5", "1.50", "mười", "16.0000", "9" * 13])
def test_amounts_that_could_be_read_two_ways_are_asked_again(text: str) -> None:
    from app.errors import RuleError

    with pytest.raises(RuleError) as wrong:
        parse_amount(text)
    assert wrong.value.field == "amount"


def test_a_result_is_kept_with_signer_and_file(rig: Rig, tmp_path: Path) -> None:
    screen = rig.open()
    form = screen.view.form
    rig.press(Act.COMPLETE)
    rig.type("25/2026")
    rig.key(Qt.Key.Key_Return)
    rig.type("Nông Văn Chủ")
    rig.key(Qt.Key.Key_Return)
    file = tmp_path / "ket-qua.pdf"
    file.write_bytes(b"PK\x03\x04")
    rig.type(str(file))
    rig.do()
    assert "nguyên vẹn" in form.file.error() and form.signer.text() == "Nông Văn Chủ"
    assert form.file.text() == str(file) and rig.stored().status is not Status.COMPLETED
    file.write_bytes(b"%PDF-1.7\nstartxref\n9\n%%EOF\n")
    rig.do()
    stored = rig.stored()
    assert stored.status is Status.COMPLETED and len(stored.files) == 1
    assert [(each.number, each.signer) for each in stored.results] == [("25/2026", "Nông Văn Chủ")]


def test_papers_brought_with_the_acceptance_are_typed_line_by_line(rig: Rig) -> None:
    lacking = birth(procedure_code=FIVE_DAYS, register_only=True, all_required=False)
    rig.id = receive_dossier(rig.desk, officer(rig.desk), lacking).id
    rig.open()
    version = rig.desk.reference.catalogue.version_for(FIVE_DAYS, rig.clock.now().date())
    names = [rule.id for rule in version.components if rule.mandatory in ("yes", "one_of")]
    rig.press(Act.ACCEPT)
    for name in names:
        rig.type(name)
        rig.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    rig.do()
    assert rig.stored().status is Status.RECEIVED
