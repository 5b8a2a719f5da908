"""Thirty fees reckoned by hand: 2.000 đ for pages 1–2, 1.000 đ from page 3, at most 200.000 đ a copy."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.catalogue import FeeRule
from app.domain.copy_fee import copy_fee, job_fee
from app.errors import RuleError
from tests.support.desk import reference

RULE = FeeRule("P", "Phí", 2000, per="page", first_pages=2, next_page_vnd=1000, cap_vnd=200000)

CASES = [
    (1, 1, 2000), (2, 1, 4000), (3, 1, 5000), (4, 1, 6000), (5, 1, 7000), (10, 1, 12000),
    (1, 2, 4000), (2, 2, 8000), (3, 2, 10000), (1, 3, 6000), (2, 5, 20000), (3, 5, 25000),
    (4, 10, 60000), (20, 1, 22000), (50, 1, 52000), (98, 1, 100000), (100, 1, 102000),
    (197, 1, 199000), (198, 1, 200000), (199, 1, 200000), (200, 1, 200000), (500, 1, 200000),
    (2000, 1, 200000), (198, 2, 400000), (197, 2, 398000), (500, 3, 600000), (1, 20, 40000),
    (2, 20, 80000), (6, 20, 160000), (1, 999, 1998000),
]  # fmt: skip


@pytest.mark.parametrize(("pages", "copies", "expected"), CASES)
def test_fee(pages, copies, expected):
    assert copy_fee(RULE, pages, copies) == expected


def test_there_are_thirty():
    assert len(set(CASES)) == 30


def test_a_flat_fee_by_page_and_an_unknown_one():
    assert copy_fee(FeeRule("P", "Phí", 500), 7, 2) == 7000
    assert copy_fee(FeeRule("P", "Phí", None), 7, 2) is None


@pytest.mark.parametrize(
    ("pages", "copies", "field"),
    [(0, 1, "pages"), (-1, 1, "pages"), (2001, 1, "pages"), (1, 0, "copies"), (1, 1000, "copies")],
)
def test_counts_out_of_range(pages, copies, field):
    with pytest.raises(RuleError) as refused:
        copy_fee(RULE, pages, copies)
    assert refused.value.field == field


@pytest.mark.parametrize(("papers", "expected"), [(1, 10000), (2, 20000), (7, 70000), (999, 9990000)])
def test_signatures_cost_by_paper(papers, expected):
    assert job_fee(FeeRule("PHI", "Phí", 10000, per="job"), papers) == expected


def test_signatures_out_of_range_and_of_unknown_tariff():
    assert job_fee(FeeRule("PHI", "Phí", None, per="job"), 3) is None
    for papers in (0, -1, 1000):
        with pytest.raises(RuleError) as refused:
            job_fee(FeeRule("PHI", "Phí", 10000, per="job"), papers)
        assert refused.value.field == "copies"


def test_the_shipped_tariff_is_the_one_reckoned_by_hand():
    version = reference().catalogue.version_for("2.000815", date(2026, 11, 23))
    assert [copy_fee(version.fees[0], pages, copies) for pages, copies, _ in CASES] == [
        expected for _, _, expected in CASES
    ]
    signature = reference().catalogue.version_for("2.000884", date(2026, 11, 23))
    assert job_fee(signature.fees[0], 3) == 30000
