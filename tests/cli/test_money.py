"""Receipts and the box through the command line."""

from __future__ import annotations

from tests.cli.conftest import BIRTH as BIRTH_OPTIONS
from tests.cli.conftest import CARD, MONDAY
from tests.printing import reading
from tests.support.desk import demo_password

BIRTH = ("receive", *BIRTH_OPTIONS)
COPIES = ("receive", "--procedure", "2.000635", "--card", CARD, "--all-required", "--at", MONDAY)


def test_taking_cancelling_and_counting(motcua, tmp_path):
    number = motcua.json(*COPIES)["number"]
    request = "0198b1c0-0000-7000-8000-000000000001"
    taken = motcua.json("receipt", "take", number, "--request", request, "--at", MONDAY)
    assert (taken["amount_vnd"], taken["already"]) == (8000, False)
    again = motcua.json("receipt", "take", number, "--request", request, "--at", MONDAY)
    assert again["already"] and again["receipt"] == taken["receipt"]
    more = motcua("--json", "receipt", "take", number, "--amount", "-5", "--at", MONDAY)
    assert (more.exit, more.json["error"]["field"]) == (3, "amount")
    day = motcua.json("cash", "day", "--day", "2026-11-23")
    assert (day["receipts"], day["expected_vnd"], day["counted_vnd"]) == (1, 8000, None)
    short = motcua("--json", "cash", "count", "--day", "2026-11-23", "--note", "5000:1", "--at", MONDAY)
    assert (short.exit, short.json["error"]["field"]) == (3, "reason")
    kept = motcua.json(
        "cash", "count", "--day", "2026-11-23", "--note", "5.000:1", "--note", "1000:3", "--at", MONDAY
    )
    assert kept["difference_vnd"] == 0
    gone = motcua.json("receipt", "cancel", taken["receipt"], "--reason", "Ghi nhầm", "--at", MONDAY)
    assert gone["cancel_reason"] == "Ghi nhầm"
    assert motcua("receipt", "cancel", taken["receipt"], "--reason", "Nữa").exit == 3
    assert motcua("receipt", "cancel", "BL02/2026-99", "--reason", "Nữa").exit == 4
    out = tmp_path / "quy.pdf"
    day = motcua.json("cash", "day", "--day", "2026-11-23", "--out", str(out))
    assert day["expected_vnd"] == 0 and day["books"][0]["cancelled"] == [1]
    assert "Ghi nhầm" in " ".join(reading.raw(out.read_bytes()).split())
    note = tmp_path / "bn.pdf"
    motcua.json("receipt", "print", taken["receipt"], "--out", str(note))
    assert "ĐÃ HỦY" in reading.words(note.read_bytes())
    listed = motcua.json("receipt", "list", "--day", "2026-11-23")
    assert listed["count"] == 1 and listed["receipts"][0]["cancelled_at"]


def test_notes_that_cannot_be_read(motcua):
    for wrong in ("abc", "5000", "5000:-1", "٥٠٠٠:1"):
        said = motcua("--json", "cash", "count", "--note", wrong)
        assert (said.exit, said.json["error"]["field"]) == (2, "note"), wrong
    assert motcua("cash", "count", "--note", "700:1").exit == 3


def test_the_register_of_a_period(motcua, tmp_path):
    number = motcua.json(*COPIES)["number"]
    out = tmp_path / "so.pdf"
    days = ("--from", "2026-11-01", "--to", "2026-11-30")
    made = motcua.json("report", "register", *days, "--out", str(out))
    assert (made["ok"], made["lines"], made["pages"]) == (True, 1, 1)
    assert reading.squeezed(number) in reading.squeezed(reading.raw(out.read_bytes()))
    said = motcua("--json", "report", "register", *days, "--out", str(tmp_path / "so.xlsx"))
    assert (said.exit, said.json["error"]["field"]) == (3, "out")
    assert (
        motcua("report", "register", "--from", "2026-12-01", "--to", "2026-11-30", "--out", str(out)).exit
        == 3
    )


def test_tariff_lines_and_the_account(motcua, tmp_path):
    line = (
        "tariff",
        "add",
        "1.001193",
        "--amount",
        "8000",
        "--basis",
        "NQ thử",
        "--from",
        "2026-01-01",
        "--exempt",
        "trẻ em",
    )
    assert motcua(*line).exit == 3, "not for every officer"
    motcua.patch.setenv("MOTCUA_PASSWORD", demo_password())
    made = motcua.json("--as", "lanhdao", *line)
    assert (made["fee"], made["amount_vnd"], made["exemptions"]) == ("LP", 8000, ["trẻ em"])
    wrong = motcua("--json", "--as", "lanhdao", *line[:4], "-1", *line[5:])
    assert (wrong.exit, wrong.json["error"]["field"]) == (3, "amount")
    assert motcua.json("tariff", "list", "1.001193")["count"] == 1
    account = ("fee-account", "set", "--bin", "970415", "--account", "0011001932418", "--name", "UBND xã")
    assert motcua(*account).exit == 3
    assert motcua.json("fee-account", "show") == {"account": None}
    assert motcua.json("--as", "quantri", *account)["account"] == "0011001932418"
    number = motcua.json(*BIRTH, "--at", MONDAY)["number"]
    out = tmp_path / "phieu.pdf"
    motcua.json("slip", number, "--form", "01", "--out", str(out))
    assert "VietQR" in reading.words(out.read_bytes()) and "8.000 đồng" in reading.words(out.read_bytes())
    assert motcua.json("--as", "quantri", "fee-account", "clear") == {"account": None}
