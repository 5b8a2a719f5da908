"""A counter's own paper (no circular prescribes it) set with the parts of the official forms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from reportlab.platypus import Flowable, Paragraph

from app.printing.flow import Page, paginate
from app.printing.fonts import FontFamily, serif
from app.printing.paper import PageStyle
from app.printing.typeset import paragraph, style
from app.text import t

SIGN_HINT = t("(Ký, ghi rõ họ tên)")


def _words() -> dict[str, Any]:
    return {"moment": t("{hour} giờ {minute} phút, ngày {day}")}


@dataclass(frozen=True)
class PlainForm:
    """Letters and measures of a paper being set."""

    page: PageStyle
    family: FontFamily = field(default_factory=serif)
    words: dict[str, Any] = field(default_factory=_words)

    def text(self, words: str, *, bold: bool = False, gap: float = 0) -> Paragraph:
        """A line or paragraph in the body's letters."""
        font = self.family.bold if bold else self.family.regular
        return paragraph(words, self.family, style(font, self.page.body, self.page.leading, "left", gap))


def set_pages(
    blocks: Callable[[PlainForm], list[Flowable]], styles: Sequence[PageStyle], running: str
) -> tuple[PlainForm, list[Page]]:
    """The pages in the first style that needs one, else in the first of all; ``running``: first line of
    page 2 on."""
    tries = []
    for page in styles:
        form = PlainForm(page)
        italic = style(form.family.italic, page.note, page.leading)
        head = paragraph(running, form.family, italic)
        tries.append((form, paginate(blocks(form), page, lambda _, head=head: head)))  # type: ignore[misc]
        if len(tries[-1][1]) == 1:
            return tries[-1]
    return tries[0]
