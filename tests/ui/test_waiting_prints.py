"""Chờ in by keys: one paper, all of them, a printer that still refuses, and a list that ends empty."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.services.desk import Desk
from app.services.intake.reception import receive_dossier
from app.services.papers.slips import MadePaper, make_slip, note_printed
from app.services.papers.waiting_prints import waiting_papers
from app.ui.waiting_prints.screen import WaitingPrintsScreen
from tests.support.desk import birth, make_desk, officer
from tests.support.layout_check import find_overlaps
from tests.ui.desk_screens import PaperTray, Window, a_screen, settle
from tests.ui.reception_rig import Keys, use


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = make_desk(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def papers(desk: Desk) -> list[MadePaper]:
    """Three slips that did not come out."""
    by = officer(desk)
    made = [make_slip(desk, by, receive_dossier(desk, by, birth()).id) for _ in range(3)]
    for paper in made:
        note_printed(desk, by, paper.job_id, "quay2", ok=False)
    return made


@pytest.fixture
def tray() -> PaperTray:
    return PaperTray()


@pytest.fixture
def window(desk: Desk, papers: list[MadePaper], tray: PaperTray, tmp_path: Path) -> Iterator[Window]:
    with a_screen(desk, WaitingPrintsScreen, tmp_path, printer=tray) as opened:
        yield opened


def rest(window: Window) -> None:
    settle(window.screen.context.background)


def test_enter_prints_the_picked_paper_as_it_was(
    window: Window, desk: Desk, papers: list[MadePaper], tray: PaperTray
) -> None:
    keys: Keys = use(window)
    keys.press(Qt.Key.Key_Down, Qt.Key.Key_Return)
    keys.rest()
    [(pdf, title)] = tray.jobs
    assert pdf == papers[1].pdf
    assert title.startswith("Giấy tiếp nhận và hẹn trả") and "Hường" not in title
    left = [paper.job_id for paper in waiting_papers(desk, officer(desk))]
    assert left == [papers[0].job_id, papers[2].job_id]


def test_ctrl_p_prints_all_and_the_list_ends_empty(
    window: Window, desk: Desk, papers: list[MadePaper], tray: PaperTray
) -> None:
    keys = use(window)
    keys.press(Qt.Key.Key_P)
    rest(window)
    assert [pdf for pdf, _ in tray.jobs] == [paper.pdf for paper in papers]
    assert waiting_papers(desk, officer(desk)) == ()
    assert window.screen.empty.isVisible() and not window.screen.all.isEnabled()


def test_a_printer_that_still_refuses_keeps_all(
    window: Window, desk: Desk, papers: list[MadePaper], tray: PaperTray
) -> None:
    tray.works = False
    use(window).press(Qt.Key.Key_P)
    rest(window)
    assert len(tray.jobs) == 1, "nobody waits for three refusals"
    assert len(waiting_papers(desk, officer(desk))) == 3
    assert window.screen.news.isVisible() and window.screen.all.isEnabled()


def test_delete_takes_off_what_nobody_needs(window: Window, desk: Desk, papers: list[MadePaper]) -> None:
    use(window)
    QTest.keyClick(window.screen.list, Qt.Key.Key_Delete)
    rest(window)
    left = [paper.job_id for paper in waiting_papers(desk, officer(desk))]
    assert left == [papers[1].job_id, papers[2].job_id]


@pytest.mark.parametrize("size", [(1366, 696), (1366, 464), (911, 440)])
def test_nothing_lies_over_another(desk: Desk, papers: list[MadePaper], tmp_path: Path, size: tuple) -> None:
    with a_screen(desk, WaitingPrintsScreen, tmp_path, size=size) as opened:
        assert find_overlaps(opened.screen) == []


def test_an_empty_list_says_so(desk: Desk, tmp_path: Path) -> None:
    with a_screen(desk, WaitingPrintsScreen, tmp_path) as opened:
        assert opened.screen.empty.isVisible() and not opened.screen.card.isVisible()
        assert not opened.screen.all.isEnabled()
        assert find_overlaps(opened.screen) == []
