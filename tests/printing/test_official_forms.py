"""What forms 02–07 have in common: sheet, margins, fonts, codes, marks, same data same bytes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.errors import RuleError
from app.printing.form_texts import printed_title
from app.printing.forms import official_form
from tests.printing import reading
from tests.printing.form_samples import (
    BOOK,
    CONTROL,
    EXTENSION,
    OFFICIAL,
    PROVISIONAL,
    REFUSAL,
    STOP,
    SUPPLEMENT,
    long_papers,
    marked,
)

PAPERS: dict[str, Any] = {
    "02": SUPPLEMENT,
    "03": REFUSAL,
    "04": EXTENSION,
    "05": STOP,
    "06": CONTROL,
    "07": BOOK,
}
OF_ONE_DOSSIER = sorted(set(PAPERS) - {"07"})
MM = 72 / 25.4


def drawn(form: str, paper: Any) -> bytes:
    """The form as PDF."""
    return official_form(form).draw(paper)


@pytest.mark.parametrize("form", sorted(PAPERS))
def test_fonts_embedded_properties_without_a_name_same_bytes(form: str) -> None:
    pdf = drawn(form, PAPERS[form])
    assert drawn(form, PAPERS[form]) == pdf
    rows = reading.fonts(pdf)
    assert rows and all(row.embedded and row.unicode for row in rows)
    assert not any("Helvetica" in row.name for row in rows)
    info = reading.info(pdf)
    assert info["Title"] == printed_title(form, "tt-03-2025")
    assert info["Author"] == info["Subject"] == info["Keywords"] == ""


@pytest.mark.parametrize("form", OF_ONE_DOSSIER)
@pytest.mark.parametrize("number", [OFFICIAL, PROVISIONAL])
def test_qr_and_barcode_read_back_the_number_and_nothing_else(form: str, number: str) -> None:
    pdf = drawn(form, marked(PAPERS[form], number=number, provisional=number == PROVISIONAL))
    assert reading.codes(reading.picture(pdf, 150)) == [("code128", number), ("qrcode", number)]


@pytest.mark.parametrize("form", sorted(PAPERS))
def test_margins_of_nd_30_on_every_page(form: str) -> None:
    pdf = drawn(form, long_papers()[form])
    landscape = form == "07"
    left, right, top, bottom = (20, 20, 30, 16) if landscape else (30, 17, 20, 20)
    width, height = (297, 210) if landscape else (210, 297)
    for page in range(1, int(reading.info(pdf)["Pages"]) + 1):
        boxes = [box for box in reading.ink_boxes(pdf, page) if box[3] > top * MM]
        assert min(box[0] for box in boxes) >= left * MM - 0.5
        assert max(box[2] for box in boxes) <= (width - right) * MM + 0.5
        assert max(box[3] for box in boxes) <= (height - bottom) * MM + 4


@pytest.mark.parametrize("form", sorted(PAPERS))
def test_reprint_and_sample_are_marked_on_every_page(form: str) -> None:
    plain = reading.words(drawn(form, PAPERS[form]))
    assert "In lại" not in plain and "DỮ LIỆU MẪU" not in plain
    for number, page in enumerate(reading.text(drawn(form, long_papers()[form])).split("\f")[:-1], start=1):
        assert "In lại lần 2" in page and "DỮ LIỆU MẪU" in page
        assert number == 1 or str(number) in page.splitlines()[0]


@pytest.mark.parametrize("form", OF_ONE_DOSSIER)
def test_both_numbers_once_both_are_known(form: str) -> None:
    text = reading.words(drawn(form, marked(PAPERS[form], provisional_number=PROVISIONAL)))
    assert f"Mã hồ sơ: {OFFICIAL} Số biên nhận tạm: {PROVISIONAL}" in text


@pytest.mark.parametrize("form", sorted(PAPERS))
def test_an_unknown_set_is_refused_in_words(form: str) -> None:
    paper = PAPERS[form]
    odd = replace(paper, form_set="tt-99") if form == "07" else marked(paper, form_set="tt-99")
    with pytest.raises(RuleError) as refused:
        drawn(form, odd)
    assert refused.value.code == "unknown-form-set"
