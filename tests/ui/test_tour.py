"""The tour: every screen of a made-up commune in every look, the same each time, never of a real desk."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from app.clock import FixedClock
from app.errors import RuleError
from app.province.beside import GatewayBeside
from app.settings import Settings
from app.showcase import make_clash, make_showcase
from app.ui.ports import Runtime
from app.ui.tour import DARK, LOOKS, draw_clash, draw_tour
from tests.support.desk import ENVIRON, MONDAY, make_desk

SCREENS = (
    "00-dang-nhap",
    "01-tiep-nhan",
    "02-hom-nay",
    "03-dong-bo",
    "04-ho-tro-tai-khoan",
    "05-chi-tiet-ho-so",
    "06-luoi-ho-so",
    "07-loi-thieu-giay-to",
    "08-man-hinh-trong",
    "09-thu-tuc",
    "10-chung-thuc",
    "14-lanh-dao",
    "18-luu-dong",
    "12-thu-tien-quy",
    "20-nhat-ky",
    "21-cai-dat",
    "21-cai-dat-ngay-lam-viec",
    "21-cai-dat-mat-khau",
    "22-thoi-han",
    "22-yeu-cau-cong-dan",
    "22-so-dong-y",
    "22-ho-tro-su-co",
)


@pytest.fixture(autouse=True)
def passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRON.items():
        monkeypatch.setenv(name, value)


@pytest.mark.slow
def test_every_screen_is_drawn_in_every_look_with_the_line_cut(tmp_path: Path) -> None:
    runtime = make_showcase(tmp_path, GatewayBeside)
    assert runtime.sync is not None
    status = runtime.sync.status()
    assert (status.enrolled, status.waiting, status.rejected, status.deferred) == (True, 7, 0, 0)
    files = draw_tour(runtime, tmp_path / "pictures")
    runtime.desk.close()
    names = {path.stem for path in files}
    assert {screen + look.suffix for screen in SCREENS for look in LOOKS} <= names
    assert {path.stem for path in files if path.stem.endswith(DARK.suffix)} == {
        f"{screen}{DARK.suffix}" for screen in SCREENS if screen[:2] in ("01", "07", "08")
    }
    sizes = {look.suffix: (look.size * look.ratio).toTuple() for look in LOOKS}
    for path in files:
        image = QImage(str(path))
        look = max((each for each in sizes if path.stem.endswith(each)), key=len)
        assert (image.width(), image.height()) == sizes["" if path.stem.endswith(DARK.suffix) else look], (
            path.name
        )
        assert len(_colours(image)) > 20, f"{path.name} is not a drawn screen"


def test_what_the_province_sent_back_is_drawn_the_same_each_time(tmp_path: Path) -> None:
    drawn = []
    for turn in ("one", "two"):
        folder = tmp_path / turn
        folder.mkdir()
        runtime = make_clash(folder, GatewayBeside)
        assert runtime.sync is not None
        assert runtime.sync.light().words == "Cần xem: 1 hồ sơ bị trả về"
        drawn.append(draw_clash(runtime, folder / "pictures"))
        runtime.desk.close()
    first, second = drawn
    assert [path.name for path in first] == [path.name for path in second]
    for one, other in zip(first, second, strict=True):
        assert QImage(str(one)) == QImage(str(other)), one.name


def test_of_a_real_desk_no_picture_is_made(tmp_path: Path) -> None:
    desk = make_desk(tmp_path, FixedClock(MONDAY))
    real = replace(desk, profile=replace(desk.profile, demo=False))
    runtime = Runtime(real, Settings(), None, lambda _s: None, _fail, tmp_path, lambda: 0)
    with pytest.raises(RuleError, match="tour-demo-only"):
        draw_tour(runtime, tmp_path / "pictures")
    assert not (tmp_path / "pictures").exists()
    desk.close()


def _colours(image: QImage) -> set[int]:
    return {image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)}


def _fail(defect: BaseException) -> None:
    raise defect
