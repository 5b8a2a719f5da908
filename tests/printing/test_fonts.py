"""The paper's letters: a family is complete or it is not used."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import reportlab
from reportlab.pdfbase import pdfmetrics

from app.errors import StorageError
from app.printing import fonts

_FACES = ("Regular", "Bold", "Italic", "BoldItalic")


def test_the_alphabet_is_whole() -> None:
    with_vowels = [
        sign for sign in fonts.VIETNAMESE if sign not in "bcdfghjklmnpqrstvwxzBCDFGHJKLMNPQRSTVWXZ"
    ]
    assert len(with_vowels) == len(set(with_vowels)) == 146
    assert set("ăâđêôơưĂÂĐÊÔƠƯạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ") <= set(fonts.VIETNAMESE)


@pytest.mark.parametrize("family", [fonts.serif, fonts.sans])
def test_the_families_of_this_machine_hold_every_letter(family: object) -> None:
    found = family()  # type: ignore[operator]
    assert set(fonts.VIETNAMESE) | set("₫–“”0123456789") <= found.covered
    for name in (found.regular, found.bold, found.italic, found.bold_italic):
        assert pdfmetrics.getFont(name).face.charToGlyph[ord("ệ")]


def _load(folder: Path) -> fonts.FontFamily:
    return fonts.load_family("TestSerif", (fonts.by_style("LiberationSerif-"),), (folder,))


def _fill(folder: Path, source: dict[str, Path]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for face, path in source.items():
        shutil.copy(path, folder / f"LiberationSerif-{face}.ttf")


def _good() -> dict[str, Path]:
    """The files of the family this machine prints with."""
    found = fonts.serif()
    names = (found.regular, found.bold, found.italic, found.bold_italic)
    paths = (Path(pdfmetrics.getFont(name).face.filename) for name in names)
    return dict(zip(_FACES, paths, strict=True))


def _without_vietnamese() -> Path:
    return Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"


def test_no_font_is_told_with_a_next_step(tmp_path: Path) -> None:
    with pytest.raises(StorageError) as refused:
        _load(tmp_path)
    assert refused.value.code == "no-paper-font"
    assert "fonts-liberation2" in refused.value.next_step


@pytest.mark.parametrize("poor", _FACES)
def test_one_face_without_vietnamese_spoils_the_family(tmp_path: Path, poor: str) -> None:
    _fill(tmp_path, _good() | {poor: _without_vietnamese()})
    with pytest.raises(StorageError):
        _load(tmp_path)


def test_a_broken_or_missing_face_spoils_the_family(tmp_path: Path) -> None:
    _fill(tmp_path, _good())
    (tmp_path / "LiberationSerif-Bold.ttf").write_bytes(b"not a font")
    with pytest.raises(StorageError):
        _load(tmp_path)
    (tmp_path / "LiberationSerif-Bold.ttf").unlink()
    with pytest.raises(StorageError):
        _load(tmp_path)


def test_the_poor_version_of_a_family_does_not_hide_the_good_one(tmp_path: Path) -> None:
    _fill(tmp_path / "a-liberation", dict.fromkeys(_FACES, _without_vietnamese()))
    _fill(tmp_path / "b-liberation2", _good())
    assert "ệ" in _load(tmp_path).covered
