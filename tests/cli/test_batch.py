"""``batch``: an answer a line, in one process, stopping at nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from tests.cli.conftest import BIRTH, CARD, ROOT, Motcua
from tests.support import desk as desks


def test_each_line_gets_its_answer_and_exit_code(motcua: Motcua) -> None:
    first, second, third = motcua.batch(
        ["receive", *BIRTH], ["show", "TN-00000-000000-0000"], ["find", "hường", "--json"]
    )
    assert first["exit"] == 0
    assert first["status"] == 2
    assert second["exit"] == 4
    assert second["error"]["code"] == "no-dossier"
    assert third["exit"] == 0
    assert third["results"][0]["number"] == first["number"]


def test_a_line_that_is_no_array_of_strings(motcua: Motcua) -> None:
    lines = [b"\n", b"{\n", b'{"a": 1}\n', b"[1]\n", b"[]\n", b'"find"\n', b"[" * 100_000 + b"\n", b"\xff\n"]
    answers = motcua.batch(*lines, ["find", "x"])
    assert [answer["exit"] for answer in answers] == [2] * len(lines) + [0]


def test_wrong_usage_and_commands_that_take_the_program(motcua: Motcua) -> None:
    answers = motcua.batch(
        ["nope"],
        ["batch"],
        ["ui"],
        ["gateway", "serve", "--db", "sqlite:///x.db", "--listen", "127.0.0.1:1"],
        ["receive", "--card"],
    )
    assert [answer["exit"] for answer in answers] == [2] * 5


def test_a_line_may_begin_with_its_own_officer(motcua: Motcua) -> None:
    motcua.patch.setenv("MOTCUA_PASSWORD", desks.demo_password())
    lan = ("lan.tt", "--name", "Trần Thị Lan", "--role", "reception")
    answers = motcua.batch(
        ["--as", "quantri", "officer", "add", *lan],
        ["officer", "add", *lan],
        ["--as", "lanhdao", "find", "x"],
    )
    assert [answer["exit"] for answer in answers] == [0, 3, 0]


def test_a_dash_is_a_text_like_any_other_in_a_batch(motcua: Motcua) -> None:
    card, found = motcua.batch(["read-card", "-"], ["find", "-"])
    assert card["exit"] == 3
    assert found["exit"] == 0


def test_text_that_is_not_utf8_arrives_as_surrogate_escapes(motcua: Motcua) -> None:
    raw, escaped = motcua.batch(b'["read-card", "\xff\xfe|x"]\n', ["read-card", "\udcff|x"])
    assert [raw["error"]["code"], escaped["error"]["code"]] == ["card-not-utf8"] * 2
    assert [answer["exit"] for answer in motcua.batch(["find", "\udcff"], ["show", "\udcff"])] == [0, 4]


def test_the_time_of_the_act_may_stand_on_each_line(motcua: Motcua) -> None:
    early, late = motcua.batch(
        ["receive", *BIRTH, "--at", "2026-11-23T08:00"], ["--at", "2026-11-23T16:00", "receive", *BIRTH]
    )
    assert early["due_at"] == "2026-11-23T17:00:00+07:00"
    assert late["due_at"] == "2026-11-25T17:00:00+07:00"


def test_every_answer_is_flushed_before_the_next_line_is_read(motcua: Motcua) -> None:
    motcua.patch.delenv("PYTHONUNBUFFERED", raising=False)
    command = [sys.executable, "-m", "app", "--data", str(motcua.data), "batch"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, env=dict(os.environ)
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for text in (CARD, "không phải thẻ"):
            process.stdin.write(json.dumps(["read-card", text]).encode() + b"\n")
            process.stdin.flush()
            assert "exit" in json.loads(process.stdout.readline())
        process.stdin.close()
        assert process.wait(timeout=30) == 0
