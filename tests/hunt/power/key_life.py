"""A desk that changes its key while the power fails: the old key or the new one, everything under it, and
the words on the newest sheet open it."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app import keys
from app.clock import SystemClock
from app.errors import StorageError
from app.models.database import STORE_FILE, connect
from app.models.files import FileStore
from app.services.drafts import new_draft_id, save_draft
from app.services.safety.check import check_desk
from app.services.safety.key_change import key_that_opens
from app.services.safety.restore import restore_backup
from app.services.setup import open_desk
from tests.hunt.power import rig
from tests.hunt.power.cut import snapshot
from tests.hunt.power.key_store import FileKeyStore, key_store
from tests.hunt.power.ledger import BrokenPromise, check
from tests.support import desk as desks

if TYPE_CHECKING:
    from tests.hunt.power.hunt import Desk

CHANGES = 6
DRAFTS = 3
OTHER_PC = {"MOTCUA_PASSPHRASE": "cum mat khau cua may khac"}
AS_ADMINISTRATOR = ("--as", "quantri", "--json", "key")


@dataclass
class Held:
    """What is known outside of the desk. ``words``: of the sheet that must open it, ``None`` where a death
    came before they were told; ``former``: keys it had before ``key``; ``warned``: a warning must be there,
    for the key is another and no words of it were told."""

    key: bytes
    words: str | None
    drafts: dict[str, Any]
    former: list[bytes] = field(default_factory=list)
    warned: bool = False


def a_key_change(desk: Desk) -> None:
    """Changes of key, new sheets and acts between them, each of them cut."""
    store = FileKeyStore(desk.room / "key-store.json") if desk.dice.random() < 0.5 else None
    with key_store(store):
        held = _begun(desk)
        for _ in range(CHANGES):
            if desk.dice.random() < 0.75:
                _change(desk, held)
            else:
                _sheet(desk, held)
            if desk.dice.random() < 0.5:
                _look(desk, held)
            if desk.dice.random() < 0.4:
                desk.death()
                _reckon(desk, held, None)
                _look(desk, held)
        _settled(desk, held)
        backup, words = _last(desk, held)
    _on_another_pc(desk, backup, words, held)


def template(folder: Path) -> None:
    """Drafts beside what a desk holds already, with its words outside it."""
    desk = open_desk(folder, SystemClock(), reference=desks.reference(), environ=desks.ENVIRON)
    for number in range(DRAFTS):
        body = {"person": {"full_name": f"Lò Thị {number}"}, "note": "chưa xong"}
        save_draft(desk, desks.officer(desk), new_draft_id(), "reception", "name", body)
    desk.close()


_TEMPLATE: list[tuple[Path, str]] = []


def remember(folder: Path, words: str) -> None:
    """The desk every life begins with."""
    _TEMPLATE[:] = [(folder, words)]


def _begun(desk: Desk) -> Held:
    folder, words = _TEMPLATE[0]
    shutil.copytree(folder, desk.folder)
    desk.ledger.open_receptions = 2
    key = keys.open_key(desk.folder, desks.ENVIRON)
    return Held(key, words, _drafts(desk.folder, key))


def _change(desk: Desk, held: Held) -> None:
    argv = [*AS_ADMINISTRATOR, "change", *_with_sheet(desk)]
    if desk.dice.random() < 0.9:
        argv.append("--no-backup")
    answer = _asked(desk, argv)
    done = answer is not None and "error" not in answer
    desk.figures.counts["changes of key asked"] += 1
    desk.figures.counts["changes of key acknowledged"] += done
    was = held.key
    _reckon(desk, held, answer)
    _require(not done or held.key != was, "told as changed, and the key is what it was")
    unsure = answer is not None and answer.get("error", {}).get("code") == "key-change-unsure"
    desk.figures.counts["changes of key told as unsure"] += unsure
    _require(
        done or unsure or answer is None or held.key == was,
        f"the key is another, and was told as refused: {answer}",
    )


def _sheet(desk: Desk, held: Held) -> None:
    answer = _asked(desk, [*AS_ADMINISTRATOR, "sheet", *_with_sheet(desk)])
    desk.figures.counts["sheets asked"] += 1
    _reckon(desk, held, answer)
    if answer is None:
        held.words = None


def _reckon(desk: Desk, held: Held, answer: dict[str, Any] | None) -> None:
    """Which key it is now, and whose words were told of it."""
    key = key_that_opens(desk.folder, desks.ENVIRON)
    if key != held.key:
        held.former.append(held.key)
        held.key, held.words, held.warned = key, None, True
        desk.figures.counts["changes of key made"] += 1
    if answer is not None and "recovery_words" in answer:
        held.words, held.warned = answer["recovery_words"], False


def _with_sheet(desk: Desk) -> Sequence[str]:
    chosen = desk.dice.random()
    place = desk.disk / "out" if chosen < 0.2 else desk.room
    return ("--sheet", str(place / f"sheet-{desk.dice.randrange(10**9)}.pdf")) if chosen < 0.4 else ()


def _asked(desk: Desk, argv: Sequence[str]) -> dict[str, Any] | None:
    """One command of its own under a fault; ``None``: it died over it."""
    fault = draw(desk.dice)
    before = snapshot(desk.disk)
    child = desk.start(["--data", str(desk.folder), *argv], fault, leader=True)
    answer, code = child.hear(), child.end()
    desk.story += [str(fault), f"  {argv[3:]} -> {json.dumps(answer, ensure_ascii=False)}"[:300]]
    if code == 3 or (answer is not None and "error" not in answer and code not in (0, -9)):
        raise BrokenPromise(f"{argv[3:5]} ended with {code}: {answer}")
    desk.finish(code, before, died_by_cut=fault.how >= rig.How.FAIL or desk.dice.random() < 0.7)
    return answer


def draw(dice: random.Random) -> rig.Fault:
    """Anywhere in the work: a change writes every page and file, an act or a sheet only some."""
    scale = dice.choice((1, 3, 12))
    fault = rig.draw_failure(dice, scale) if dice.random() < 0.3 else rig.draw_death(dice, scale)
    return fault if fault.classes & rig.WRITES else replace(fault, at=fault.at % 90 + 1)


def _look(desk: Desk, held: Held) -> None:
    """All that was acknowledged is there under one key; raises ``BrokenPromise``."""
    folder = desk.folder
    check(folder, desk.ledger)
    document = keys.read_desk_file(folder)
    key = key_that_opens(folder, desks.ENVIRON)
    _require(_drafts(folder, key) == held.drafts, "drafts are not what they were")
    desk.figures.counts["looked through"] += 1
    _require(key == held.key, "the key is another since")
    if keys.NEXT in document:
        desk.figures.counts["found in the midst of a change"] += 1
        return
    if held.warned:
        desk.figures.counts["changes ended after a death, and warned of"] += 1
        _require(_notices(folder, key) > 0, "the old sheet opens no more and nobody was told")
    if held.words is not None:
        _require(_opened_by(document, held.words) == key, "the newest sheet does not open the desk")
    _nothing_left(folder, held)


def _nothing_left(folder: Path, held: Held) -> None:
    raw = connect(folder / STORE_FILE, held.key)
    try:
        rows = raw.execute("SELECT record_id FROM audit WHERE act = 'change_key'").fetchall()
        named = [sha for (sha,) in raw.execute("SELECT sha256 FROM stored_file").fetchall()]
    finally:
        raw.close()
    audited = [name for (name,) in rows]
    after = [keys.derive(key, "key-name").hex()[:16] for key in (*held.former, held.key)][1:]
    _require(audited == after, f"changes told by the audit: {len(audited)}, there were {len(after)}")
    for key in held.former:
        left = FileStore(folder / "files", key)
        _require(not any(left.has(sha) for sha in named), "a file under a former key is left")
        try:
            connect(folder / STORE_FILE, key).close()
        except StorageError as refused:
            _require(refused.code == "wrong-key", refused.code)
        else:
            raise BrokenPromise("a former key opens the store")


def _settled(desk: Desk, held: Held) -> None:
    """With an honest disk the next opening ends what was begun."""
    child = desk.start(["--data", str(desk.folder), "batch"], rig.Fault(rig.How.NOTHING))
    answer = child.ask(["find", "hường"])
    if child.end() or answer is None or answer["exit"]:
        raise BrokenPromise(f"does not open: {answer}")
    _require(keys.NEXT not in keys.read_desk_file(desk.folder), "opened, and the change is not over")
    _reckon(desk, held, None)
    _look(desk, held)


def _last(desk: Desk, held: Held) -> tuple[Path, str]:
    """A change on an honest disk, and a backup after it."""
    backup = desk.disk / "out" / "sau.mcbackup"
    honest = rig.Fault(rig.How.NOTHING)
    child = desk.start(
        ["--data", str(desk.folder), *AS_ADMINISTRATOR, "change", "--no-backup"], honest, leader=True
    )
    answer = child.hear()
    if child.end() or answer is None or "error" in answer or answer["unread"]:
        raise BrokenPromise(f"on an honest disk the key is not changed: {answer}")
    _reckon(desk, held, answer)
    child = desk.start(["--data", str(desk.folder), "batch"], honest)
    made = child.ask(["backup", str(backup)])
    if child.end() or made is None or made["exit"]:
        raise BrokenPromise(f"no backup after the change: {made}")
    _look(desk, held)
    return backup, answer["recovery_words"]


def _on_another_pc(desk: Desk, backup: Path, words: str, held: Held) -> None:
    """Where neither the key store nor the phrase is: the sheet alone."""
    into = desk.room / "another"
    with key_store(None):
        try:
            restore_backup(backup, into, SystemClock(), {**OTHER_PC, "MOTCUA_RECOVERY": words})
        except StorageError as refused:
            raise BrokenPromise(f"the sheet does not open the backup: {refused.code}") from None
        _require(check_desk(into, OTHER_PC).ok, "a backup restored by the sheet is not whole")
        _require(_drafts(into, keys.open_key(into, OTHER_PC)) == held.drafts, "drafts not restored")
    shutil.rmtree(into)
    desk.figures.counts["backups opened by the newest sheet"] += 1


def _opened_by(document: dict[str, Any], words: str) -> bytes | None:
    try:
        return keys.key_by_words(document, words)
    except StorageError:
        return None


def _drafts(folder: Path, key: bytes) -> dict[str, Any]:
    return dict(_rows(folder, key, "SELECT id, body FROM draft"))


def _notices(folder: Path, key: bytes) -> int:
    return len(_rows(folder, key, "SELECT id FROM notice WHERE body LIKE '%khôi phục%'"))


def _rows(folder: Path, key: bytes, query: str) -> list[Any]:
    raw = connect(folder / STORE_FILE, key)
    try:
        return list(raw.execute(query).fetchall())
    finally:
        raw.close()


def _require(holds: bool, words: str) -> None:
    if not holds:
        raise BrokenPromise(words)
