"""Fonts of the paper: found on the system, checked letter by letter, always embedded.

NĐ 30/2020 asks for Times New Roman in Unicode. That font may not be redistributed, so the paper takes
the system's own or a metric-compatible free serif. A family is used only if all four of its faces hold
every Vietnamese letter: reportlab prints an empty box for a missing one without any error.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from reportlab.lib.fonts import addMapping
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from app.errors import StorageError
from app.resources import resource
from app.text import t

_BASES = "aăâeêioôơuưy"
_TONES = ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")
_SIGNS = "0123456789 .,:;!?'\"()[]/\\-–—…“”‘’«»%&@#*+=<>_|°"


def _vietnamese_letters() -> str:
    marked = [unicodedata.normalize("NFC", base + tone) for base in _BASES for tone in _TONES]
    small = "".join(marked) + "đ" + "bcdfghjklmnpqrstvwxz"
    return small + small.upper()


VIETNAMESE = _vietnamese_letters()
"""Vietnamese in both cases: 146 letters on the twelve vowels and đ, then the other Latin letters."""

REQUIRED = frozenset(VIETNAMESE + _SIGNS + "₫")
"""What a face must hold to print an official paper."""


@dataclass(frozen=True)
class FontFamily:
    """Four faces registered under the names to give to reportlab."""

    regular: str
    bold: str
    italic: str
    bold_italic: str
    covered: frozenset[str]
    """Characters every one of the four faces can print."""


@dataclass(frozen=True)
class Candidate:
    """File names of one family: regular, bold, italic, bold italic."""

    files: tuple[str, str, str, str]


def by_style(stem: str, suffixes: str = "Regular Bold Italic BoldItalic") -> Candidate:
    regular, bold, italic, both = (f"{stem}{suffix}.ttf".lower() for suffix in suffixes.split())
    return Candidate((regular, bold, italic, both))


_SERIFS = (
    Candidate(("times.ttf", "timesbd.ttf", "timesi.ttf", "timesbi.ttf")),
    Candidate(
        (
            "times_new_roman.ttf",
            "times_new_roman_bold.ttf",
            "times_new_roman_italic.ttf",
            "times_new_roman_bold_italic.ttf",
        )
    ),
    by_style("LiberationSerif-"),
    by_style("Tinos-"),
)
_SANS = (
    Candidate(("segoeui.ttf", "segoeuib.ttf", "segoeuii.ttf", "segoeuiz.ttf")),
    by_style("OpenSans-"),
    by_style("NotoSans-"),
    by_style("LiberationSans-"),
    Candidate(("arial.ttf", "arialbd.ttf", "ariali.ttf", "arialbi.ttf")),
)


def system_font_folders() -> tuple[Path, ...]:
    """Folders searched in turn: the installer's (absent in the repository), the system's, the user's."""
    home = Path.home()
    folders = [resource("fonts")]
    if os.name == "nt":
        folders.append(Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts")
        folders.append(home / "AppData" / "Local" / "Microsoft" / "Windows" / "Fonts")
    else:
        folders += [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path("/Library/Fonts")]
        folders += [home / ".local" / "share" / "fonts", home / ".fonts"]
    return tuple(folders)


@cache
def serif() -> FontFamily:
    """The family of official papers. Raises ``StorageError`` ``no-paper-font`` when none fits."""
    return load_family("MotCuaSerif", _SERIFS, system_font_folders())


@cache
def sans() -> FontFamily:
    """The family of the take-home card. Raises ``StorageError`` ``no-paper-font`` when none fits."""
    return load_family("MotCuaSans", _SANS, system_font_folders())


def load_family(name: str, candidates: Iterable[Candidate], folders: Iterable[Path]) -> FontFamily:
    """Register the first candidate whose four faces are complete; same-named files are all tried.

    Raises ``StorageError`` ``no-paper-font`` when no family on this machine can print Vietnamese.
    """
    index = _index(folders)
    for candidate in candidates:
        for files in _sets_of_files(candidate, index):
            faces = _faces(name, files)
            if faces is not None:
                return _register(faces)
    raise StorageError(
        "no-paper-font",
        t("Máy này chưa có phông chữ in đủ dấu tiếng Việt. Hồ sơ đã lưu vẫn an toàn, chỉ chưa in được."),
        t(
            "Cài phông Times New Roman, hoặc gói Liberation 2 (fonts-liberation2), "
            "rồi mở lại chương trình và bấm in."
        ),
    )


def _index(folders: Iterable[Path]) -> dict[str, list[Path]]:
    index: dict[str, list[Path]] = {}
    for folder in folders:
        for root, _, names in os.walk(folder):
            for name in sorted(names):
                if name.lower().endswith(".ttf"):
                    index.setdefault(name.lower(), []).append(Path(root) / name)
    return index


def _sets_of_files(candidate: Candidate, index: dict[str, list[Path]]) -> Iterator[tuple[Path, ...]]:
    """Four files of one folder: faces of two versions are never mixed."""
    for regular in index.get(candidate.files[0], []):
        siblings = [
            next((path for path in index.get(file, []) if path.parent == regular.parent), None)
            for file in candidate.files
        ]
        found = tuple(path for path in siblings if path is not None)
        if len(found) == len(candidate.files):
            yield found


def _faces(name: str, files: tuple[Path, ...]) -> list[TTFont] | None:
    """The four faces, or nothing if one cannot be read or lacks a letter."""
    faces = []
    for suffix, path in zip(("", "-Bold", "-Italic", "-BoldItalic"), files, strict=True):
        try:
            face = TTFont(name + suffix, str(path))
        except (TTFError, OSError):
            return None
        if not _coverage(face) >= REQUIRED:
            return None
        faces.append(face)
    return faces


def _coverage(face: TTFont) -> frozenset[str]:
    return frozenset(chr(code) for code, glyph in face.face.charToGlyph.items() if glyph)


def _register(faces: list[TTFont]) -> FontFamily:
    for face in faces:
        pdfmetrics.registerFont(face)
    regular, bold, italic, both = (face.fontName for face in faces)
    addMapping(regular, 0, 0, regular)
    addMapping(regular, 1, 0, bold)
    addMapping(regular, 0, 1, italic)
    addMapping(regular, 1, 1, both)
    covered = frozenset.intersection(*(_coverage(face) for face in faces))
    return FontFamily(regular, bold, italic, both, covered)
