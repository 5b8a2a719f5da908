"""Requests, consents, terms and help from outside by real keys: what is done, what is hidden, what leaves."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from sqlalchemy import select

from app.clock import FixedClock
from app.domain.account_help import ConsentPurpose
from app.domain.privacy import Decision, RequestKind, Term, Unit
from app.models import tables
from app.services.desk import Desk
from app.services.drafts import new_draft_id, save_draft
from app.services.finding.dossier_view import show_dossier
from app.services.help.account_help import open_case
from app.services.intake.reception import Received, receive_dossier
from app.services.privacy.requests import RequestOrder, list_requests, record_request, show_request
from app.services.privacy.terms import terms
from app.ui.privacy.consents import ConsentsSection
from app.ui.privacy.requests import RequestsSection
from app.ui.privacy.support import SupportSection
from app.ui.privacy.terms import TermsSection
from app.ui.settings.screen import SettingsScreen
from app.ui.settings.section import Section
from app.ui.widgets import Label, theme
from tests.support.desk import HUONG, MONDAY, birth, make_desk, officer
from tests.support.layout_check import find_overlaps
from tests.ui.desk_screens import PaperTray, Window, a_screen, compose, settle

Key = Qt.Key
Kind = TypeVar("Kind", bound=Section)
CARD = "008198000000||Ma Thị Hường|14081998|Nữ|Thôn Nà Mẫu, xã Nà Hang, tỉnh Tuyên Quang|12092025"


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(MONDAY)


@pytest.fixture
def desk(tmp_path: Path, clock: FixedClock) -> Iterator[Desk]:
    made = make_desk(tmp_path, clock)
    yield made
    made.close()


@pytest.fixture
def dossier(desk: Desk) -> Received:
    received = receive_dossier(desk, officer(desk), birth())
    both = (ConsentPurpose.TRACKING, ConsentPurpose.CONTACT)
    open_case(desk, officer(desk), HUONG, "0900000123", both)
    return received


def ask(desk: Desk, kind: RequestKind) -> str:
    order = RequestOrder(kind, HUONG.name, HUONG.id_value or "", "Theo đơn của tôi")
    return record_request(desk, officer(desk), order).id


@contextmanager
def section(
    desk: Desk, folder: Path, kind: type[Kind], key: str, login: str = "canbo", **more: object
) -> Iterator[tuple[Kind, Window]]:
    with a_screen(
        desk,
        SettingsScreen,
        folder,
        by=officer(desk, login),
        argument=key,
        **more,  # type: ignore[arg-type]
    ) as window:
        assert isinstance(window.screen, SettingsScreen)
        window.activateWindow()
        settle(window.screen.context.background)
        shown = window.screen.section
        assert isinstance(shown, kind)
        yield shown, window


def press(window: Window, key: Qt.Key = Key.Key_Return) -> None:
    QTest.keyClick(window.windowHandle(), key)
    settle(window.screen.context.background)


def type_text(window: Window, text: str) -> None:
    here = window.focusWidget()
    assert here is not None
    if text.isascii():
        QTest.keyClicks(here, text)
    else:
        compose(here, text)


def save(window: Window) -> None:
    """Ctrl+S, as the window hands it on."""
    offered = window.screen.keys()
    next(act for act in offered if act.key == "Ctrl+S").call()
    settle(window.screen.context.background)


def words_on(part: QWidget) -> str:
    return " ".join(label.text() for label in part.findChildren(Label) if label.isVisible())


def acts_of(desk: Desk, act: str) -> int:
    c = tables.audit.c
    with desk.store.read() as connection:
        return len(connection.execute(select(c.seq).where(c.act == act)).all())


# ---- requests


def test_a_card_scanned_here_begins_a_request_and_enter_leads_through_it(desk, tmp_path, dossier):
    with section(desk, tmp_path, RequestsSection, "requests") as (requests, window):
        assert window.screen.take_card(CARD)
        settle(requests.context.background)
        assert requests.adding.identity.text() == HUONG.id_value
        type_text(window, "Cho tôi xem dữ liệu")
        save(window)
        (line,) = list_requests(desk, officer(desk))
        assert (line.kind, line.name, line.masked) == (RequestKind.ACCESS, HUONG.name, "0xx…0000")
        assert "26/11/2026" in words_on(requests.news)
        assert requests.picked.isVisible()
        assert not requests.answering.isVisible(), "a clerk does not answer"
        assert HUONG.id_value not in " ".join(item.title + item.detail for item in requests.list.items())


def test_a_missing_name_is_said_beside_its_field(desk, tmp_path):
    with section(desk, tmp_path, RequestsSection, "requests") as (requests, window):
        assert requests.adding.isVisible(), "with none yet the form is there"
        save(window)
        assert requests.adding.name.error()
        assert list_requests(desk, officer(desk)) == ()


def test_the_leader_answers_an_erasure_by_keys_and_prints_it(desk, tmp_path, dossier):
    which = ask(desk, RequestKind.ERASURE)
    tray = PaperTray()
    with section(desk, tmp_path, RequestsSection, "requests", "lanhdao", printer=tray) as (requests, window):
        requests.list.setFocus()
        press(window, Key.Key_Down)
        assert requests.answering.decision() is Decision.PARTLY, "the dossier stays, so only a part can go"
        assert "giữ 1 hồ sơ" in words_on(requests.answering)
        requests.answering.reason.area.setFocus()
        type_text(window, "Đã xóa lượt hỗ trợ")
        save(window)
        request = show_request(desk, officer(desk), which).request
        assert (request.decision, request.outcome["help_cases"]) == (Decision.PARTLY, 1)
        requests.picked.paper.setFocus()
        press(window, Key.Key_Space)
        assert [name for _, name in tray.jobs] == ["Phiếu trả lời"]


def test_an_answer_without_words_changes_nothing(desk, tmp_path, dossier):
    which = ask(desk, RequestKind.ACCESS)
    with section(desk, tmp_path, RequestsSection, "requests", "lanhdao") as (requests, window):
        requests.list.setFocus()
        press(window, Key.Key_Down)
        save(window)
        assert requests.answering.reason.error()
        assert show_request(desk, officer(desk), which).request.open


def test_a_correction_asked_for_is_made_from_here(desk, tmp_path, dossier):
    ask(desk, RequestKind.CORRECTION)
    with section(desk, tmp_path, RequestsSection, "requests") as (requests, window):
        requests.list.setFocus()
        press(window, Key.Key_Down)
        requests.correcting.new.line.setFocus()
        type_text(window, "Ma Thị Hương")
        press(window)
        assert show_dossier(desk, officer(desk), dossier.number).owner.name == "Ma Thị Hương"


def test_all_that_is_held_goes_into_the_file_the_officer_names_and_nowhere_else(desk, tmp_path, dossier):
    ask(desk, RequestKind.ACCESS)
    target = tmp_path / "asked" / "person.pdf"
    target.parent.mkdir()
    with section(desk, tmp_path, RequestsSection, "requests") as (requests, window):
        requests.ask_target = lambda: str(target)
        requests.list.setFocus()
        press(window, Key.Key_Down)
        requests.picked.export.setFocus()
        press(window, Key.Key_Space)
        assert target.read_bytes().startswith(b"%PDF")
        assert target.name in words_on(requests.news)
        assert [path.name for path in target.parent.iterdir()] == [target.name]
    assert acts_of(desk, "export_person") == 3


def test_leaving_the_section_takes_the_person_off_the_screen(desk, tmp_path, dossier):
    ask(desk, RequestKind.ACCESS)
    with section(desk, tmp_path, RequestsSection, "requests") as (requests, window):
        requests.list.setFocus()
        press(window, Key.Key_Down)
        assert HUONG.id_value in requests.picked.number.value()
        window.screen.locked()
        assert not requests.picked.isVisible()
        assert HUONG.id_value not in requests.picked.number.value()


# ---- consents


def test_the_book_masks_numbers_and_shows_them_on_demand_with_a_trace(desk, tmp_path, dossier):
    with section(desk, tmp_path, ConsentsSection, "consents") as (consents, window):
        assert [item.title for item in consents.list.items()] == [HUONG.name] * 2
        assert consents.numbers.value() == "0xx…0000 · 0xx…0123"
        before = acts_of(desk, "read")
        consents.full.setFocus()
        press(window, Key.Key_Space)
        assert consents.numbers.value() == "008198000000 · 0900 000 123"
        assert acts_of(desk, "read") == before + 1
        window.screen.locked()
        assert "xx…" in consents.numbers.value(), "behind the lock they are masked again"
        consents.full.setFocus()
        press(window, Key.Key_Space)
        assert "008198000000" in consents.numbers.value()
        consents.list.setFocus()
        press(window, Key.Key_Down)
        assert "xx…" in consents.numbers.value(), "the next one is masked too"


def test_the_book_is_narrowed_and_printed(desk, tmp_path, dossier):
    tray = PaperTray()
    with section(desk, tmp_path, ConsentsSection, "consents", printer=tray) as (consents, window):
        consents.purpose.set_value("contact")
        consents.purpose.changed.emit("contact")
        settle(consents.context.background)
        assert len(consents.list.items()) == 1
        consents.text.line.setFocus()
        type_text(window, "khong co ai")
        press(window)
        assert consents.list.items() == []
        save(window)
        assert [name for _, name in tray.jobs] == ["Sổ đồng ý"]


# ---- terms


def test_the_office_sets_a_term_and_what_is_past_goes(desk, tmp_path, clock):
    save_draft(desk, officer(desk), new_draft_id(), "reception", "name", {"person": {}})
    clock.advance(timedelta(days=8))
    with section(desk, tmp_path, TermsSection, "terms", "quantri") as (kept, window):
        assert not kept.now.isEnabled()
        kept.count.line.setFocus()
        kept.count.line.selectAll()
        type_text(window, "7")
        save(window)
        assert kept.basis.error(), "a term without its basis is not kept"
        kept.basis.line.setFocus()
        type_text(window, "QD 12/UBND")
        press(window)
        assert terms(desk).kept("drafts").term == Term(7, Unit.DAYS)
        assert kept.past.value() == "1 mục"
        kept.now.setFocus()
        press(window, Key.Key_Space)
        assert "Đã bỏ 1 mục" in words_on(kept.news)
    with desk.store.read() as connection:
        assert connection.execute(select(tables.draft)).all() == []


def test_what_is_never_let_go_offers_no_term(desk, tmp_path):
    with section(desk, tmp_path, TermsSection, "terms", "quantri") as (kept, _):
        kept.list.set_current("dossiers")
        kept._pick("dossiers")
        assert not kept.count.isVisible()
        assert not kept.keep.isVisible()
        assert kept.holds.value() == "không tự mất"


# ---- help from outside


def test_the_officer_sees_the_pack_before_it_goes_into_a_named_file(desk, tmp_path, dossier):
    target = tmp_path / "goi.zip"
    with section(desk, tmp_path, SupportSection, "support") as (support, window):
        support.ask_target = lambda: str(target)
        save(window)
        assert not target.exists(), "first it is shown"
        names = [item.key for item in support.list.items()]
        shown = {}
        for name in names:
            shown[name] = support.text.text()
            press(window, Key.Key_Down)
        save(window)
        with zipfile.ZipFile(target) as archive:
            assert archive.namelist() == names
            assert archive.read("so-dem.json").decode().strip() == shown["so-dem.json"].strip()
        assert "goi.zip" in words_on(support.news)


def test_the_worksheet_of_a_breach_is_for_the_office(desk, tmp_path):
    with section(desk, tmp_path, SupportSection, "support") as (support, _):
        assert not support.breach.isVisible()
    tray = PaperTray()
    with section(desk, tmp_path, SupportSection, "support", "lanhdao", printer=tray) as (support, window):
        support.found.line.setFocus()
        type_text(window, "99")
        support.sheet.setFocus()
        press(window, Key.Key_Space)
        assert support.found.error()
        support.found.line.setFocus()
        support.found.line.selectAll()
        type_text(window, "23112026 0830")
        support.sheet.setFocus()
        press(window, Key.Key_Space)
        assert [name for _, name in tray.jobs] == ["Phiếu sự cố"]


# ---- looks


@pytest.mark.parametrize(("size", "factor"), [((1366, 696), 1.0), ((1366, 696), 1.5), ((911, 440), 1.0)])
def test_nothing_lies_over_anything(desk, tmp_path, dossier, size, factor):
    ask(desk, RequestKind.ERASURE)
    with section(desk, tmp_path, RequestsSection, "requests", "lanhdao", size=size, factor=factor) as (
        requests,
        window,
    ):
        assert theme().factor == factor
        requests.list.setFocus()
        press(window, Key.Key_Down)
        for key in ("requests", "consents", "terms", "support"):
            window.screen.shown(key)
            settle(requests.context.background, 20)
            assert find_overlaps(window.screen) == [], key
