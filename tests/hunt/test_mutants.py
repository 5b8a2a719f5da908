"""A fixed small share of the spoilt files, the hunt's own eyes tried, and what it found so far.

The full hunt: ``python -m tests.hunt.mutants 20000 SEED``.
"""

from __future__ import annotations

import io
import json
import os
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import insert

from app import keys
from app.cli.commands.options import given_file
from app.domain.working_calendar import calendar_from_json
from app.errors import RuleError, StorageError, UsageError
from app.models import tables
from app.protocol.bundles import BadBundle, BundleReader
from app.services.eforms.packages import import_eform
from app.services.office_settings import rename_desk
from app.services.reference import Reference
from app.services.safety import container
from app.settings import Settings, load_settings
from app.sync import procedures
from app.sync.trouble import NotBelievedError
from tests.hunt.mutants import doors, mutators
from tests.hunt.mutants.doors import DOORS, Door
from tests.hunt.mutants.hunt import Figures, ground, hunt
from tests.hunt.mutants.victim import Template, Victim
from tests.support.desk import ENVIRON, desk_folder, make_desk, officer


@pytest.fixture(scope="module")
def template() -> Iterator[Template]:
    with ground() as made:
        yield made


def test_a_share_of_spoilt_files(template: Template) -> None:
    figures = hunt(template, 160, 20261123)
    assert figures.findings == []
    assert figures.count == 160
    assert len({door for door, _ in figures.ends}) > 15


def test_what_is_whole_is_taken_through_every_door(
    template: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors, "mutate", lambda sample, *rest: sample)
    monkeypatch.setattr(doors, "in_place_of", lambda path, dice: "")
    monkeypatch.setattr("tests.hunt.mutants.forging.mutate", lambda sample, *rest: sample)
    monkeypatch.setattr("tests.hunt.mutants.forging._spoil", lambda members, dice: None)
    figures = hunt(template, 120, 1, tuple(replace(door, weight=1) for door in DOORS))
    assert figures.findings == []
    open_ones = {door for door, end in figures.ends if end.startswith("taken")}
    assert {door.name for door in DOORS} - open_ones == {"certificate file"}


def _crash(victim: Victim, dice: random.Random) -> str:
    return victim.expect(lambda: {}["x"])


def _dies(victim: Victim, dice: random.Random) -> str:
    os._exit(139)


def _slow(victim: Victim, dice: random.Random) -> str:
    end = time.process_time() + 0.3
    while time.process_time() < end:
        pass
    return "refused"


def _greedy(victim: Victim, dice: random.Random) -> str:
    return str(len(b"x" * (520 << 20)))


def _half(victim: Victim, dice: random.Random) -> str:
    rename_desk(victim.desk, victim.officers["quantri"], f"Quầy {dice.randint(3, 10**6)}")
    return "refused"


def _outside(victim: Victim, dice: random.Random) -> str:
    (victim.scratch / ".." / ".." / "x").write_text("x")
    return "taken"


def _silent(victim: Victim, dice: random.Random) -> str:
    return victim._judged(replace(victim_answer(), exit=3))


def victim_answer():  # type: ignore[no-untyped-def]
    from app.cli.answer import Answer

    return Answer({"error": {"code": "x", "title": "", "next_step": ""}}, [])


@pytest.mark.parametrize(
    ("door", "words"),
    [
        (_crash, "KeyError"),
        (_dies, "the process died"),
        (_slow, " s"),
        (_greedy, " MB"),
        (_half, "something was imported"),
        (_outside, "written outside"),
        (_silent, "without words"),
    ],
)
def test_every_planted_fault_is_found(
    template: Template,
    monkeypatch: pytest.MonkeyPatch,
    door: Callable[[Victim, random.Random], str],
    words: str,
) -> None:
    monkeypatch.setattr("tests.hunt.mutants.hunt.HANG_S", 0.25)
    figures: Figures = hunt(template, 1, 1, (Door("planted", 1, door),))
    assert [finding for finding in figures.findings if words in finding], figures


def test_mutants_differ_and_come_again_with_their_seed() -> None:
    sample = json.dumps(doors.PERSON).encode()
    for kind in ("bytes", "text", "json"):
        made = [mutators.mutate(sample, kind, [sample], random.Random(n)) for n in range(200)]
        again = [mutators.mutate(sample, kind, [sample], random.Random(n)) for n in range(200)]
        assert made == again
        assert sum(each != sample for each in made) > 150


# what the hunt found


@pytest.mark.parametrize(
    "change", [{"online_level": 5}, {"results": [{"code": "KQ1", "name": ""}]}, {"name": " "}]
)
def test_a_published_procedure_the_catalogue_cannot_read_never_gets_in(change: dict[str, object]) -> None:
    with pytest.raises(NotBelievedError):
        procedures._require_readable(json.dumps({**doors.WIRE, **change}).encode())


def test_a_desk_opens_although_an_unreadable_procedure_was_kept(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    body = json.dumps({**doors.WIRE, "name": " "}).encode()
    row = {"code": "1.001193", "version": 9, "sha256": "0" * 64, "body": body}
    with desk.store.write() as connection:
        days = {"effective_from": desk.clock.now().date(), "taken_at": desk.clock.now()}
        connection.execute(insert(tables.procedure_package).values(**row, **days))
    reference = Reference()
    reference.load_local(desk.store)
    assert reference.catalogue is not None
    desk.close()


def test_settings_nested_without_end_are_the_defaults(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text("[" * 100_000)
    assert load_settings(tmp_path) == Settings()


def test_a_pipe_in_place_of_a_file_is_refused_at_once(tmp_path: Path) -> None:
    pipe = tmp_path / "to-khai.json"
    os.mkfifo(pipe)
    with pytest.raises(UsageError):
        given_file(pipe, "person")
    desk = make_desk(tmp_path)
    with pytest.raises(StorageError):
        import_eform(desk, officer(desk, "quantri"), pipe)
    desk.close()


@pytest.mark.parametrize(
    "cost", [{"lanes": -1}, {"lanes": 10**12}, {"memory": 1 << 20}, {"time": 64}, {"time": -(10**20)}]
)
def test_a_desk_file_that_asks_for_too_much_is_damaged(tmp_path: Path, cost: dict[str, int]) -> None:
    document = json.loads(keys.desk_file(desk_folder(tmp_path)).read_text())
    document["key"]["kdf"] |= cost
    with pytest.raises(StorageError, match="desk-file-damaged"):
        keys.key_of(document, ENVIRON)


def test_a_bundle_whose_archive_ends_early_is_refused(template: Template, tmp_path: Path) -> None:
    whole = template.receipt._archive
    for size in (700, 1100, 2000):
        victim = replace(template.receipt)
        object.__setattr__(victim, "_archive", lambda *given, size=size: whole(*given)[:size])
        with pytest.raises(BadBundle):
            for _, pieces in BundleReader(
                io.BytesIO(victim.forged(random.Random(3))), template.identity
            ).parts():
                b"".join(pieces)


def test_a_calendar_day_beyond_all_numbers_is_named() -> None:
    files = {name: json.loads(body) for name, body in doors._calendars().items()}
    files["default.json"]["fixed_off_days"][0]["month_day"] = f"01-{'9' * 30}"
    with pytest.raises(RuleError, match="calendar-file"):
        calendar_from_json(files)


LISTED = ("[" * 100_000, *(
    json.dumps({"parts": [{"sha256": "x", **part}]})
    for part in ({"name": 5, "size": 1}, {"name": "desk.db", "size": -1})
))  # fmt: skip


@pytest.mark.parametrize("listed", LISTED, ids=("deep", "name", "size"))
def test_a_sealed_list_that_is_no_list_is_damage(listed: str) -> None:
    key, nonce = bytes(32), bytes(12)
    sealed = nonce + container._cipher(key).encrypt(nonce, listed.encode(), container.MAGIC + b"{}")
    with pytest.raises(StorageError, match="backup-damaged"):
        container.open_contents(container.Sealed(b"{}", sealed, 0), key)
