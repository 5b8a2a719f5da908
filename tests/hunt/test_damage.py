"""A fixed small share of the damage hunt."""

from __future__ import annotations

from tests.hunt.damage import TARGETS, WOUNDS, hunt


def test_every_wound_with_effect_is_named_and_repaired_from_the_backup(tmp_path):
    ends = hunt(2 * len(TARGETS) * len(WOUNDS), 20263, tmp_path)
    ways = {end for _, _, end in ends}
    assert {"named", "repaired"} <= ways
    assert not any(end == "harmless" for target, _, end in ends if target == "file"), ends
