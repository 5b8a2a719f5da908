"""A fixed small share of the tamper hunt."""

from __future__ import annotations

from tests.hunt.tamper import WAYS, clean, hunt


def test_whoever_changes_the_audit_log_is_named_by_the_row(tmp_path):
    named = hunt(2 * len(WAYS), 20265, tmp_path)
    assert sum(named.values()) == 2 * len(WAYS)
    assert set(named) == {way.__name__ for way in WAYS}


def test_a_log_nobody_touched_raises_no_alarm(tmp_path):
    assert clean(12, 20265, tmp_path) > 100
