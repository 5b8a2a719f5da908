"""The USB courier from Đồng bộ: out, in at the province, the receipt back, and a stick that fails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.line import DeskLine
from app.province.bundle_desk import import_file
from app.services.desk import Desk
from app.ui.ports import BundlesMade
from app.ui.sync_status.courier import bundle_name, exported_words
from app.ui.sync_status.meter import RoundMeter
from app.ui.sync_status.screen import SyncScreen
from tests.support.desk import MONDAY, make_desk
from tests.support.gateway import running_gateway
from tests.support.layout_check import find_overlaps
from tests.ui.desk_screens import settle
from tests.ui.test_sync_meter import IDLE
from tests.ui.test_sync_screen import Enrolled, syncing, take_in, titles


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make_desk(tmp_path)
    yield made
    made.close()


def _press(screen: SyncScreen, button: object) -> None:
    QTest.keyClick(button, Qt.Key.Key_Space)  # type: ignore[call-overload]
    settle(screen.context.background)


def test_out_to_the_province_and_back_without_a_line(desk: Desk, tmp_path: Path) -> None:
    take_in(desk, 2)
    stick = tmp_path / "usb"
    stick.mkdir()
    with running_gateway(tmp_path / "gateway") as gateway:
        DeskLine(desk).enrol(gateway.url, gateway.enrolment_code("quay-2"), None)
        with syncing(desk, tmp_path) as (screen, window):
            card, view = screen.view.courier, screen.view
            screen.courier.choose_folder = lambda: str(stick)
            assert not card.isHidden() and card.export.isEnabled()
            _press(screen, card.export)
            (bundle,) = stick.iterdir()
            assert "Hường" not in bundle.name and bundle.suffix == ".bundle"
            assert bundle.name in view.news.accessibleName()
            assert {word for _, word in titles(screen)} == {"Chờ gửi"}, "handed over is not sent"
            answer = import_file(gateway.db_url, bundle)
            screen.courier.choose_file = lambda: answer["receipt"]
            _press(screen, card.receive)
            assert {word for _, word in titles(screen)} == {"Tỉnh đã nhận"}
            assert "Tỉnh đã xem" in view.news.accessibleName()
            assert not card.export.isEnabled()
            assert find_overlaps(window) == []


def test_an_answer_of_no_folder_does_nothing(desk: Desk, tmp_path: Path) -> None:
    take_in(desk, 1)
    with syncing(desk, tmp_path, Enrolled(desk)) as (screen, _window):
        screen.courier.choose_folder = screen.courier.choose_file = lambda: ""
        for button in (screen.view.courier.export, screen.view.courier.receive):
            _press(screen, button)
        assert screen.view.news.isHidden() and screen.view.failure.isHidden()


@pytest.mark.parametrize("wrong", ["gone", "damaged"])
def test_a_stick_that_fails_is_told_and_loses_nothing(desk: Desk, tmp_path: Path, wrong: str) -> None:
    take_in(desk, 1)
    with running_gateway(tmp_path / "gateway") as gateway:
        DeskLine(desk).enrol(gateway.url, gateway.enrolment_code("quay-2"), None)
        with syncing(desk, tmp_path) as (screen, _window):
            card = screen.view.courier
            if wrong == "gone":
                screen.courier.choose_folder = lambda: str(tmp_path / "rut-ra")
                _press(screen, card.export)
            else:
                (tmp_path / "x.bundle").write_bytes(b"age-encryption.org/v1\n-> torn")
                screen.courier.choose_file = lambda: str(tmp_path / "x.bundle")
                _press(screen, card.receive)
            assert not screen.view.failure.isHidden()
            assert card.export.isEnabled() and card.receive.isEnabled()
            assert {word for _, word in titles(screen)} == {"Chờ gửi"}


@pytest.mark.parametrize("size", [(1366, 696), (911, 440)])
@pytest.mark.parametrize("factor", [1.0, 1.5])
def test_the_card_fits(desk: Desk, tmp_path: Path, size: tuple[int, int], factor: float) -> None:
    take_in(desk, 4)
    with syncing(desk, tmp_path, Enrolled(desk), size=size, factor=factor) as (screen, window):
        settle(screen.context.background)
        assert not screen.view.courier.isHidden()
        assert find_overlaps(window) == []


def test_a_desk_no_province_knows_has_no_courier(desk: Desk, tmp_path: Path) -> None:
    take_in(desk, 1)
    with syncing(desk, tmp_path) as (screen, _window):
        assert screen.view.courier.isHidden()


def test_names_and_words() -> None:
    assert bundle_name("02221", 2, MONDAY) == f"motcua-02221-quay2-{MONDAY:%Y%m%d-%H%M%S}.bundle"
    two = (Path("a-1.bundle"), Path("a-2.bundle"))
    assert "2 tệp từ a-1.bundle đến a-2.bundle" in exported_words(BundlesMade(two, 7))
    assert exported_words(BundlesMade((), 0)).startswith("Không có gì")


@pytest.mark.parametrize(
    ("step", "begins"), [("check", "Đang đối chiếu"), ("catalogue", "Đang nhận danh mục")]
)
def test_long_steps_have_their_name(step: str, begins: str) -> None:
    shown = RoundMeter().look(replace(IDLE, step=step, done=2, total=5), 0.0)
    assert shown.what.startswith(begins) and (shown.done, shown.total) == (2, 5)
