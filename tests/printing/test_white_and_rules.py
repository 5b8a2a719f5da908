"""What only the picture shows: white around the codes, lengths of the rules of the head."""

from __future__ import annotations

import itertools

import pytest
import zxingcpp
from PIL import Image

from app.printing.codes import bar_modules
from app.printing.paper import Paper
from app.printing.receipt_slip import draw_receipt_slip
from tests.printing import reading
from tests.printing.samples import SLIP

_DPI = 300
_PIXELS = _DPI / 72


def _dark(image: Image.Image, box: tuple[float, float, float, float]) -> int:
    area = image.crop(tuple(round(edge) for edge in box))  # type: ignore[arg-type]
    return sum(area.histogram()[:128])


@pytest.mark.parametrize("paper", list(Paper))
def test_white_around_qr_and_bars(paper: Paper) -> None:
    image = reading.picture(draw_receipt_slip(SLIP, paper=paper), _DPI)
    found = zxingcpp.read_barcodes(image)
    assert len(found) == (4 if paper is Paper.A5_TWO_UP else 2)
    for code in found:
        place = code.position
        left, right = place.top_left.x, place.top_right.x
        top, bottom = place.top_left.y, place.bottom_left.y
        if "QR" in str(code.format):
            quiet = 4 * (right - left) / 21
            frames = [(left - quiet + 2, top - quiet + 2, right + quiet - 2, top - 3)]
            frames += [(left - quiet + 2, top, left - 3, bottom), (right + 3, top, right + quiet - 2, bottom)]
            frames += [(left, bottom + 3, right, bottom + quiet - 2)]
        else:
            quiet = 10 * (right - left) / sum(bar_modules(SLIP.number))
            middle = (top + bottom) / 2
            frames = [(left - quiet + 2, middle - 4, left - 3, middle + 4)]
            frames += [(right + 3, middle - 4, right + quiet - 2, middle + 4)]
        assert [_dark(image, frame) for frame in frames] == [0] * len(frames), code.format


def _longest_run(row: list[int]) -> int:
    runs = (len(list(group)) for dark, group in itertools.groupby(row, lambda level: level < 128) if dark)
    return max(runs, default=0)


def _rule_below(image: Image.Image, box: tuple[float, float, float, float]) -> float:
    """Length in points of the longest level line within 7 points under a line of text."""
    left, _, right, bottom = (edge * _PIXELS for edge in box)
    area = image.crop((round(left - 20), round(bottom), round(right + 20), round(bottom + 7 * _PIXELS)))
    width = area.width
    levels = list(area.tobytes())
    rows = [levels[start : start + width] for start in range(0, len(levels), width)]
    return max(_longest_run(row) for row in rows) / _PIXELS


def _line(boxes: list[tuple[float, float, float, float, str]], first: str, last: str) -> tuple[float, ...]:
    start = next(box for box in boxes if box[4] == first)
    end = next(box for box in boxes if box[4] == last and abs(box[1] - start[1]) < 2)
    return (start[0], start[1], end[2], end[3])


@pytest.mark.parametrize("paper", [Paper.A5, Paper.A4])
def test_rules_of_the_head_are_as_long_as_nd_30_says(paper: Paper) -> None:
    pdf = draw_receipt_slip(SLIP, paper=paper)
    image, boxes = reading.picture(pdf, _DPI), reading.ink_boxes(pdf)
    motto = _line(boxes, "Độc", "phúc")
    assert _rule_below(image, motto) == pytest.approx(motto[2] - motto[0], abs=1.5)  # type: ignore[arg-type]
    agency = _line(boxes, "HÀNH", "CÔNG")
    share = _rule_below(image, agency) / (agency[2] - agency[0])  # type: ignore[arg-type]
    assert 1 / 3 <= share <= 1 / 2
