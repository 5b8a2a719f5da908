"""Fees at reception: counts and exemptions behind a link, in the sum, the draft and the stored dossier."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from sqlalchemy import select

from app.clock import FixedClock
from app.models import tables
from app.services.desk import Desk
from app.services.money.tariff import TariffEntry, enter_tariff
from app.ui.reception.form import Form, body_of, form_of
from app.ui.reception.screen import ReceptionScreen
from tests.support.desk import MONDAY, make_desk, officer
from tests.support.layout_check import find_overlaps
from tests.ui.desk_screens import Window, a_screen
from tests.ui.reception_rig import CARD, Keys, use

ENTER, F9 = Qt.Key.Key_Return, Qt.Key.Key_F9


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make_desk(tmp_path, FixedClock(MONDAY))
    yield made
    made.close()


def choose(window: Window, code: str) -> tuple[ReceptionScreen, Keys]:
    screen, keys = window.screen, use(window)
    assert isinstance(screen, ReceptionScreen)
    screen.take_card(CARD)
    rest(keys)
    keys.type(code)
    keys.press(ENTER, ENTER)
    rest(keys)
    return screen, keys


def rest(keys: Keys) -> None:
    """Wait for the pause after typing, then for the worker."""
    keys.rest()
    QTest.qWait(400)
    keys.rest()


def stored(desk: Desk) -> list[tuple[object, object]]:
    with desk.store.read() as connection:
        rows = connection.execute(select(tables.fee.c.amount_vnd, tables.fee.c.exempt_reason))
        return [(row.amount_vnd, row.exempt_reason) for row in rows]


def test_an_exemption_is_chosen_and_kept(desk: Desk, tmp_path: Path) -> None:
    entry = TariffEntry("1.001193", "LP", 8000, "NQ thử", date(2026, 1, 1))
    enter_tariff(desk, officer(desk, "lanhdao"), entry)
    with a_screen(desk, ReceptionScreen, tmp_path) as window:
        screen, keys = choose(window, "ks")
        due = screen.page.due
        assert "8.000" in due._sum.accessibleName() and due.fee_link.isVisible()
        due.fee_link.click()
        options = due.fee_options[0]
        assert options.exempt.isVisible() and not options.count.isVisible() and not due.fee_link.isVisible()
        rest(keys)
        assert find_overlaps(screen) == []
        options.exempt.set_value("hộ nghèo")
        options.exempt.changed.emit("hộ nghèo")
        rest(keys)
        assert "8.000" not in due._sum.accessibleName()
        due.phone.line.setFocus()
        keys.type("0912345678")
        keys.press(F9)
        rest(keys)
    assert stored(desk) == [(0, "hộ nghèo")]


def test_a_count_multiplies_and_a_wrong_one_stops_nothing_silently(desk: Desk, tmp_path: Path) -> None:
    with a_screen(desk, ReceptionScreen, tmp_path) as window:
        screen, keys = choose(window, "2.000635")
        due = screen.page.due
        due.fee_link.click()
        count = due.fee_options[0].count
        assert count.isVisible() and count.line.hasFocus()
        keys.press(Qt.Key.Key_0)
        rest(keys)
        assert "1 đến 999" in count.error() and count.isVisible()
        due.phone.line.setFocus()
        keys.type("0912345678")
        keys.press(F9)
        rest(keys)
        assert stored(desk) == [], "refused, nothing stored, nothing read as one"
        count.line.setFocus()
        keys.press(Qt.Key.Key_Backspace, Qt.Key.Key_3)
        rest(keys)
        assert not count.error() and "24.000" in due._sum.accessibleName()
        keys.press(F9)
        rest(keys)
    assert stored(desk) == [(24000, None)]


def test_a_draft_keeps_both() -> None:
    form = replace(Form("r"), fee_counts={"PHI": "3"}, fee_exemptions={"LP": "hộ nghèo"})
    assert form_of(body_of(form)) == form
