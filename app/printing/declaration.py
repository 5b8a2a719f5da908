"""A statutory declaration for signing by hand, laid out after NĐ 30/2020, in the order of the form."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from reportlab.platypus import Flowable, Paragraph

from app.domain.eform.form import FieldType
from app.domain.eform.paper import DeclarationPaper, PaperField, PaperSection
from app.printing.declaration_parts import (
    Boxes,
    StateHead,
    addressee,
    place_line,
    section_title,
    shared_line,
)
from app.printing.document import draw_page, finish, new_canvas
from app.printing.flow import Page, Together, paginate
from app.printing.fonts import FontFamily, serif
from app.printing.official_page import Signatures, draw_marks, title_blocks
from app.printing.paper import A4_STYLE, MM, PageStyle
from app.printing.typeset import Align, blank, field, literal, markup, style

_CLOSE = replace(A4_STYLE, gap=1.0, leading=1.15, body=12.5, sign_room=17 * MM)
_DENSE = replace(
    A4_STYLE, top=15 * MM, bottom=15 * MM, gap=0.6, leading=1.12, body=12, date=12, sign_room=15 * MM
)
_STYLES = (A4_STYLE, _CLOSE, _DENSE)
"""Tried in turn before a second page is taken; never below 12 points."""


def draw_declaration(paper: DeclarationPaper, made_at: datetime | None) -> bytes:
    """The declaration as PDF; the same data always gives the same bytes.

    Raises ``StorageError`` ``no-paper-font``.
    """
    family = serif()
    page_style, pages = _set(paper, family)
    size = (page_style.width, page_style.height)
    canvas = new_canvas(size, literal(paper.title, family), family.regular, made_at)
    for page_no, page in enumerate(pages, start=1):
        draw_page(canvas, page)
        draw_marks(canvas, page_style, family, page_no=page_no, copy_no=paper.copy_no, demo=paper.demo)
        canvas.showPage()
    return finish(canvas)


def _set(paper: DeclarationPaper, family: FontFamily) -> tuple[PageStyle, list[Page]]:
    """The pages in the widest style that needs but one, else in the widest of all."""
    tries = []
    for page in _STYLES:
        tries.append((page, paginate(_Sheet(paper, family, page).blocks(), page)))
        if len(tries[-1][1]) == 1:
            return tries[-1]
    return tries[0]


class _Sheet:
    """One declaration about to be set."""

    def __init__(self, paper: DeclarationPaper, family: FontFamily, page: PageStyle) -> None:
        self._paper, self._family, self._page = paper, family, page

    def blocks(self) -> list[Flowable]:
        """Head, addressee, sections; place, date and signatures at the end, never torn apart."""
        paper, family, page = self._paper, self._family, self._page
        made: list[Flowable] = [StateHead(family, page), *title_blocks(paper.title, family, page)]
        made.append(addressee(paper.addressee, family, page))
        for section in paper.sections:
            made += self._section(section)
        end = self._end()
        return [*made, Together(end)] if end else made

    def _section(self, section: PaperSection) -> list[Flowable]:
        lines: list[list[PaperField]] = []
        for each in section.fields:
            if each.type is FieldType.WET_SIGNATURE:
                continue
            if (each.same_line and lines and _is_line(lines[-1][0]) and _is_line(each)) or (
                each.type is FieldType.INT and each.same_line and lines and _is_boxes(lines[-1][0])
            ):
                lines[-1].append(each)
            else:
                lines.append([each])
        blocks = [self._line(line) for line in lines]
        if not section.title or not blocks:
            return blocks
        head = section_title(section.title, self._family, self._page)
        return [Together([head, blocks[0]]), *blocks[1:]]

    def _line(self, fields: list[PaperField]) -> Flowable:
        first, family, page = fields[0], self._family, self._page
        if _is_boxes(first):
            return Boxes(first, fields[1:], family, page)
        if first.type is FieldType.DECLARATION:
            how = style(family.regular, page.body, page.leading, "justify", page.gap + 3)
            return Paragraph(f"{markup(first.label, family)}.", how)
        if len(fields) > 1:
            return shared_line(fields, family, page)
        if not literal(first.words, family):
            how = style(family.regular, page.body, page.leading, "left", page.gap)
            return blank(first.label, family, how, page.inner_width)
        even: Align = "left" if first.type is FieldType.ID_DOCUMENT else "justify"
        how = style(family.regular, page.body, page.leading, even, page.gap)
        return field(first.label, first.words, family, how, bold=first.bold)

    def _end(self) -> list[Flowable]:
        paper, family, page = self._paper, self._family, self._page
        signers = [
            _signer(each, section)
            for section in paper.sections
            for each in section.fields
            if each.type is FieldType.WET_SIGNATURE
        ]
        end: list[Flowable] = []
        if paper.place_label:
            end.append(place_line(paper, family, page))
        if signers:
            wide = [("", "", ""), *signers] if len(signers) == 1 else signers
            end.append(Signatures(wide, family, page))
        return end


def _is_boxes(each: PaperField) -> bool:
    return each.type is FieldType.BOOL


def _is_line(each: PaperField) -> bool:
    return each.type not in (FieldType.BOOL, FieldType.DECLARATION, FieldType.WET_SIGNATURE)


def _signer(each: PaperField, section: PaperSection) -> tuple[str, str, str]:
    """Title, hint and no name: the label's words in brackets are the hint, its section names who signs."""
    title, _, hint = each.label.partition("(")
    if hint:
        return title.strip(), f"({hint[:1].upper()}{hint[1:]}", ""
    return section.title, f"({each.label})", ""
