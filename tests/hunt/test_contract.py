"""Deviations from the seams that a hunt found, kept as tests: each line once ended wrongly."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.hunt.driver import CARD, CERTIFY, RECEIVE, ROOT, Counter
from tests.support import desk as desks


@pytest.fixture
def counter(tmp_path: Path) -> Counter:
    """A demo desk whose officers all may sign in."""
    return Counter(desks.desk_folder(tmp_path), {"MOTCUA_PASSWORD": desks.demo_password()})


def batch(counter: Counter, *lines: list[str]) -> list[dict[str, Any]]:
    """The answers to the lines; surrogates go as escapes."""
    raw = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    done = subprocess.run(
        counter.command("batch"),
        cwd=ROOT,
        input=raw,
        capture_output=True,
        env=counter.env("", {}),
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def outcome(answer: dict[str, Any]) -> tuple[int, str | None, str | None]:
    """Exit, code, field."""
    error = answer.get("error", {})
    return answer["exit"], error.get("code"), error.get("field")


def test_the_receipt_is_not_printed_before_acceptance(counter: Counter, tmp_path: Path) -> None:
    registered = batch(counter, [*RECEIVE, "--register-only"])[0]
    slip = ["slip", registered["number"], "--form", "01", "--out", str(tmp_path / "slip.pdf")]
    before, accepted, after = batch(counter, slip, ["do", registered["number"], "accept"], slip)
    assert outcome(before) == (3, "act-not-done", "form")
    assert (accepted["exit"], after["exit"], after["copy_no"]) == (0, 0, 1)


def test_what_the_province_could_never_take_is_refused_at_the_counter(
    counter: Counter, tmp_path: Path
) -> None:
    """Longer names than the wire carries (300, an officer's 50) were stored and then rejected for ever."""
    (tmp_path / "p.json").write_text(json.dumps({"name": "Lò " * 150}), "utf-8")
    argv = ["receive", "--procedure", "1.001193", "--all-required", "--person", str(tmp_path / "p.json")]
    add = ["--as", "quantri", "officer", "add", "lan", "--role", "reception", "--name"]
    long_name, officer, nameless, unreadable = batch(
        counter, argv, [*add, "Lan " * 13], [*add, " "], [*add, "La\udcffn"]
    )
    assert outcome(long_name) == (3, "name-long", "name")
    assert outcome(officer) == (3, "name-long", "name")
    assert outcome(nameless) == (3, "name-missing", "name")
    assert outcome(unreadable) == (3, "text-not-utf8", "name")


def test_words_that_are_no_letters_are_refused_by_name(counter: Counter) -> None:
    number = batch(counter, list(RECEIVE))[0]["number"]
    bad = "x\udcff"
    lines = [
        ["do", number, "withdraw", "--reason", bad],
        ["do", number, "request-supplement", "--item", bad],
        ["do", number, "complete", "--result-no", bad],
        ["do", number, "transfer", "--to", bad],
    ]
    fields = ["reason", "item", "result_no", "to"]
    assert [outcome(each) for each in batch(counter, *lines)] == [
        (3, "text-not-utf8", name) for name in fields
    ]


def test_a_wrong_count_names_its_own_option(counter: Counter) -> None:
    argv = ["certify", "--card", CARD, "--paper", "Bằng"]
    pages, copies = batch(
        counter, [*argv, "--pages", "ba", "--copies", "1"], [*argv, "--pages", "1", "--copies", "x"]
    )
    assert outcome(pages) == (2, "number-range", "pages")
    assert outcome(copies) == (2, "number-range", "copies")
    assert batch(counter, list(CERTIFY))[0]["exit"] == 0


def test_a_reversed_refusal_takes_no_impossible_due_date(counter: Counter) -> None:
    number = batch(counter, [*RECEIVE, "--register-only"])[0]["number"]
    reopen = ["--as", "lanhdao", "do", number, "reopen", "--reason", "ghi nhầm"]
    refused, past, plain = batch(
        counter, ["do", number, "refuse", "--reason", "thiếu"], [*reopen, "--due", "2020-01-02"], reopen
    )
    assert refused["exit"] == 0
    assert outcome(past) == (3, "due-before-reception", "due")
    assert (plain["exit"], plain["status"]) == (0, 2)


def test_a_person_file_from_notepad(counter: Counter, tmp_path: Path) -> None:
    (tmp_path / "p.json").write_bytes(b"\xef\xbb\xbf" + json.dumps({"name": "Giàng A Pó"}).encode())
    argv = ["receive", "--procedure", "1.001193", "--all-required", "--person", str(tmp_path / "p.json")]
    assert batch(counter, argv)[0]["status"] == 2
