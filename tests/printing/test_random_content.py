"""Whatever was typed prints, and prints as it was typed."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app.domain.slips import AccountCard, SlipComponent, SlipHead
from app.printing import fonts
from app.printing.account_card import draw_account_card
from app.printing.fonts import serif
from app.printing.forms import official_form
from app.printing.paper import Paper
from app.printing.receipt_slip import draw_receipt_slip
from app.printing.typeset import literal
from tests.printing import reading
from tests.printing.form_samples import BOOK, CONTROL, EXTENSION, REFUSAL, STOP, SUPPLEMENT
from tests.printing.samples import CARD, SLIP

_vietnamese = st.text(alphabet=fonts.VIETNAMESE + " '-,.", max_size=320)
_anything = st.one_of(
    _vietnamese,
    st.text(max_size=120),
    st.text(alphabet="\ud800\udfff\x00\x07\n\t\u200b\u202e\u0301\ufffe𝕏中", max_size=20),
    st.sampled_from(
        ["<b>đậm</b>", "&amp; &lt;", "<para/>", "</font>", "<img src='x'/>", "a<br/>b", "W" * 300]
    ),
)
_quick = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
"""Without shrinking, which takes minutes on whole papers."""
_number = st.from_regex(r"\A[A-Z0-9.\-]{0,60}\Z")


@_quick
@given(
    texts=st.lists(_anything, min_size=16, max_size=16),
    components=st.lists(st.tuples(_anything, _anything), max_size=14),
    number=st.one_of(_number, _anything),
    paper=st.sampled_from(Paper),
)
def test_any_content_is_drawn(
    texts: list[str], components: list[tuple[str, str]], number: str, paper: Paper
) -> None:
    (parent, agency, place, serial, office, name, address, phone, email, request, *rest) = texts
    slip = replace(
        SLIP,
        head=SlipHead(parent, agency, place, serial),
        number=number,
        receiving_office=office,
        owner_name=name,
        owner_address=address,
        owner_phone=phone,
        owner_email=email,
        request=request,
        components=tuple(SlipComponent(name, kind, 1) for name, kind in components),
        term_words=rest[0],
        return_words=rest[1],
        fee_words=rest[2],
        submitter_name=rest[3],
        lookup_words=rest[4],
        due_reason=rest[5],
    )
    assert draw_receipt_slip(slip, paper=paper).startswith(b"%PDF-")


@_quick
@given(texts=st.lists(_anything, min_size=6, max_size=6), todo=st.lists(_anything, max_size=12))
def test_any_card_is_drawn(texts: list[str], todo: list[str]) -> None:
    title, step, visit, warning, contact, foot = texts
    card = AccountCard(title, step, tuple(todo), CARD.next_visit, visit, warning, (contact,), foot)
    assert draw_account_card(card).startswith(b"%PDF-")


@settings(max_examples=25, deadline=None)
@given(
    name=_vietnamese, address=_vietnamese, paper=st.text(alphabet=fonts.VIETNAMESE + "<>&; ", max_size=200)
)
def test_vietnamese_reads_back_letter_for_letter(name: str, address: str, paper: str) -> None:
    slip = replace(
        SLIP, owner_name=name, owner_address=address, components=(SlipComponent(paper, "Bản sao", 1),)
    )
    read = reading.squeezed(reading.words(draw_receipt_slip(slip, paper=Paper.A4)))
    for typed in (name, address):
        assert reading.squeezed(literal(typed, serif())) in read


def test_markup_is_only_text() -> None:
    slip = replace(SLIP, owner_name="<b>Lò</b> &amp; <font color='red'>Thị</font>", request="a<br/>b")
    text = reading.words(draw_receipt_slip(slip, paper=Paper.A4))
    assert "Tiếp nhận hồ sơ của: <b>Lò</b> &amp; <font color='red'>Thị</font>" in text
    assert "Nội dung yêu cầu giải quyết: a<br/>b" in text


def _filled(paper: Any, texts: Iterator[str]) -> Any:
    """The paper with every text, at any depth, taken from ``texts``; ids of form sets stay."""
    if isinstance(paper, str):
        return next(texts)
    if isinstance(paper, tuple):
        return tuple(_filled(each, texts) for each in paper)
    if not is_dataclass(paper) or isinstance(paper, type):
        return paper
    changes = {
        each.name: _filled(getattr(paper, each.name), texts)
        for each in fields(paper)
        if each.name != "form_set"
    }
    return replace(paper, **changes)


@settings(_quick, max_examples=10)
@given(texts=st.lists(_anything, min_size=6, max_size=24))
@pytest.mark.parametrize(
    ("form", "paper"),
    [("02", SUPPLEMENT), ("03", REFUSAL), ("04", EXTENSION), ("05", STOP), ("06", CONTROL), ("07", BOOK)],
)
def test_any_content_of_forms_02_to_07_is_drawn(form: str, paper: Any, texts: list[str]) -> None:
    assert official_form(form).draw(_filled(paper, itertools.cycle(texts))).startswith(b"%PDF-")
