"""Which form of which set on which day."""

from __future__ import annotations

from datetime import date

import pytest

from app.errors import RuleError
from app.printing.forms import form_set, form_set_for, form_title, official_form
from app.printing.receipt_slip import draw_receipt_slip


@pytest.mark.parametrize(
    ("day", "set_id"),
    [
        (date(2019, 1, 2), "tt-01-2018"),
        (date(2025, 9, 14), "tt-01-2018"),
        (date(2025, 9, 15), "tt-03-2025"),
        (date(2026, 11, 23), "tt-03-2025"),
    ],
)
def test_the_set_of_a_day_of_reception(day: date, set_id: str) -> None:
    assert form_set_for(day) == set_id


def test_seven_forms_now_six_before() -> None:
    assert sorted(form_set("tt-03-2025").titles) == ["01", "02", "03", "04", "05", "06", "07"]
    assert sorted(form_set("tt-01-2018").titles) == ["01", "02", "03", "04", "06", "07"]


def test_the_unproved_switch_date_is_marked_so() -> None:
    assert not form_set("tt-03-2025").effective_from_confirmed


def test_titles_by_number() -> None:
    assert form_title("04", "tt-03-2025") == "Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết"
    assert form_title("04", "tt-01-2018") == "Phiếu xin lỗi và hẹn lại ngày trả kết quả"
    with pytest.raises(RuleError, match="unknown-form"):
        form_title("05", "tt-01-2018")


def test_the_registry_names_what_draws() -> None:
    form = official_form("01")
    assert form.draw is draw_receipt_slip
    assert set(form.titles) == {"tt-01-2018", "tt-03-2025"}
    with pytest.raises(RuleError) as refused:
        official_form("99")
    assert refused.value.field == "form"
