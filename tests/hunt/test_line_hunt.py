"""A small share of the hunt over bad lines in every run; ``python -m tests.hunt.line_hunt`` hunts on."""

from __future__ import annotations

import pytest

from tests.hunt.line.hunt import hunt


@pytest.mark.parametrize(("seed", "tls"), [(21, False), (25, True)])
def test_bad_lines_and_older_copies_lose_and_double_nothing(seed: int, tls: bool) -> None:
    found = hunt(seed, 120, desks=2, tls=tls, seconds=40)
    assert found.findings == []
    assert found.faults.total() > 0


def test_a_run_repeated_under_another_key_would_be_found() -> None:
    """Seed after seed until it shows; a quick machine meets fewer runs whose answer is lost."""
    assert any(
        hunt(seed, 300, desks=2, plant="new-key-per-retry", seconds=60).findings for seed in range(2, 20)
    )
