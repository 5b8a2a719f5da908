"""Layout of the A4 papers after NĐ 30/2020/NĐ-CP, appendix I: margins, kinds and sizes of letters, measured.

Sizes are points, lengths millimetres; another program reads them from the finished file. Papers whose form is
given by another circular (declarations, stamps, labels) and pages on their side are held to margins alone.
"""

from __future__ import annotations

import re

import pytest

from tests.printing import reading
from tests.printing.reading import Line
from tools.reference_papers import reference, samples

MM = 72 / 25.4
A4 = (210.0, 297.0)
SAMPLES = samples()


def _kept(name: str) -> bytes:
    """The reference, which test_reference.py holds equal to what is drawn."""
    path = reference(name)
    return path.read_bytes() if path.exists() else b""


def _size(pdf: bytes) -> tuple[float, float]:
    """Width and height of the first page."""
    found = re.search(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", pdf)
    return (round(float(found[1]) / MM), round(float(found[2]) / MM)) if found else (0, 0)


UPRIGHT = sorted(name for name in SAMPLES if _size(_kept(name)) == A4)
_OURS = ("form-", "guidance-slip", "group-sheet", "bang-ke", "field-list")
LETTERS = [name for name in UPRIGHT if name.startswith(_OURS)]
"""A4 papers with the common head, laid out by us."""


def test_the_papers_are_found() -> None:
    assert {f"form-{form}-tt-03-2025" for form in ("02", "03", "04", "05", "06")} <= set(LETTERS)
    assert {"form-01-a4", "guidance-slip", "group-sheet"} <= set(LETTERS)


def _lines(name: str) -> list[Line]:
    """The text of the first page, without the marks in the top margin."""
    return [line for line in reading.lines(_kept(name)) if line.top > 18 * MM]


@pytest.mark.parametrize("name", LETTERS)
def test_margins(name: str) -> None:
    """Top and bottom 20-25, left 30-35, right 15-20."""
    lines = _lines(name)
    assert min(line.top for line in lines) >= 20 * MM - 1
    assert min(line.top for line in lines) <= 25 * MM
    assert max(line.top + line.height for line in lines) <= (297 - 20) * MM + 1
    assert 30 * MM - 1 <= min(line.left for line in lines) <= 35 * MM
    assert max(line.left + line.width for line in lines) <= (210 - 15) * MM + 1


@pytest.mark.parametrize("name", LETTERS)
def test_letters_of_the_head(name: str) -> None:
    lines = _lines(name)
    nation = _one(lines, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
    motto = _one(lines, "Độc lập - Tự do - Hạnh phúc")
    place = next(line for line in lines if line.text.startswith("Nà Hang, ngày"))
    agency = next(line for line in lines if line.text.startswith("TRUNG TÂM"))
    parent = next(line for line in lines if line.text.startswith("UBND"))
    assert nation.bold and 12 <= nation.size <= 13
    assert motto.bold and 13 <= motto.size <= 14
    assert place.italic and not place.bold and 13 <= place.size <= 14
    assert agency.bold and 12 <= agency.size <= 13
    assert not parent.bold and 12 <= parent.size <= 13
    serial = [line for line in lines if line.text.startswith("Số:")]
    assert all(line.size == 13 and not line.bold for line in serial)
    assert abs(_middle(nation) - _middle(motto)) < 1.5 and abs(_middle(motto) - _middle(place)) < 1.5
    assert abs(_middle(agency) - _middle(parent)) < 1.5


@pytest.mark.parametrize("name", LETTERS)
def test_letters_of_title_text_and_signer(name: str) -> None:
    """Title 13-14 in bold capitals, text 13-14, no words below 11; "Nơi nhận" 12 and its list 11."""
    lines = _lines(name)
    titles = [line for line in lines if line.bold and line.text == line.text.upper() and line.size == 14]
    assert titles and all(abs(_middle(line) - (30 + (210 - 30 - 17) / 2) * MM) < 3 for line in titles)
    text = [line for line in lines if ": " in line.text and not line.italic and not line.text.startswith("-")]
    body = [line for line in text if line.size >= 13]
    assert len(body) >= 3 and all(13 <= line.size <= 14 for line in body)
    assert min(line.size for line in lines if " " in line.text) >= 11
    assert min(line.size for line in lines) >= 8, "a number in a narrow column stays on one line"
    for line in lines:
        if line.text == "Nơi nhận:":
            assert line.bold and line.italic and line.size == 12
        if line.text.startswith(("- Như trên", "- Lưu")):
            assert line.size == 11


@pytest.mark.parametrize("name", LETTERS)
def test_one_family_of_letters_with_times_measures(name: str) -> None:
    families = {line.family.split("-")[0].split("+")[-1] for line in reading.lines(_kept(name))}
    assert len(families) == 1
    assert families <= {
        "LiberationSerif",
        "TimesNewRomanPSMT",
        "TimesNewRomanPS",
    }


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_nothing_stands_where_no_printer_prints(name: str) -> None:
    """4 mm at every edge stay white on any sheet."""
    pdf = _kept(name)
    width, height = (side * MM for side in _size(pdf))
    for page in range(1, int(reading.info(pdf)["Pages"]) + 1):
        for left, top, right, bottom, word in reading.ink_boxes(pdf, page):
            inside = left > 4 * MM and right < width - 4 * MM and top > 4 * MM and bottom < height - 4 * MM
            assert inside, word


def _one(lines: list[Line], text: str) -> Line:
    [line] = [line for line in lines if line.text == text]
    return line


def _middle(line: Line) -> float:
    return line.left + line.width / 2
