"""``post`` and ``handover``: a result by post and dossiers by list, from the command line."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import BIRTH, Motcua
from tests.printing import reading

BILL = "EB000717595VN"


def finished(motcua: Motcua) -> str:
    number: str = motcua.json("receive", *BIRTH, "--at", "2026-11-23T09:00")["number"]
    motcua.json("do", number, "complete", "--result-no", "25/2026", "--at", "2026-11-23T10:00")
    return number


def test_a_result_goes_out_by_post_and_delivered_closes_it(motcua: Motcua, tmp_path: Path) -> None:
    number = finished(motcua)
    out = motcua.json("post", "out", number, "--bill", BILL, "--at", "2026-11-23T10:05")
    assert out == {"number": number, "status": 9, "state": "ready", "bill": BILL, "warnings": []}
    paper = tmp_path / "bang-ke.pdf"
    handed = motcua.json("post", "list", "--hand", "--out", str(paper), "--at", "2026-11-23T16:00")
    assert handed["list"]["numbers"] == [number]
    assert BILL in reading.words(paper.read_bytes())
    done = motcua.json("post", "delivered", number, "--at", "2026-11-25")
    assert done["status"] == 10
    shown = motcua.json("show", number)
    assert shown["returned_at"] == "2026-11-25T07:30:00+07:00"
    [item] = motcua.json("post", "list")["items"]
    assert (item["state"], item["bill"], item["list"]) == ("delivered", BILL, handed["list"]["no"])


def test_the_short_way_of_three_commands(motcua: Motcua) -> None:
    number = finished(motcua)
    motcua.json("post", "out", number, "--bill", "EE123456789VN")
    assert motcua.json("post", "list")["count"] == 1
    assert motcua.json("post", "delivered", number)["status"] == 10


def test_a_wrong_check_digit_is_told_and_kept(motcua: Motcua) -> None:
    out = motcua.json("post", "out", finished(motcua), "--bill", "EE123456789VN")
    assert out["bill"] == "EE123456789VN" and "kiểm tra" in out["warnings"][0]


def test_what_came_back_is_still_waiting(motcua: Motcua) -> None:
    number = finished(motcua)
    motcua.json("post", "out", number, "--bill", BILL)
    back = motcua.json("post", "back", number, "--note", "Không có người nhận")
    assert (back["status"], back["state"]) == (9, "came_back")
    assert motcua.error(3, "post", "delivered", number)["code"] == "not-posted"


def test_refusals(motcua: Motcua) -> None:
    number = motcua.json("receive", *BIRTH)["number"]
    assert motcua.error(3, "post", "out", number, "--bill", BILL)["code"] == "illegal-transition"
    assert motcua.error(3, "post", "out", finished(motcua), "--bill", "@")["field"] == "bill"
    assert motcua.error(4, "post", "out", "TN-khong-co")["code"] == "no-dossier"
    assert motcua.error(3, "post", "list", "--hand")["code"] == "nothing-ready"
    assert motcua.error(2, "post")["code"] == "usage"


def test_an_envelope_is_noted_for_its_dossier(motcua: Motcua) -> None:
    number = motcua.json("receive", *BIRTH, "--channel", "post", "--at", "2026-11-23T09:00")["number"]
    noted = motcua.json("post", "in", number, "--arrived", "2026-11-21", "--envelope", "PB-7")
    assert noted["warnings"] == []
    assert motcua.json("post", "list")["items"][0]["envelope"] == "PB-7"


def test_labels(motcua: Motcua, tmp_path: Path) -> None:
    number = finished(motcua)
    motcua.json("post", "out", number, "--bill", BILL, "--address", "Số 5, xã Thượng Lâm")
    out = tmp_path / "nhan.pdf"
    assert motcua.json("post", "label", number, "--out", str(out), "--paper", "c5")["labels"] == 1
    assert "Thượng Lâm" in reading.words(out.read_bytes())


def test_dossiers_go_to_another_unit_by_list(motcua: Motcua, tmp_path: Path) -> None:
    numbers = [motcua.json("receive", *BIRTH)["number"] for _ in range(2)]
    out = tmp_path / "bang-ke.pdf"
    made = motcua.json("handover", "out", *numbers, "khong-co", "--to", "02350", "--out", str(out))
    assert made["taken"] == numbers
    assert [each["number"] for each in made["left"]] == ["khong-co"]
    assert "Kim Bình" in reading.words(out.read_bytes())
    assert motcua.json("handover", "list")["lists"][0]["count"] == 2
    taken = motcua.json("handover", "in", numbers[0], "--from", "02350")
    assert taken["list"] is None and taken["left"][0]["code"] == "no-transfer"
