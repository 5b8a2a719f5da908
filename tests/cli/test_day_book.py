"""``day-book``: the pages of a period, sums as certify gave them; an empty or turned period is told."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Motcua
from tests.printing import reading

CARD = "008198000000||Ma Thị Hường|14081998|Nữ|Thôn Nà Mẫu, xã Nà Hang, tỉnh Tuyên Quang|12092025"


def test_the_book_holds_what_certify_gave(motcua: Motcua, tmp_path: Path) -> None:
    out = tmp_path / "so.pdf"
    fees = 0
    for pages in (1, 3, 198):
        certify = ("certify", "--card", CARD, "--paper", f"Quyết định {pages}")
        counts = ("--pages", str(pages), "--copies", "2", "--at", "2026-11-23T09:00")
        fees += int(motcua.json(*certify, *counts)["fee_vnd"])
    made = motcua.json("day-book", "--from", "2026-11-23", "--to", "2026-11-23", "--out", str(out))
    assert made == {
        "volumes": ["SCT02/2026"],
        "pages": [1],
        "lines": 3,
        "copies": 6,
        "fee_vnd": fees,
        "unpriced": 0,
        "copy_no": 1,
    }
    assert fees == 4000 + 10000 + 400000
    words = reading.words(out.read_bytes())
    assert "SỔ CHỨNG THỰC BẢN SAO TỪ BẢN CHÍNH" in words and "414.000" in words


def test_nothing_to_print_and_a_turned_period(motcua: Motcua, tmp_path: Path) -> None:
    out = tmp_path / "so.pdf"
    days = ("--from", "2026-11-23", "--to", "2026-11-23")
    assert motcua.error(3, "day-book", *days, "--out", str(out))["code"] == "day-book-empty"
    turned = ("--from", "2026-11-24", "--to", "2026-11-23")
    assert motcua.error(3, "day-book", *turned, "--out", str(out))["code"] == "period"
    assert motcua.error(2, "day-book", "--from", "x", "--to", "y", "--out", str(out))["field"] == "from"
    assert not out.exists()
