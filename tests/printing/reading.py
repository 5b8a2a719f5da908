"""Papers read back by other programs: poppler for text, fonts and picture, ZXing for codes."""

from __future__ import annotations

import html
import io
import re
import subprocess
import tempfile
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import zxingcpp
from PIL import Image


def _run(program: str, pdf: bytes, *options: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "paper.pdf"
        path.write_bytes(pdf)
        words = [program, *(str(path) if option == "{}" else option for option in options)]
        return subprocess.run(words, check=True, capture_output=True).stdout


def text(pdf: bytes, *options: str) -> str:
    """The text as laid out, pages ended by a form feed."""
    return _run("pdftotext", pdf, "-layout", *options, "{}", "-").decode("utf-8")


def raw(pdf: bytes) -> str:
    """The text in the order it was drawn, so that a cell of many lines stays together."""
    return _run("pdftotext", pdf, "-raw", "{}", "-").decode("utf-8")


def words(pdf: bytes, *options: str) -> str:
    """The text on one line, blanks folded."""
    return re.sub(r"\s+", " ", text(pdf, *options))


def half(pdf: bytes, left: bool, page: int = 1) -> str:
    """The text of one A5 half of a landscape A4 sheet, on one line."""
    edge = "0" if left else "421"
    options = ("-f", str(page), "-l", str(page), "-x", edge, "-y", "0", "-W", "421", "-H", "596")
    return words(pdf, *options)


@dataclass(frozen=True)
class FontRow:
    """A line of ``pdffonts``."""

    name: str
    embedded: bool
    unicode: bool


def fonts(pdf: bytes) -> list[FontRow]:
    """All fonts of the file."""
    lines = _run("pdffonts", pdf, "{}").decode().splitlines()[2:]
    rows = [line.split() for line in lines]
    return [FontRow(row[0], row[-5] == "yes", row[-3] == "yes") for row in rows]


def info(pdf: bytes) -> dict[str, str]:
    """The file's properties."""
    lines = _run("pdfinfo", pdf, "{}").decode("utf-8").splitlines()
    return {key: value.strip() for key, _, value in (line.partition(":") for line in lines)}


def picture(pdf: bytes, dpi: int, page: int = 1) -> Image.Image:
    """One page in grey."""
    options = ("-r", str(dpi), "-f", str(page), "-l", str(page), "-gray", "-png", "-singlefile", "{}")
    return Image.open(io.BytesIO(_run("pdftoppm", pdf, *options))).convert("L")


def codes(image: Image.Image) -> list[tuple[str, str]]:
    """Kind and text of every code found, sorted."""
    found = zxingcpp.read_barcodes(image)
    return sorted((str(code.format).replace(" ", "").lower(), code.text) for code in found)


def ink_boxes(pdf: bytes, page: int = 1) -> list[tuple[float, float, float, float, str]]:
    """Every word with its box in points from the top left: xmin, ymin, xmax, ymax, word."""
    markup = _run("pdftotext", pdf, "-bbox", "-f", str(page), "-l", str(page), "{}", "-").decode("utf-8")
    pattern = r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)</word>'
    return [
        (float(a), float(b), float(c), float(d), word) for a, b, c, d, word in re.findall(pattern, markup)
    ]


@dataclass(frozen=True)
class Line:
    """A line of text and the letters it begins with; lengths in points from the top left of the page."""

    text: str
    left: float
    top: float
    width: float
    height: float
    size: float
    family: str

    @property
    def bold(self) -> bool:
        """Set in a bold face."""
        return "Bold" in self.family

    @property
    def italic(self) -> bool:
        """Set in an italic face."""
        return "Italic" in self.family


_ZOOM = 3
"""The most that pdftohtml enlarges: sizes come in thirds of a point."""


def lines(pdf: bytes, page: int = 1) -> list[Line]:
    """The lines of a page with their letters, as pdftohtml finds them."""
    options = ("-xml", "-i", "-stdout", "-fontfullname", "-zoom", str(_ZOOM))
    markup = _run("pdftohtml", pdf, *options, "-f", str(page), "-l", str(page), "{}").decode("utf-8")
    faces = {
        number: (int(size) / _ZOOM, family)
        for number, size, family in re.findall(r'<fontspec id="(\d+)" size="(\d+)" family="([^"]*)"', markup)
    }
    pattern = r'<text top="(-?\d+)" left="(-?\d+)" width="(\d+)" height="(\d+)" font="(\d+)">(.*?)</text>'
    return [
        Line(
            html.unescape(re.sub(r"<[^>]+>", "", words)).strip(),
            int(left) / _ZOOM,
            int(top) / _ZOOM,
            int(width) / _ZOOM,
            int(height) / _ZOOM,
            *faces[face],
        )
        for top, left, width, height, face, words in re.findall(pattern, markup)
        if words.strip()
    ]


def squeezed(sentence: str) -> str:
    """Without blanks, composed: for comparing text that was broken over lines."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFC", sentence))
