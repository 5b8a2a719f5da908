"""The sheet of docs/backup.md followed on an empty machine, and nothing but the sheet.

``python -m tests.journeys.restore_drill [--dossiers N]`` prints the steps with what each took. The commands
are read from the page itself and typed at a terminal; the questions of the program are answered from the
recovery sheet. The machine of before is gone by then; so is its passphrase.
"""

from __future__ import annotations

import argparse
import json
import os
import pty
import re
import select as waiting
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, func, select

from app.clock import SystemClock
from app.models import tables
from app.services.setup import open_desk
from app.sync.status import outbox
from tests.hunt.driver import RECEIVE, ROOT, Counter
from tests.support import desk as desks
from tests.support.gateway import Gateway, running_gateway

SHEET = ROOT / "docs" / "backup.md"
NEW_PHRASE = "mot cau dai moi cua may nay"
NO_KEY_STORE = {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring", "QT_QPA_PLATFORM": "offscreen"}
A_LETTER_S, A_STEP_S = 1.0, 30.0
"""How slowly somebody types who never types, and how long he reads and looks at each step."""
NEXT_CARD = "008094000111||Hoàng Văn Quyết|01011994|Nam|Xã Lâm Bình, tỉnh Tuyên Quang|01012024"
WINDOW = "from tests.journeys.restore_drill import at_the_window; at_the_window()"


@dataclass
class Drill:
    """What the steps took. ``machine_s``: measured; ``letters``: typed by the person."""

    machine_s: dict[str, float] = field(default_factory=dict)
    letters: int = 0
    facts: dict[str, object] = field(default_factory=dict)

    @property
    def minutes(self) -> float:
        """Machine and person together; the person's part is reckoned."""
        return (sum(self.machine_s.values()) + self.letters * A_LETTER_S + steps() * A_STEP_S) / 60


def sheet() -> str:
    """The page to print: the first section."""
    return SHEET.read_text("utf-8").split("\n## ")[1]


def steps() -> int:
    """Its numbered steps."""
    return len(re.findall(r"^\d+\. ", sheet(), re.MULTILINE))


def commands() -> list[str]:
    """What it says to type, in order."""
    return [block.strip() for block in re.findall(r"```sh\n(.*?)```", sheet(), re.DOTALL)]


def drill(room: Path, dossiers: int) -> Drill:
    """The whole of it. Raises ``AssertionError`` where the sheet does not lead to a working desk."""
    done = Drill()
    with running_gateway(room / "province") as gateway:
        words, before = _the_old_pc(room, gateway, dossiers)
        stick = next((room / "usb").glob("*.mcbackup"))
        home = room / "empty"
        home.mkdir()
        restore, window = commands()
        typed = re.sub(r"/media/usb/\S+", str(stick), restore)
        answers = {"chín từ": words, "Cụm mật khẩu mới": NEW_PHRASE, "Gõ lại": NEW_PHRASE}
        _type(done, "restore", typed, home, answers)
        desk = home / ".local" / "share" / "motcua"
        assert window == "motcua ui"
        done.letters += len(window) + len(NEW_PHRASE) + len("F5")
        _open_and_press_f5(done, home)
        done.facts |= _compare(desk, before)
        done.facts["two copies, numbers shared"] = len(_numbers_of_two_copies(room, stick, words))
    return done


@dataclass(frozen=True)
class Held:
    """What a desk holds. ``dossiers``: by id, what an officer would know it by."""

    dossiers: Mapping[str, tuple[object, ...]]
    officers: int
    waiting: int


def _the_old_pc(room: Path, gateway: Gateway, dossiers: int) -> tuple[str, Held]:
    """A desk at work: synced in the morning, then without a line, backed up, then stolen."""
    old = Counter(room / "old" / "desk", {"HOME": str(room / "old")})
    made = old.run("init", "--demo").json
    code = gateway.enrolment_code("quay-2", unit="02221")
    assert old.run("enrol", "--url", gateway.url, "--code", code).exit == 0
    if dossiers:
        assert old.run("demo", "fill", "--dossiers", str(dossiers), "--seed", "1").exit == 0
    assert old.run(*RECEIVE).exit == 0
    assert old.run("sync").exit == 0
    for _ in range(3):
        assert old.run(*RECEIVE).exit == 0
    (room / "usb").mkdir()
    assert old.run("backup", str(room / "usb" / "motcua-20261123-170000.mcbackup")).exit == 0
    assert old.run(*RECEIVE).exit == 0
    assert old.run("sync").exit == 0, "sent after the backup: the province gives it back"
    before = _held(old.folder, desks.PASSPHRASE)
    shutil.rmtree(room / "old")
    return str(made["recovery_words"]), before


def _type(done: Drill, name: str, command: str, home: Path, answers: Mapping[str, str]) -> None:
    """A line at a terminal, and answers to what the program asks."""
    began = time.monotonic()
    pid, terminal = pty.fork()
    if not pid:
        os.chdir(home)
        words = [sys.executable, "-m", "app", *command.split()[1:]]
        os.execve(sys.executable, words, _empty_machine(home))
    done.letters += len("motcua restore ")
    said, left = b"", dict(answers)
    while True:
        ready, _, _ = waiting.select([terminal], [], [], 120)
        assert ready, f"the program waits: {said[-300:]!r}"
        try:
            more = os.read(terminal, 4096)
        except OSError:
            break
        if not more:
            break
        said += more
        for question in [each for each in left if each.encode() in said]:
            answer = left.pop(question)
            done.letters += len(answer)
            os.write(terminal, answer.encode() + b"\n")
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os.close(terminal)
    assert code == 0 and "Quầy làm việc lại được" in said.decode(), said.decode("utf-8", "replace")
    done.machine_s[name] = time.monotonic() - began


def _empty_machine(home: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return {**kept, **NO_KEY_STORE, "HOME": str(home), "PYTHONPATH": str(ROOT)}


def _open_and_press_f5(done: Drill, home: Path) -> None:
    began = time.monotonic()
    ran = subprocess.run(
        [sys.executable, "-c", WINDOW],
        cwd=home,
        env={**_empty_machine(home), "MOTCUA_PASSPHRASE": NEW_PHRASE},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    done.machine_s["open, take a dossier in, F5"] = time.monotonic() - began


def at_the_window() -> None:
    """In a process of the empty machine: the window where the program looks for its desk; a visit; F5."""
    from PySide6.QtCore import Qt

    from app.bootstrap import open_runtime
    from app.cli.folder import default_folder
    from app.ui.main_window import MainWindow
    from app.ui.start import application
    from app.ui.theme import set_up_look
    from app.ui.visit import PHONE
    from app.ui.visit import Counter as Keys
    from app.ui.widgets import Mode

    set_up_look(application(off_screen=True), mode=Mode.LIGHT)
    runtime = open_runtime(default_folder(), SystemClock())
    window = MainWindow(runtime)
    window.show()
    keys = Keys(window, desks.officer(runtime.desk))
    window.work_as(keys.officer)
    keys.hands.settle()
    keys.hands.press(Qt.Key.Key_F2)
    keys.receive(NEXT_CARD, "ks", PHONE)
    status = keys.send_now()
    assert status.waiting == status.rejected == 0
    window.close()
    runtime.desk.close()


def _held(folder: Path, phrase: str) -> Held:
    desk = open_desk(
        folder, SystemClock(), reference=desks.reference(), environ={"MOTCUA_PASSPHRASE": phrase}
    )
    try:
        with desk.store.read() as connection:
            officers = connection.execute(select(func.count()).select_from(tables.officer)).scalar_one()
            dossiers = _dossiers(connection)
        return Held(dossiers, int(officers), len(outbox(desk.store)))
    finally:
        desk.close()


def _dossiers(connection: Connection) -> dict[str, tuple[object, ...]]:
    d = tables.dossier.c
    named = (
        d.number,
        d.provisional_number,
        d.owner_name,
        d.procedure_code,
        d.status,
        d.due_at,
        d.received_at,
    )
    return {row[0]: tuple(row[1:]) for row in connection.execute(select(d.id, *named))}


def _compare(folder: Path, before: Held) -> dict[str, object]:
    """All of before is there and reads alike, what the province had too, and the new visit; nothing waits."""
    after = _held(folder, NEW_PHRASE)
    other = [each for each, known in before.dossiers.items() if after.dossiers.get(each) != known]
    assert other == [], [(before.dossiers[each], after.dossiers.get(each)) for each in other[:3]]
    assert len(after.dossiers) == len(before.dossiers) + 1
    assert after.officers == before.officers
    assert after.waiting == 0
    return {"dossiers": len(after.dossiers), "read alike": len(before.dossiers), "waiting": 0}


def _numbers_of_two_copies(room: Path, stick: Path, words: str) -> set[str]:
    """The same backup on two PCs without a line: numbers that both gave."""
    given = []
    for name in ("one", "two"):
        copy = Counter(room / name)
        made = copy.run("restore", str(stick), "--into", str(copy.folder), MOTCUA_RECOVERY=words)
        assert made.exit == 0, made
        given.append({copy.run(*RECEIVE).json["number"] for _ in range(3)})
    shared = given[0] & given[1]
    assert not shared
    return shared


def main() -> None:
    """The drill and its figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.journeys.restore_drill")
    parser.add_argument("--dossiers", type=int, default=2000, metavar="N", help="what the stolen desk holds")
    dossiers = parser.parse_args().dossiers
    with tempfile.TemporaryDirectory(prefix="motcua-drill-") as room:
        done = drill(Path(room), dossiers)
    for name, seconds in done.machine_s.items():
        print(f"{name}: {seconds:.1f} s")
    print(f"{steps()} steps, {done.letters} letters typed")
    print(f"reckoned with {A_LETTER_S:.0f} s a letter, {A_STEP_S:.0f} s a step: {done.minutes:.1f} minutes")
    print(json.dumps(done.facts))


if __name__ == "__main__":
    main()
