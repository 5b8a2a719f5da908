"""Usual papers are found by two letters, by words, without marks."""

from __future__ import annotations

import pytest

from app.domain.certification import Kind
from app.domain.usual_papers import MOST_FOUND, UsualPaper, find_papers
from app.domain.vietnamese import fold
from app.services.certify.usual import shipped_papers

PAPERS = shipped_papers()


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("ks", "Giấy khai sinh"),
        ("KS", "Giấy khai sinh"),
        ("cccd", "Thẻ căn cước"),
        ("so do", "Giấy chứng nhận quyền sử dụng đất"),
        ("sổ đỏ", "Giấy chứng nhận quyền sử dụng đất"),
        ("bang dai", "Bằng tốt nghiệp đại học"),
        ("khai sinh", "Giấy khai sinh"),
        ("hoc ba", "Học bạ"),
        ("gks", "Giấy khai sinh"),
        ("bang", "Bằng tốt nghiệp trung học phổ thông"),
    ],
)
def test_the_first_found(typed, name):
    assert find_papers(PAPERS, typed)[0].name == name


def test_every_alias_finds_its_paper_first():
    for paper in PAPERS:
        for alias in paper.aliases:
            assert find_papers(PAPERS, alias)[0] is paper, alias


def test_no_alias_means_two_papers():
    aliases = [fold(alias) for paper in PAPERS for alias in paper.aliases]
    assert len(aliases) == len(set(aliases))


def test_nothing_typed_nothing_known_and_never_too_many():
    assert find_papers(PAPERS, "  ") == find_papers(PAPERS, "zzz") == ()
    many = [UsualPaper(f"Quyết định số {n}") for n in range(30)]
    assert len(find_papers(many, "qu")) == MOST_FOUND


def test_signatures_are_marked():
    assert find_papers(PAPERS, "sy")[0].kind is Kind.SIGNATURE
