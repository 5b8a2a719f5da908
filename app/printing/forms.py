"""The official forms by number: their titles in each set and what draws them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.errors import RuleError
from app.printing.control_slip import draw_control_slip
from app.printing.extension_letter import draw_extension_letter
from app.printing.form_texts import FormSet, form_set, form_set_for, form_sets, form_title
from app.printing.receipt_slip import draw_receipt_slip
from app.printing.refusal_slip import draw_refusal_slip
from app.printing.register_book import draw_register_book
from app.printing.stop_notice import draw_stop_notice
from app.printing.supplement_request import draw_supplement_request
from app.text import t

__all__ = ["FormSet", "OfficialForm", "form_set", "form_set_for", "form_sets", "form_title", "official_form"]

_DRAW: dict[str, Callable[..., bytes]] = {
    "01": draw_receipt_slip,
    "02": draw_supplement_request,
    "03": draw_refusal_slip,
    "04": draw_extension_letter,
    "05": draw_stop_notice,
    "06": draw_control_slip,
    "07": draw_register_book,
}
"""What draws each form; 02–07 take their data alone."""


@dataclass(frozen=True)
class OfficialForm:
    """One form: number as in TT 03/2025, title per form set id, and the function that draws it."""

    number: str
    titles: dict[str, str]
    draw: Callable[..., bytes]


def official_form(number: str) -> OfficialForm:
    """The form of this number. Raises ``RuleError`` ``unknown-form`` where none can be drawn."""
    if number not in _DRAW:
        raise RuleError(
            "unknown-form",
            t("Chương trình chưa in được mẫu số {number}.").format(number=number),
            t("Các mẫu in được: {numbers}.").format(numbers=", ".join(sorted(_DRAW))),
            field="form",
        )
    titles = {known.id: known.titles[number] for known in form_sets() if number in known.titles}
    return OfficialForm(number, titles, _DRAW[number])
