"""``approval``, ``delegation``, ``field``, ``queue`` on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import BIRTH, CARD, MONDAY, Motcua
from tests.printing import reading
from tests.support.desk import demo_password

FIELD_BIRTH = ("--procedure", "1.003583", "--card", CARD, "--all-required")


@pytest.fixture
def desk(motcua: Motcua) -> Motcua:
    motcua.patch.setenv("MOTCUA_PASSWORD", demo_password())
    return motcua


def test_asked_by_the_officer_signed_by_the_leader(desk: Motcua) -> None:
    number = desk.json("receive", *BIRTH, "--at", MONDAY)["number"]
    stop = ("approval", "ask", number, "stop", "--reason", "Nộp trùng", "--words", "Kính trình")
    laid = desk.json(*stop)
    assert (laid["state"], laid["act"], laid["number"]) == ("waiting", "stop", number)
    assert desk.error(3, *stop)["code"] == "approval-waiting"
    assert desk.error(3, "approval", "approve", laid["id"])["code"] == "not-permitted"
    assert desk.json("--as", "lanhdao", "approval", "list")["count"] == 1
    done = desk.json("--as", "lanhdao", "approval", "approve", laid["id"])
    assert (done["number"], done["status"]) == (number, 8)
    history = desk.json("show", number)["history"]
    assert [line["act"] for line in history][-3:] == ["approval_asked", "stop", "approved"]
    assert desk.error(3, "--as", "lanhdao", "approval", "approve", laid["id"])["code"] == "approval-decided"
    assert desk.error(4, "--as", "lanhdao", "approval", "approve", "x")["code"] == "no-approval"


def test_sent_back_and_taken_back(desk: Motcua) -> None:
    number = desk.json("receive", *BIRTH)["number"]
    ask = ("approval", "ask", number, "stop", "--reason", "Nộp trùng")
    first = desk.json(*ask)["id"]
    back = desk.json("--as", "lanhdao", "approval", "decline", first, "--words", "Ghi rõ hơn")
    assert (back["state"], back["answer"]) == ("declined", "Ghi rõ hơn")
    second = desk.json(*ask)["id"]
    assert desk.json("approval", "take-back", second)["state"] == "taken_back"
    assert desk.json("approval", "list") == {"count": 0, "items": []}


def test_a_deputy_signs_on_his_days(desk: Motcua) -> None:
    given = ("--as", "lanhdao", "delegation", "give", "canbo", "--reason", "nghỉ phép")
    days = ("--from", "2099-01-05", "--to", "2099-01-09")
    made = desk.json(*given, *days)
    assert (made["from"], made["to"], made["ended_at"]) == ("2099-01-05", "2099-01-09", None)
    assert desk.json("delegation", "list")["count"] == 1
    assert desk.error(3, *given, *days)["code"] == "delegation-twice"
    assert desk.error(3, *given, "--from", "2020-01-05", "--to", "2020-01-09")["field"] == "from_day"
    assert desk.error(2, *given, "--from", "mai", "--to", "2099-01-09")["code"] == "date-shape"
    assert desk.error(3, "delegation", "end", made["id"])["code"] == "not-permitted"
    assert desk.json("--as", "lanhdao", "delegation", "end", made["id"])["ended_at"]
    assert desk.json("delegation", "list")["count"] == 0


def test_the_office_says_what_stands_above_a_signature(desk: Motcua) -> None:
    assert desk.json("delegation", "title")["title"] == ""
    assert desk.error(3, "delegation", "title", "Chủ tịch")["code"] == "not-permitted"
    words = "KT. Chủ tịch / Phó Chủ tịch"
    assert desk.json("--as", "lanhdao", "delegation", "title", words, "--deputy")["title"] == words
    assert desk.json("delegation", "title")["title"] == "", "the leader's own is another"
    assert desk.json("--as", "lanhdao", "delegation", "title", "", "--deputy")["title"] == ""


def test_a_journey_and_its_list(desk: Motcua, tmp_path: Path) -> None:
    assert desk.error(4, "field", "close")["code"] == "no-field-session"
    opened = desk.json("field", "open", "--place", "Thôn Nà Mẫu")
    assert len(opened["procedures"]) == 3
    received = desk.json("receive", *FIELD_BIRTH)
    closed = desk.json("field", "close")
    assert (closed["id"], closed["dossiers"]) == (opened["id"], 1)
    out = tmp_path / "list.pdf"
    listed = desk.json("field", "list", opened["id"], "--out", str(out))
    assert [each["number"] for each in listed["dossiers"]] == [received["number"]]
    assert received["number"] in reading.words(out.read_bytes())
    assert desk.json("field", "list")["count"] == 1
    assert desk.json("field", "elsewhere") == {"count": 0, "items": []}


def test_numbers_at_the_door(desk: Motcua, tmp_path: Path) -> None:
    assert desk.error(3, "queue", "draw")["code"] == "queue-off"
    assert desk.error(3, "queue", "on")["code"] == "not-permitted"
    assert desk.json("--as", "quantri", "queue", "on") == {"enabled": True}
    out = tmp_path / "ticket.pdf"
    assert desk.json("queue", "draw", "--out", str(out))["shown"] == "001"
    assert "001" in reading.words(out.read_bytes())
    assert desk.json("queue", "draw", "--priority")["shown"] == "A002"
    assert desk.json("queue", "next")["shown"] == "A002"
    assert desk.json("queue", "again")["calls"] == 2
    assert desk.json("queue", "absent")["state"] == "absent"
    assert desk.json("queue", "back", "2")["state"] == "called"
    assert desk.json("queue", "served")["state"] == "served"
    assert desk.json("queue", "left", "1")["state"] == "left"
    assert desk.error(4, "queue", "next")["code"] == "queue-empty"
    state = desk.json("queue", "list")
    assert (state["waiting"], state["drawn"], state["mine"]) == (0, 2, None)
    assert desk.json("--as", "quantri", "queue", "off") == {"enabled": False}
