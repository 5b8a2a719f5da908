"""Requests, terms, export, breach sheet and pack as commands."""

from __future__ import annotations

from pathlib import Path

from tests.hunt.driver import Counter, end, say

CARD = "008198000000||Ma Thị Hường|14081998|Nữ|Thôn Nà Mẫu, xã Nà Hang, tỉnh Tuyên Quang|12092025"


def test_a_request_from_card_to_answer(tmp_path: Path) -> None:
    counter = Counter(tmp_path / "desk", {"HOME": str(tmp_path)})
    password = counter.run("init", "--demo").json["demo_password"]
    batch = counter.talk()

    def did(*line: str, exit: int = 0) -> dict:  # type: ignore[type-arg]
        answer = say(batch, *line)
        assert answer is not None
        assert answer["exit"] == exit, answer
        return answer

    receive = (
        "receive",
        "--procedure",
        "1.001193",
        "--card",
        CARD,
        "--all-required",
        "--phone",
        "0900000123",
    )
    number = did(*receive)["number"]
    assert did("request", "add", "--kind", "access", "--words", "x", exit=2)["error"]["field"] == "identity"
    asked = did("request", "add", "--kind", "correction", "--card", CARD, "--words", "Sai dấu")
    assert (asked["kind"], asked["decision"], asked["due"]) == ("correction", None, None)
    fixed = did("request", "correct", asked["id"], number, "--name", "Ma Thị Hương")
    assert fixed["fields"] == ["owner_name"]
    assert did("request", "show", asked["id"])["held"] == {
        "dossiers": [number],
        "help_cases": [],
        "drafts": 0,
    }
    answer = ("request", "answer", asked["id"], "--decision", "granted", "--reason", "Đã sửa")
    assert did(*answer, exit=3)["error"]["code"] == "not-permitted"
    out = str(tmp_path / "person.pdf")
    export = ("person", "export", "--identity", "008198000000", "--out", out)
    assert did(*export, exit=3)["error"]["code"] == "no-request"
    assert did("retention", "show", exit=3)["error"]["code"] == "not-permitted"
    did("person", "export", "--identity", "x", "--out", out, exit=3)
    assert end(batch) == 0

    lead = {"MOTCUA_PASSWORD": password}
    paper, sheet = tmp_path / "answer.pdf", tmp_path / "breach.pdf"
    done = counter.run("--as", "lanhdao", *answer, "--out", str(paper), **lead).json
    assert (done["decision"], done["outcome"]) == ("granted", {"corrected": 1})
    assert paper.read_bytes().startswith(b"%PDF")
    assert counter.run("--as", "lanhdao", *export, **lead).json["dossiers"] == 1
    assert counter.run("--as", "lanhdao", "breach-sheet", str(sheet), **lead).json["pages"] >= 1
    assert counter.run("--as", "quantri", "breach-sheet", str(sheet), "--found", "x", **lead).exit == 2
    term = ("retention", "set", "guidance", "--count", "6", "--unit", "months", "--basis", "QĐ 12")
    assert counter.run("--as", "quantri", *term, **lead).exit == 0
    shown = counter.run("--as", "quantri", "retention", "show", **lead).json["kinds"]
    assert {each["kind"]: each["term"] for each in shown}["guidance"] == "6 tháng"
    assert counter.run("--as", "quantri", "retention", "run", **lead).json["removed"] == {}
    assert counter.run("--as", "quantri", "retention", "unset", "guidance", **lead).exit == 0
    assert counter.run("request", "list", "--open").json["count"] == 0
