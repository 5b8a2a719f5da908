"""What the surroundings do to a desk ends in a sentence, a documented exit code, and nothing lost."""

from __future__ import annotations

import json
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hunt.driver import CARD, RECEIVE, ROOT, Answered, Counter, examine
from tests.support import desk as desks


@pytest.fixture
def counter(tmp_path: Path) -> Counter:
    """A demo desk with one dossier."""
    made = Counter(desks.desk_folder(tmp_path))
    assert made.run(*RECEIVE).exit == 0
    return made


def test_no_key_store_and_wrong_passphrase(counter: Counter) -> None:
    assert counter.run("find", "x", MOTCUA_PASSPHRASE="").told(5)["code"] == "no-key-store"
    assert counter.run(*RECEIVE, MOTCUA_PASSPHRASE="khác").told(5)["code"] == "wrong-passphrase"
    assert len(examine(counter.folder).numbers) == 1


def _without_store(folder: Path) -> None:
    for path in folder.glob("desk.db*"):
        path.unlink()


def _without_desk_file(folder: Path) -> None:
    (folder / "desk.json").unlink()


def _empty_desk_file(folder: Path) -> None:
    (folder / "desk.json").write_bytes(b"")


def _desk_file_without_kdf(folder: Path) -> None:
    (folder / "desk.json").write_text('{"format": 1, "key": {"mode": "passphrase"}}')


def _greedy_desk_file(folder: Path) -> None:
    document = json.loads((folder / "desk.json").read_text())
    document["key"]["kdf"]["memory"] = 10**9
    (folder / "desk.json").write_text(json.dumps(document))


def _empty_store(folder: Path) -> None:
    _without_store(folder)
    (folder / "desk.db").touch()


def _plain_store(folder: Path) -> None:
    _without_store(folder)
    with sqlite3.connect(folder / "desk.db") as plain:
        plain.execute("CREATE TABLE x (a)")
    plain.close()


def _half_a_store(folder: Path) -> None:
    path = folder / "desk.db"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        (_without_store, "store-missing"),
        (_without_desk_file, "desk-file-missing"),
        (_empty_desk_file, "desk-file-damaged"),
        (_desk_file_without_kdf, "desk-file-damaged"),
        (_greedy_desk_file, "desk-file-damaged"),
        (_empty_store, "store-damaged"),
        (_plain_store, "wrong-key"),
        (_half_a_store, "store-damaged"),
    ],
)
def test_a_harmed_desk_is_told_and_left_as_found(
    counter: Counter, harm: Callable[[Path], None], code: str
) -> None:
    harm(counter.folder)
    before = _content(counter.folder)
    assert counter.run("find", "x").told(5)["code"] == code
    assert counter.run("init", "--demo").told(3)["code"] == "desk-exists"
    assert _content(counter.folder) == before


def _content(folder: Path) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes() for path in folder.iterdir() if path.name in ("desk.json", "desk.db")
    }


def test_a_newer_store_is_left_alone(counter: Counter) -> None:
    from sqlalchemy import text

    from app import keys
    from app.models.opening import open_store

    store = open_store(counter.folder, keys.open_key(counter.folder, desks.ENVIRON))
    with store.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.dispose()
    assert counter.run(*RECEIVE).told(5)["code"] == "store-newer"


def limited(counter: Counter, most_bytes: int, *argv: str) -> Answered:
    """A command whose files may not grow beyond a size: a full disk without a disk."""

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))

    done = subprocess.run(
        counter.command("--json", *argv),
        cwd=ROOT,
        capture_output=True,
        env=counter.env("", {}),
        preexec_fn=limit,
        check=False,
    )
    return Answered(done.returncode, done.stdout, done.stderr)


@pytest.mark.skipif(sys.platform == "win32", reason="quotas of a process are POSIX")
@pytest.mark.parametrize("most_bytes", [0, 20_000, 90_000])
def test_no_room_loses_nothing(counter: Counter, tmp_path: Path, most_bytes: int) -> None:
    out = tmp_path / "slip.pdf"
    number = next(iter(examine(counter.folder).numbers.values()))
    refused = 0
    for argv in (RECEIVE, ("slip", number, "--form", "01", "--out", str(out)), RECEIVE):
        answer = limited(counter, most_bytes, *argv)
        if answer.exit:
            answer.told(5)
            refused += 1
    assert refused
    before = len(examine(counter.folder).numbers)
    assert counter.run(*RECEIVE).exit == 0
    assert len(examine(counter.folder).numbers) == before + 1
    assert limited(Counter(tmp_path / "new"), 0, "init", "--demo").told(5)["code"] == "disk-full"
    assert not (tmp_path / "new").exists()
    assert not list(tmp_path.glob(".new-*"))


@pytest.mark.parametrize("point", ["before_commit", "before_rename", "before_desk_rename"])
def test_a_write_that_fails_is_a_full_disk(counter: Counter, tmp_path: Path, point: str) -> None:
    number = next(iter(examine(counter.folder).numbers.values()))
    argv = {
        "before_commit": RECEIVE,
        "before_rename": ("slip", number, "--form", "01", "--out", str(tmp_path / "slip.pdf")),
        "before_desk_rename": ("--data", str(tmp_path / "other"), "init", "--demo"),
    }[point]
    counter.run(*argv, failpoint=f"{point}:fail").told(5)
    assert len(examine(counter.folder).numbers) == 1
    assert not (tmp_path / "slip.pdf").exists()
    assert not (tmp_path / "other").exists()


def test_folders_that_are_none(counter: Counter, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for place, code, exit_code in (
        (str(tmp_path / "gone"), "no-desk", 4),
        (str(tmp_path / "file"), "no-desk", 4),
        ("", "data-folder", 2),
    ):
        assert counter.run("--data", place, "find", "x").told(exit_code)["code"] == code
    assert (
        counter.run("--data", str(tmp_path / "file" / "desk"), "init", "--demo").told(5)["code"]
        == "folder-gone"
    )
    shutil.move(counter.folder, tmp_path / "elsewhere")
    assert counter.run(*RECEIVE).told(4)["code"] == "no-desk"
    assert Counter(tmp_path / "elsewhere").run(*RECEIVE).exit == 0


def test_a_batch_goes_on_after_every_circumstance(counter: Counter, tmp_path: Path) -> None:
    """Once, a folder that may not be looked at and an endless file ended the whole batch."""
    lines = [
        ["--data", "/proc/1/root/x", "find", "x"],
        ["--data", "x\0y", "find", "x"],
        ["receive", "--procedure", "1.001193", "--person", "/dev/zero"],
        ["receive", *RECEIVE[1:], "--reason", "x\udcff", "--due", "2099-12-01"],
        ["receive", *RECEIVE[1:], "--phone", "0912\udcff345678"],
        ["--as", "x\udcff", "find", "x"],
        ["slip", "x\udcff", "--form", "01", "--out", "x\0"],
        ["find", "hường"],
    ]
    raw = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    done = subprocess.run(
        counter.command("batch"),
        cwd=ROOT,
        input=raw,
        capture_output=True,
        env=counter.env("", {}),
        check=False,
    )
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["exit"] for answer in answers[1:]] == [2, 2, 3, 3, 3, 4, 0]
    assert all(answer.get("error", {}).get("code") != "defect" for answer in answers)
    assert answers[-1]["count"] == 1


@pytest.mark.parametrize(
    "card",
    [
        b"x" * 2_000_000 + b"\n",
        b"|" * 2_000_000 + b"\n",
        CARD.replace("Ma Thị Hường", "<b>Ma</b> =1+1 \u202egnờưH").encode() + b"\n",
        "008198000000||=HYPERLINK(1)|14081998|Nữ|x|04102024".encode() + b"\n",
        b"008198000000||\xc3\x28|14081998|N\xff|x|04102024\n",
        b"\n",
        b"",
    ],
)
def test_a_card_of_any_bytes(counter: Counter, card: bytes) -> None:
    answer = counter.run("receive", "--procedure", "1.001193", "--card", "-", "--all-required", stdin=card)
    if answer.exit:
        answer.told(3)
    assert set(answer.json) == {"error"} or answer.json["status"] == 2
    examine(counter.folder)


def test_a_clock_years_off_loses_nothing(counter: Counter) -> None:
    for moment in ("1971-01-01T00:00", "2150-06-01T09:00", "2026-11-23T09:00"):
        answer = counter.run("--at", moment, *RECEIVE)
        if answer.exit:
            answer.told(3)
    examine(counter.folder)


@pytest.mark.parametrize(
    ("argv", "exit_code", "code"),
    [
        (("--db", "nonsense", "--desk", "quay"), 2, "db-url"),
        (("--db", "sqlite:////proc/x/y.db", "--desk", "quay"), 5, "db-unreachable"),
        (("--db", "sqlite:///{tmp}/g.db", "--desk", "quầy một"), 2, "desk-name"),
        (("--db", "sqlite:///{tmp}/g.db", "--desk", ""), 2, "desk-name"),
    ],
)
def test_a_wrong_gateway_is_told(tmp_path: Path, argv: tuple[str, ...], exit_code: int, code: str) -> None:
    words = [word.format(tmp=tmp_path) for word in argv]
    answer = Counter(tmp_path / "desk").run("gateway", "enrolment-code", *words)
    assert answer.told(exit_code)["code"] == code


def test_a_gateway_that_cannot_listen(tmp_path: Path) -> None:
    import socket

    db = ("--db", f"sqlite:///{tmp_path / 'g.db'}", "--listen")
    lone = Counter(tmp_path / "desk")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        place = f"127.0.0.1:{taken.getsockname()[1]}"
        assert lone.run("gateway", "serve", *db, place).told(6)["field"] == "listen"
    none = str(tmp_path / "none.pem")
    assert lone.run("gateway", "serve", *db, "127.0.0.1:9", "--tls", none, none).told(2)["field"] == "tls"
