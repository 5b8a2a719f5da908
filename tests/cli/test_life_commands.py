"""``do`` with results and recipients, ``receive`` by a leader's word, ``guide``, ``correct``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.cli.commands import guide
from app.services.papers.slip_correction import SlipField
from tests.cli.conftest import BIRTH, CARD, Motcua
from tests.printing.reading import words
from tests.support import desk as desks

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\nxref\ntrailer<<>>\nstartxref\n9\n%%EOF\n"
LEADER = ("--as", "lanhdao")


@pytest.fixture(autouse=True)
def signed_in(motcua: Motcua) -> None:
    """Every officer of the demo desk may sign in."""
    motcua.patch.setenv("MOTCUA_PASSWORD", desks.demo_password())


def test_a_result_with_its_file_is_completed_shown_and_handed_over(motcua: Motcua, tmp_path: Path) -> None:
    number = motcua.json("receive", *BIRTH)["number"]
    file = tmp_path / "ket-qua.pdf"
    complete = ("do", number, "complete", "--result-no", "25/2026", "--file", str(file))
    assert motcua.error(3, *complete)["field"] == "file"
    file.write_bytes(b"PK\x03\x04")
    assert motcua.error(3, *complete)["code"] == "result-file-kind"
    file.write_bytes(PDF)
    signed = ("--signer", "Nông Văn Chủ", "--issued-on", "2020-01-02", "--book", "01")
    assert motcua.json(*complete, *signed)["status"] == 9
    files = motcua.json("show", number)["files"]
    assert [(each["bytes"], each["media_type"]) for each in files] == [(len(PDF), "application/pdf")]
    give = ("do", number, "return", "--recipient", "Lò Văn Sáu")
    assert motcua.error(3, *give)["field"] == "relation"
    given = motcua.json(*give, "--relation", "Chồng", "--recipient-id", "B1234567")
    assert given["status"] == 10
    assert motcua.error(3, "do", number, "return")["code"] == "illegal-transition"


def test_a_leader_receives_without_a_paper_and_an_officer_does_not(motcua: Motcua) -> None:
    lacking = ("receive", "--procedure", "1.001193", "--card", CARD, "--component", "to_khai")
    why = ("--override-reason", "Mất giấy tờ do lũ")
    assert motcua.error(3, *lacking, *why)["code"] == "not-permitted"
    assert motcua.error(3, *LEADER, *lacking)["code"] == "components-missing"
    received = motcua.json(*LEADER, *lacking, *why)
    assert received["status"] == 2
    acts = [line["act"] for line in motcua.json("show", received["number"])["history"]]
    assert acts == ["accept", "override"]


def test_papers_come_with_the_acceptance(motcua: Motcua) -> None:
    lacking = ("receive", "--procedure", "1.001193", "--card", CARD, "--register-only")
    number = motcua.json(*lacking)["number"]
    assert motcua.error(3, "do", number, "accept", "--item", "to_khai")["missing"]
    items = [part for each in ("to_khai", "giay_chung_sinh", "giay_to_tuy_than") for part in ("--item", each)]
    assert motcua.json("do", number, "accept", *items)["status"] == 2


def test_somebody_else_hands_in(motcua: Motcua, tmp_path: Path) -> None:
    person = tmp_path / "p.json"
    person.write_text(json.dumps({"name": "Lò", "id_kind": "passport", "id_value": "N1234567"}), "utf-8")
    received = motcua.json(
        "receive", *BIRTH, "--component", "van_ban_uy_quyen", "--submitter", str(person), "--relation", "Cha"
    )
    parties = motcua.json("show", received["number"])["parties"]
    assert [(each["role"], each["name"], each["relation"]) for each in parties] == [
        ("owner", "Ma Thị Hường", None),
        ("submitter", "Lò", "Cha"),
    ]


def test_a_reopening_has_a_reason_and_a_leader(motcua: Motcua) -> None:
    number = motcua.json("receive", *BIRTH)["number"]
    motcua.json("do", number, "complete")
    assert motcua.error(3, "do", number, "reopen", "--reason", "x")["code"] == "not-permitted"
    assert motcua.error(3, *LEADER, "do", number, "reopen")["field"] == "reason"
    assert motcua.json(*LEADER, "do", number, "reopen", "--reason", "Sai tên")["status"] == 4


def test_guidance_is_printed_and_no_dossier_comes_to_be(motcua: Motcua, tmp_path: Path) -> None:
    out = tmp_path / "hd.pdf"
    told = motcua.json(
        "guide", "--procedure", "1.001193", "--missing", "giay_chung_sinh|vb_nguoi_lam_chung", "--name", "Lò",
        "--out", str(out),
    )  # fmt: skip
    assert told["number"].startswith("1/HD")
    assert "Giấy chứng sinh" in words(out.read_bytes())
    assert motcua.error(3, "guide", "--procedure", "1.001193")["code"] == "guidance-empty"
    assert (
        motcua.error(3, "guide", "--procedure", "1.001193", "--missing", "x")["code"] == "component-unknown"
    )
    assert motcua.json("outbox")["count"] == 1, "the opening of the stream alone"


def test_a_slip_is_corrected(motcua: Motcua, tmp_path: Path) -> None:
    number = motcua.json("receive", *BIRTH)["number"]
    out = tmp_path / "slip.pdf"
    motcua.json("slip", number, "--form", "01", "--out", str(out))
    done = motcua.json(
        "correct", number, "--owner-name", "Ma Thị Hương", "--reason", "Gõ sai", "--out", str(out)
    )
    assert done == {"number": number, "fields": ["owner_name"], "copy_no": 2}
    assert "Thay thế phiếu in ngày" in words(out.read_bytes())
    assert motcua.error(3, "correct", number, "--reason", "x")["code"] == "correction-empty"
    assert set(guide._FIELDS) == {field.value for field in SlipField}
