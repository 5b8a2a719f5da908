"""The visit of SCREENS.md by keys in the real window, with the real gateway up, cut and back again."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
from sqlalchemy import func, select

from app.bootstrap import open_runtime
from app.clock import SystemClock
from app.line import DeskLine
from app.province.tables import dossiers as province_dossiers
from app.services.finding.dossier_detail import DossierDetail
from app.services.finding.dossier_view import show_dossier
from app.services.finding.grid import open_result
from app.services.finding.grid_query import GridQuery
from app.ui.main_window import MainWindow
from app.ui.ports import Runtime
from app.ui.start import application
from app.ui.theme import set_up_look
from app.ui.visit import CARD, PHONE, Counter, perform_visit
from app.ui.widgets import Mode
from tests.support.desk import ENVIRON, desk_folder, officer
from tests.support.gateway import Gateway, running_gateway

KNOWN_KEYS, NEW_KEYS = 6, 16
BACK_S = 5.0


@dataclass
class Commune:
    """A desk known to its province, and the officer at its window."""

    gateway: Gateway
    runtime: Runtime
    counter: Counter

    @property
    def window(self) -> MainWindow:
        """The window."""
        return self.counter.window

    @property
    def light(self) -> str:
        """The words of the one light."""
        light = self.window.header.light
        return light.accessibleName() if light.isVisible() else ""

    def dossiers_here(self) -> int:
        """How many the desk holds."""
        return open_result(self.runtime.desk, self.counter.officer, GridQuery()).total

    def dossiers_there(self) -> list[str]:
        """The ids the province holds."""
        with self.gateway.store() as store, store.read() as db:
            return list(db.execute(select(province_dossiers.c.dossier_id)).scalars())

    def dossier(self, dossier_id: str) -> DossierDetail:
        """What the store says of it."""
        return show_dossier(self.runtime.desk, self.counter.officer, dossier_id, audited=False)

    def wait(self, happened: Callable[[], bool], seconds: float) -> float:
        """Lets the window live until it happened; the seconds it took."""
        began = monotonic()
        while not happened():
            assert monotonic() - began < seconds, "it did not happen in time"
            self.counter.hands.live(20)
        return monotonic() - began


@pytest.fixture
def enrolled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Gateway, Runtime]]:
    for name, value in ENVIRON.items():
        monkeypatch.setenv(name, value)
    set_up_look(application(), mode=Mode.LIGHT)
    with running_gateway(tmp_path / "province") as gateway:
        runtime = open_runtime(desk_folder(tmp_path), SystemClock())
        unit = runtime.desk.profile.unit_code
        DeskLine(runtime.desk).enrol(gateway.url, gateway.enrolment_code("quay-2", unit), None)
        yield gateway, runtime
        runtime.desk.close()


@pytest.fixture
def commune(enrolled: tuple[Gateway, Runtime]) -> Iterator[Commune]:
    gateway, runtime = enrolled
    window = MainWindow(runtime)
    window.show()
    counter = Counter(window, officer(runtime.desk))
    window.work_as(counter.officer)
    counter.hands.settle()
    yield Commune(gateway, runtime, counter)
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_the_run_lines_visit_leaves_paper_and_pictures_and_tells_ten_true_lines(
    enrolled: tuple[Gateway, Runtime], tmp_path: Path
) -> None:
    _, runtime = enrolled
    out = tmp_path / "out"
    lines = perform_visit(runtime, out)
    assert [line.split(".")[0] for line in lines] == [str(n) for n in range(1, 11)]
    assert (out / "slip.pdf").read_bytes().startswith(b"%PDF")
    assert len(list((out / "screens").glob("*.png"))) == 9


def test_with_the_cable_pulled_the_visit_is_the_same_and_the_province_has_it_by_itself(
    commune: Commune,
) -> None:
    commune.wait(lambda: "Đã đồng bộ" in commune.light, 30)
    with_line = commune.counter.receive(CARD, "ks", PHONE)
    commune.wait(lambda: commune.dossier(with_line.dossier.id).sync == "accepted", 30)

    commune.gateway.stop()
    other = CARD.replace("008198000000", "008184000111").replace("Ma Thị Hường", "Hoàng Thị Pa")
    without = commune.counter.receive(other, "ks", PHONE)
    assert without.keys == with_line.keys
    assert without.dossier.sync in ("none", "waiting")
    assert without.dossier.prints, "the slip was made with no line"
    commune.wait(lambda: "Mất mạng" in commune.light, 30)
    commune.counter.hands.live(3000)
    assert commune.dossiers_here() == 2

    commune.gateway.start()
    pressed = commune.counter.hands.pressed
    seconds = commune.wait(lambda: commune.dossier(without.dossier.id).sync == "accepted", 15)
    print(f"\nafter the line's return the dossier was at the province in {seconds:.1f} s")
    assert seconds < BACK_S
    assert commune.counter.hands.pressed == pressed
    sync = commune.runtime.sync
    assert sync is not None
    commune.wait(lambda: "Đã đồng bộ" in commune.light and sync.status().waiting == 0, 10)
    commune.counter.hands.live(500)
    assert commune.dossiers_there().count(without.dossier.id) == 1
    assert sorted(commune.dossiers_there()) == sorted([with_line.dossier.id, without.dossier.id])


def test_keys_of_a_new_and_of_a_known_citizen_with_no_line(commune: Commune) -> None:
    commune.gateway.stop()
    new = commune.counter.receive(CARD, "ks", PHONE)
    known = commune.counter.receive(CARD, "kt", "")
    print(f"\nkeys after the scan: new citizen {new.keys}, known citizen {known.keys}")
    assert new.keys <= NEW_KEYS
    assert known.keys <= KNOWN_KEYS
    assert known.dossier.owner.phone == new.dossier.owner.phone == PHONE
    assert known.dossier.procedure_code != new.dossier.procedure_code


@pytest.mark.parametrize("way", ["twice", "held"])
def test_f9_pressed_twice_or_held_makes_one_dossier(commune: Commune, way: str) -> None:
    if way == "twice":
        commune.counter.receive(CARD, "ks", PHONE, times=3)
    else:
        commune.counter.receive(CARD, "ks", PHONE, filled=lambda: _hold_f9(commune.window))
    commune.counter.hands.live(300)
    commune.counter.hands.settle()
    assert commune.dossiers_here() == 1


def test_the_same_visit_again_is_shown_before_it_is_taken_twice(commune: Commune) -> None:
    commune.counter.receive(CARD, "ks", PHONE)
    with pytest.raises(Exception, match="window-waits"):
        _impatient(commune).receive(CARD, "ks", "")
    assert commune.dossiers_here() == 1
    commune.counter.hands.live(400)
    commune.counter.hands.press(Qt.Key.Key_F9)
    commune.wait(lambda: commune.dossiers_here() == 2, 10)


def test_the_province_side_counts(commune: Commune) -> None:
    first = commune.counter.receive(CARD, "ks", PHONE)
    commune.counter.send_now()
    with commune.gateway.store() as store, store.read() as db:
        count = db.execute(select(func.count()).select_from(province_dossiers)).scalar_one()
    assert count == 1
    assert commune.dossiers_there() == [first.dossier.id]


def _impatient(commune: Commune) -> Counter:
    counter = commune.counter
    wait = counter.hands.wait
    counter.hands.wait = lambda happened, what, seconds=3.0: wait(happened, what, 1.0)  # type: ignore[method-assign]
    return counter


def _hold_f9(window: MainWindow) -> None:
    for _ in range(40):
        event = QKeyEvent(
            QEvent.Type.KeyPress, Qt.Key.Key_F9, Qt.KeyboardModifier.NoModifier, "", autorep=True
        )
        QApplication.sendEvent(window.windowHandle(), event)
        QApplication.processEvents()
