"""A small share of the hunt over bad lines in every run; ``python -m tests.hunt.line_hunt`` hunts on."""

from __future__ import annotations

import pytest

from tests.hunt.line.hunt import hunt


@pytest.mark.parametrize(("seed", "tls"), [(21, False), (25, True)])
def test_bad_lines_and_older_copies_lose_and_double_nothing(seed: int, tls: bool) -> None:
    found = hunt(seed, 120, desks=2, tls=tls, seconds=40)
    assert found.findings == []
    assert found.faults.total() > 0


def test_a_number_given_again_after_a_restore_would_be_found() -> None:
    assert hunt(5, 400, desks=2, plant="number-after-restore", seconds=40).findings
