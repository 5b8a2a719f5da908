"""Quick folding of public names gives what ``fold`` gives."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.domain.folding import fold_public
from app.domain.vietnamese import fold


@given(st.text())
def test_same_as_fold(text: str) -> None:
    assert fold_public(text) == fold(text)


def test_names() -> None:
    assert fold_public("Thị trấn  Đồng Văn") == "thi tran dong van"
    assert fold_public("Ea H'Leo") == fold("Ea H’Leo")
