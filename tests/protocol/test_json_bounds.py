"""What an answer may make in memory is bounded before it is made."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from app.protocol import messages as m
from app.protocol.strict_json import MAX_MARKS, BadJson, loads_strict

MOST = 4 * 1024 * 1024


def filled(unit: bytes, before: bytes = b"[", after: bytes = b"]") -> bytes:
    count = (MOST - len(before) - len(after)) // len(unit)
    return before + (unit * count).rstrip(b",") + after


def resident_kib() -> int:
    with Path("/proc/self/status").open(encoding="ascii") as told:
        return next(int(line.split()[1]) for line in told if line.startswith("VmHWM"))


@pytest.mark.parametrize("unit", [b"{},", b"[],", b'{"a":""},', b'"aa",', b'"\xe1\xba\xa1",', b"7,"])
def test_many_small_values_are_refused_before_they_are_made(unit: bytes) -> None:
    with pytest.raises(BadJson, match="more than"):
        loads_strict(filled(unit), max_bytes=MOST)


def test_as_many_as_a_manifest_has_pass() -> None:
    entry = b'{"code":"1.001193","version":1,"sha256":"' + b"a" * 64 + b'","size":12345},'
    assert len(loads_strict(b"[" + (entry * 20_000).rstrip(b",") + b"]", max_bytes=MOST)) == 20_000
    inside = b"[" + b"1," * (MAX_MARKS - 10) + b"1]"
    assert len(loads_strict(inside, max_bytes=MOST)) == MAX_MARKS - 9


def test_marks_inside_text_do_not_count() -> None:
    text = b'["' + b"{[,:" * 500_000 + b'"]'
    assert loads_strict(text, max_bytes=MOST)


def test_a_long_list_of_faults_is_told_in_a_word() -> None:
    with pytest.raises(m.BadAnswer, match="a list too long"):
        m.read_answer(m.ChangePage, b'{"changes":[' + b"7," * 20_001 + b"7]}", max_bytes=MOST)
    with pytest.raises(m.BadAnswer, match="ChangePage: many"):
        m.read_answer(m.ChangePage, b'{"changes":[' + b"{}," * 500 + b"{}]}", max_bytes=MOST)
    with pytest.raises(m.BadAnswer, match="ChangePage: changes, more, next_cursor"):
        m.read_answer(m.ChangePage, b"{}", max_bytes=MOST)


@pytest.mark.skipif(sys.platform != "linux", reason="asks the kernel")
@pytest.mark.parametrize("model", [m.ChangePage, m.SnapshotPage, m.CatalogueManifest])
def test_the_worst_that_is_judged_stays_under_the_bound(model: type[m.Message]) -> None:
    """The peak of this process; one that had been higher before shows nothing, and fails nothing."""
    name = next(iter(field for field in ("changes", "dossiers", "procedures") if field in model.model_fields))
    body = b'{"' + name.encode() + b'":[' + (b'{"a":"' + b"x" * 190 + b'"},') * 11_999 + b"{}]}"
    before = resident_kib()
    with pytest.raises(m.BadAnswer):
        m.read_answer(model, body, max_bytes=MOST)
    assert resident_kib() - before < 100 * 1024
