"""Forms 01–07 in both dated sets, and the take-home card, by the name of their reference."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from app.printing.account_card import draw_account_card
from app.printing.form_texts import form_sets
from app.printing.forms import official_form
from app.printing.paper import Paper
from app.printing.receipt_slip import draw_receipt_slip
from tests.printing import form_samples
from tests.printing.samples import CARD, SLIP

PAPERS: dict[str, Any] = {
    "02": form_samples.SUPPLEMENT,
    "03": form_samples.REFUSAL,
    "04": form_samples.EXTENSION,
    "05": form_samples.STOP,
    "06": form_samples.CONTROL,
    "07": form_samples.BOOK,
}


def in_set(form: str, set_id: str) -> Any:
    """The sample of a form as it stands in a dated set."""
    if form == "01":
        return replace(SLIP, form_set=set_id)
    if form == "07":
        return replace(PAPERS[form], form_set=set_id)
    return form_samples.marked(PAPERS[form], form_set=set_id)


def draw(form: str, set_id: str) -> bytes:
    """The form of a set on its ordinary paper."""
    paper = in_set(form, set_id)
    if form == "01":
        return draw_receipt_slip(paper, paper=Paper.A5_TWO_UP)
    return official_form(form).draw(paper)


def _samples() -> dict[str, Callable[[], bytes]]:
    found: dict[str, Callable[[], bytes]] = {
        f"form-{form}-{known.id}": partial(draw, form, known.id)
        for known in form_sets()
        for form in ("01", *PAPERS)
    }
    for kind in (Paper.A5, Paper.A4):
        found[f"form-01-{kind}".replace("_", "-")] = partial(draw_receipt_slip, SLIP, paper=kind)
    for form, paper in form_samples.bare_papers().items():
        found[f"form-{form}-bare"] = partial(official_form(form).draw, paper)
    for form, paper in form_samples.long_papers().items():
        found[f"form-{form}-long"] = partial(official_form(form).draw, paper)
    found["account-card"] = partial(draw_account_card, CARD)
    return found


SAMPLES = _samples()
"""File name to what draws it."""
