"""Drafts: durable at once, the officer's own, gone only when told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap

import pytest

from app.errors import NotFoundError, RuleError
from app.services.drafts import drop_draft, load_draft, new_draft_id, open_drafts, save_draft
from tests.support.desk import ENVIRON, desk_folder, make_desk, officer

BODY = {"person": {"name": "Ma Thị Hường"}, "papers": ["to_khai"], "step": 2}


@pytest.fixture
def desk(tmp_path):
    desk = make_desk(tmp_path)
    yield desk
    desk.close()


def test_a_draft_reopens_at_its_field(desk):
    by = officer(desk)
    saved = save_draft(desk, by, "d1", "reception", "phone", BODY)
    draft = load_draft(desk, by, "d1")
    assert (draft.screen, draft.focus, draft.body, draft.saved_at) == ("reception", "phone", BODY, saved)
    save_draft(desk, by, "d1", "reception", "papers", {**BODY, "step": 3})
    assert [(d.id, d.focus, d.body["step"]) for d in open_drafts(desk, by, "reception")] == [
        ("d1", "papers", 3)
    ]


def test_every_form_has_an_id_of_its_own():
    assert len({new_draft_id() for _ in range(100)}) == 100


def test_drafts_of_a_screen_the_last_saved_first(desk):
    from datetime import timedelta

    by = officer(desk)
    for name, screen in (("a", "reception"), ("b", "account_help"), ("c", "reception")):
        save_draft(desk, by, name, screen, "", {})
        desk.clock.advance(timedelta(seconds=1))
    assert [d.id for d in open_drafts(desk, by, "reception")] == ["c", "a"]
    assert [d.id for d in open_drafts(desk, by)] == ["c", "b", "a"]


def test_a_draft_is_its_officers_own(desk):
    by, other = officer(desk), officer(desk, "lanhdao")
    save_draft(desk, by, "d1", "reception", "phone", BODY)
    assert open_drafts(desk, other) == ()
    with pytest.raises(NotFoundError):
        load_draft(desk, other, "d1")
    with pytest.raises(NotFoundError):
        save_draft(desk, other, "d1", "reception", "x", {})
    drop_draft(desk, other, "d1")
    assert load_draft(desk, by, "d1").body == BODY


def test_dropping_forgets_once_and_twice(desk):
    by = officer(desk)
    save_draft(desk, by, "d1", "reception", "phone", BODY)
    drop_draft(desk, by, "d1")
    drop_draft(desk, by, "d1")
    assert open_drafts(desk, by) == ()
    with pytest.raises(NotFoundError) as missing:
        load_draft(desk, by, "d1")
    assert missing.value.code == "no-draft"


def test_a_one_time_code_in_free_text_is_never_kept(desk):
    by = officer(desk)
    body = {"note": "OTP 123 456", "steps": [{"help_note": "mã 654321", "name": "Sùng"}], "phone": "090012"}
    save_draft(desk, by, "d1", "account_help", "note", body)
    kept = load_draft(desk, by, "d1").body
    assert kept == {"note": "", "steps": [{"help_note": "", "name": "Sùng"}], "phone": "090012"}


def test_nothing_of_a_draft_stands_in_the_files_in_the_clear(desk, tmp_path):
    by = officer(desk)
    save_draft(desk, by, "d1", "reception", "phone", {"name": "MARKERNAME", "phone": "0900123987"})
    for path in (tmp_path / "desk").rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert b"MARKERNAME" not in content
            assert b"0900123987" not in content


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_draft_survives_a_killed_program(tmp_path):
    desk_folder(tmp_path)
    program = textwrap.dedent(
        """
        import os, signal, sys
        from pathlib import Path
        from app.services.drafts import save_draft
        from tests.support.desk import make_desk, officer
        desk = make_desk(Path(sys.argv[1]))
        save_draft(desk, officer(desk), "d1", "reception", "phone", {"name": "Ma Thị Hường"})
        os.kill(os.getpid(), signal.SIGKILL)
        """
    )
    environ = {**os.environ, **ENVIRON}
    killed = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], env=environ, check=False, capture_output=True
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    desk = make_desk(tmp_path)
    draft = load_draft(desk, officer(desk), "d1")
    assert (draft.focus, draft.body) == ("phone", {"name": "Ma Thị Hường"})
    desk.close()


@pytest.mark.parametrize(
    "call",
    [
        lambda desk, by: save_draft(desk, by, "d", "reception", "", {}),
        lambda desk, by: open_drafts(desk, by, "reception"),
        lambda desk, by: load_draft(desk, by, "d"),
        lambda desk, by: drop_draft(desk, by, "d"),
    ],
)
def test_drafts_are_refused_outside_the_role(desk, call):
    with pytest.raises(RuleError) as refused:
        call(desk, officer(desk, "quantri"))
    assert refused.value.code == "not-permitted"
