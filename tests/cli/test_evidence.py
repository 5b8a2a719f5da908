"""``evidence`` from the command line."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import BIRTH, Motcua
from tests.printing import reading


def test_the_page_of_a_dossier(motcua: Motcua, tmp_path: Path) -> None:
    number = motcua.json("receive", *BIRTH, "--at", "2026-11-23T09:00")["number"]
    paper = tmp_path / "bang-chung.pdf"
    made = motcua.json("evidence", number, "--out", str(paper))
    assert made["copy_no"] == 1 and made["pages"] >= 1
    words = reading.words(paper.read_bytes())
    assert number in words and "chưa gửi lần nào" in words
    assert motcua.error(4, "evidence", "TN-khong-co", "--out", str(paper))["code"] == "no-dossier"
