"""Chi tiết hồ sơ through its window: opened and audited, read anew without, printed, looked at, left."""

from __future__ import annotations

from array import array
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from sqlalchemy import func, insert, select

from app.clock import to_wire
from app.domain.dossier_status import Act
from app.domain.people import Person
from app.models import tables
from app.services.demo import acts
from app.services.demo import filling as demo
from app.services.desk import Desk
from app.services.finding import grid
from app.services.finding.dossier_detail import HistoryLine
from app.services.finding.dossier_view import show_dossier
from app.services.finding.grid import GridQuery
from app.services.intake.reception import receive_dossier
from app.ui.dossier_detail import DossierScreen
from app.ui.dossier_detail.citizen import identity_words
from app.ui.dossier_detail.proposals import field_words, value_words
from app.ui.dossier_detail.story import act_words, entries_of
from app.ui.dossiers.opening import OpenDossier
from app.ui.widgets import Mode, NoticeKind, When
from tests.support.desk import MONDAY, birth, make_desk, officer
from tests.support.layout_check import find_overlaps
from tests.ui.desk_screens import PaperTray, Window, a_screen, settle

ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk of 120 dossiers."""
    made = make_desk(tmp_path_factory.mktemp("detail"))
    demo.fill(made, officer(made), count=120, seed=5, until=MONDAY)
    return made


def screen_of(window: Window) -> DossierScreen:
    """The screen of the window."""
    assert isinstance(window.screen, DossierScreen)
    return window.screen


def name_of(window: Window) -> str:
    """Whose dossier is shown."""
    return screen_of(window).view.summary._name.text()


def reads(desk: Desk) -> int:
    """How many readings the audit holds."""
    with desk.store.read() as connection:
        return int(
            connection.execute(
                select(func.count()).select_from(tables.audit).where(tables.audit.c.act == "read")
            ).scalar_one()
        )


def among(desk: Desk, place: int) -> OpenDossier:
    """A dossier opened from the list of all."""
    return OpenDossier("", grid.open_result(desk, officer(desk), GridQuery()).row_numbers, place)


def test_opening_is_recorded_once_and_drawing_anew_is_not(desk: Desk, tmp_path: Path) -> None:
    before = reads(desk)
    with a_screen(desk, DossierScreen, tmp_path, argument=among(desk, 3)) as window:
        assert reads(desk) == before + 1
        window.screen.reload(frozenset({"dossiers"}))
        settle(window.screen.context.background)
        assert reads(desk) == before + 1


def test_what_is_shown_is_what_is_stored(desk: Desk, tmp_path: Path) -> None:
    row = grid.page(desk, officer(desk), among(desk, 7).numbers[7:8])[0]
    stored = show_dossier(desk, officer(desk), row.id)
    with a_screen(desk, DossierScreen, tmp_path, argument=row.id) as window:
        view = screen_of(window).view
        assert name_of(window) == stored.owner.name
        assert stored.number in view.summary._numbers.text()
        assert view.papers.table.rows.rowCount() == len(stored.components)
        entries = view.timeline.entries()
        past = [entry for entry in entries if entry.when is When.PAST]
        assert [entry.act for entry in past] == [act_words(line) for line in stored.history]


def test_alt_and_arrows_go_through_the_list_and_each_reading_is_recorded(desk: Desk, tmp_path: Path) -> None:
    rows = grid.page(desk, officer(desk), among(desk, 0).numbers[:3])
    before = reads(desk)
    with a_screen(desk, DossierScreen, tmp_path, argument=among(desk, 1)) as window:
        screen = screen_of(window)
        screen.setFocus()
        for key, place in ((Qt.Key.Key_Right, 2), (Qt.Key.Key_Left, 1), (Qt.Key.Key_Left, 0)):
            QTest.keyClick(screen, key, ALT)
            settle(screen.context.background)
            assert name_of(window) == rows[place].owner_name
        QTest.keyClick(screen, Qt.Key.Key_Left, ALT)
        settle(screen.context.background)
        assert screen.opening().place == 0 and not screen.view.neighbours.before.isEnabled()
        assert reads(desk) == before + 4


def test_esc_goes_back_where_it_was_opened(desk: Desk, tmp_path: Path) -> None:
    with a_screen(desk, DossierScreen, tmp_path, argument=among(desk, 4)) as window:
        screen = screen_of(window)
        screen.setFocus()
        QTest.keyClick(screen, Qt.Key.Key_Escape)
        back = window.went[-1]
        assert back.screen == "dossiers" and isinstance(back.argument, OpenDossier)
        assert back.argument.place == 4
        screen.shown(replace(screen.opening(), numbers=array("q"), back="today"))
        settle(screen.context.background)
        QTest.keyClick(screen, Qt.Key.Key_Escape)
        assert window.went[-1].screen == "today"


def test_printing_again_keeps_the_sheet_first_and_counts(tmp_path: Path) -> None:
    desk, tray = make_desk(tmp_path), PaperTray()
    dossier = receive_dossier(desk, officer(desk), birth())
    with a_screen(desk, DossierScreen, tmp_path, argument=dossier.id, printer=tray) as window:
        screen = screen_of(window)
        assert screen.view.prints.print.text() == "In giấy hẹn"
        assert not screen.view.prints.look.isVisible(), "there is no sheet yet"
        screen.keys()[0].call()
        settle(screen.context.background)
        assert screen.view.prints.print.text() == "In lại lần 1"
        screen.view.prints.print.setFocus()
        QTest.keyClick(screen.view.prints.print, Qt.Key.Key_Space)
        settle(screen.context.background)
        assert screen.view.prints.print.text() == "In lại lần 2"
        assert screen.view.news.kind() is NoticeKind.OK
        assert "lần 1" in screen.view.news.accessibleName()
        assert len(tray.jobs) == 2 and all(pdf.startswith(b"%PDF") for pdf, _ in tray.jobs)
        assert all("Hường" not in name for _, name in tray.jobs)
        stored = show_dossier(desk, officer(desk), dossier.id)
        assert [(job.copy_no, job.state) for job in stored.prints] == [(1, "printed"), (2, "printed")]
        past = [entry.act for entry in screen.view.timeline.entries()]
        assert "In giấy hẹn" in past and "In lại giấy hẹn lần 1" in past
    desk.close()


def test_a_dead_printer_loses_nothing_and_says_so(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    dossier = receive_dossier(desk, officer(desk), birth())
    tray = PaperTray(works=False)
    with a_screen(desk, DossierScreen, tmp_path, argument=dossier.id, printer=tray) as window:
        screen = screen_of(window)
        screen.print_slip()
        settle(screen.context.background)
        assert screen.view.news.kind() is NoticeKind.WARN and screen.view.news.isVisible()
        assert screen.view.prints.print.isEnabled()
        (job,) = show_dossier(desk, officer(desk), dossier.id).prints
        assert job.state == "failed"
        assert find_overlaps(window) == []
    desk.close()


def test_two_quick_presses_print_one_sheet(tmp_path: Path) -> None:
    desk, tray = make_desk(tmp_path), PaperTray()
    dossier = receive_dossier(desk, officer(desk), birth())
    with a_screen(desk, DossierScreen, tmp_path, argument=dossier.id, printer=tray) as window:
        screen_of(window).print_slip()
        screen_of(window).print_slip()
        settle(window.screen.context.background)
        assert len(tray.jobs) == 1
    desk.close()


def test_the_sheet_is_shown_as_it_was_and_esc_puts_it_away(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    dossier = receive_dossier(desk, officer(desk), birth())
    with a_screen(desk, DossierScreen, tmp_path, argument=dossier.id) as window:
        screen = screen_of(window)
        screen.print_slip()
        settle(screen.context.background)
        screen.view.prints.look.setFocus()
        QTest.keyClick(screen.view.prints.look, Qt.Key.Key_Space)
        settle(screen.context.background)
        assert screen.view.shows_paper()
        (page, *_rest) = screen.view.paper.preview.pages()
        small = page.scaledToWidth(300)
        points = [(x, y) for x in range(300) for y in range(small.height())]
        dark = sum(small.pixelColor(x, y).lightness() < 128 for x, y in points)
        assert page.width() > 1000 and 300 < dark < len(points) // 4
        assert find_overlaps(window) == []
        QTest.keyClick(screen, Qt.Key.Key_Escape)
        assert not screen.view.shows_paper() and window.went == []
    desk.close()


def test_the_provinces_other_value_stands_beside_the_citizens_paper(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    dossier = receive_dossier(desk, officer(desk), birth())
    _propose(desk, dossier.id)
    with a_screen(desk, DossierScreen, tmp_path, argument=dossier.id) as window:
        card = screen_of(window).view.proposals
        assert card.isVisible()
        cells = [card.table.model().index(0, column).data() for column in range(3)]
        assert cells[0] == "Hẹn trả" and cells[1].endswith("17:00") and cells[2].endswith("11:00")
        assert find_overlaps(window) == []
    desk.close()


def _propose(desk: Desk, dossier_id: str) -> None:
    stored = show_dossier(desk, officer(desk), dossier_id, audited=False)
    assert stored.due_at is not None
    with desk.store.write() as connection:
        connection.execute(
            insert(tables.change).values(
                change_id="c1",
                type="dossier.due_date_changed",
                at=MONDAY,
                subject_kind="dossier",
                subject_id=dossier_id,
                body={},
                taken_at=MONDAY,
                applied=True,
            )
        )
        connection.execute(
            insert(tables.proposal).values(
                id="01a20000-0000-7000-8000-000000000001",
                dossier_id=dossier_id,
                change_id="c1",
                field="/due_at",
                ours=to_wire(stored.due_at),
                theirs=to_wire(stored.due_at.replace(hour=11)),
                made_at=MONDAY,
                state="open",
            )
        )


def test_only_what_works_is_offered_and_the_next_step_is_named(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    by = officer(desk)
    dossier = receive_dossier(desk, by, birth())
    acts.perform(desk, by, dossier.id, acts.start)
    acts.perform(desk, by, dossier.id, acts.complete)
    with a_screen(desk, DossierScreen, tmp_path, argument=dossier.id) as window:
        view = screen_of(window).view
        assert view.acts.natural.text() == Act.RETURN.label
        assert view.timeline.entries()[-1].act == "Chờ trả kết quả"
    desk.close()


def test_an_unknown_dossier_is_said_kindly(desk: Desk, tmp_path: Path) -> None:
    with a_screen(desk, DossierScreen, tmp_path, argument="01a20000-0000-7000-8000-00000000ffff") as window:
        news = screen_of(window).view.news
        assert news.isVisible() and "Không tìm thấy" in news.accessibleName()


def test_an_ended_dossier_has_neither_now_nor_future(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    by = officer(desk)
    dossier = receive_dossier(desk, by, birth(owner=Person(name="Hờ")))
    acts.perform(desk, by, dossier.id, acts.withdraw("Công dân đổi ý"))
    entries = entries_of(show_dossier(desk, by, dossier.id), desk.clock.now())
    assert all(entry.when is When.PAST for entry in entries)
    assert "Công dân đổi ý" in entries[-1].who
    desk.close()


@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK])
@pytest.mark.parametrize(("size", "factor"), [((1366, 696), 1.0), ((911, 440), 1.0), ((1366, 696), 1.5)])
def test_nothing_overlaps(
    desk: Desk, tmp_path: Path, size: tuple[int, int], factor: float, mode: Mode
) -> None:
    opening = among(desk, 2)
    with a_screen(
        desk, DossierScreen, tmp_path, argument=opening, size=size, factor=factor, mode=mode
    ) as window:
        assert find_overlaps(window) == []


def test_every_act_a_history_can_hold_has_words() -> None:
    kinds = [
        *Act,
        "registered",
        "print",
        "numbered",
        "province_status",
        "due_date_proposed",
        "custody_changed",
        "result_issued",
        "contact_changed",
    ]
    for kind in kinds:
        line = HistoryLine(str(kind), MONDAY, MONDAY, "Lục Thị Yến", True, {"to": 4}, "none")
        words = act_words(line)
        assert words and words != "Ghi nhận khác" and str(kind) not in words.split(), kind


@pytest.mark.parametrize(
    ("pointer", "value", "words"),
    [
        ("/due_at", "2026-11-25T17:00:00.000+07:00", "T4 25/11/2026 17:00"),
        ("/status", 4, "Đang xử lý"),
        ("/code", None, "–"),
        ("/owner/address", {"detail": "Thôn Nà Mẫu", "commune": ""}, "Thôn Nà Mẫu"),
    ],
)
def test_values_of_the_province_are_read_as_words(pointer: str, value: object, words: str) -> None:
    assert value_words(pointer, value) == words
    assert "/" not in field_words(pointer)


def test_identity_numbers_are_grouped(desk: Desk) -> None:
    numbers = among(desk, 0).numbers
    owner = show_dossier(desk, officer(desk), grid.page(desk, officer(desk), numbers[:1])[0].id).owner
    assert identity_words(replace(owner, id_value="008198000000")) == "008198 000000"
    assert identity_words(replace(owner, id_value="B1234567")) == "B1234567"
    assert identity_words(replace(owner, id_value=None)) == ""
