"""Sheets and measures: NĐ 30/2020 on A4, the same layout in proportion on A5. Lengths are points."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

MM = 72 / 25.4
A4 = (210 * MM, 297 * MM)
A5 = (148 * MM, 210 * MM)


class Paper(StrEnum):
    """What the printer is given."""

    A5_TWO_UP = "a5_two_up"
    """Two true A5 copies side by side on one landscape A4 sheet."""
    A5 = "a5"
    A4 = "a4"


@dataclass(frozen=True)
class PageStyle:
    """Measures of one page of an official paper; type sizes follow NĐ 30/2020, appendix I."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    national: float
    motto: float
    agency: float
    date: float
    title: float
    body: float
    table: float
    note: float
    leading: float
    """Line pitch as a multiple of the type size."""
    gap: float
    """Space between two lines of a form."""
    sign_room: float
    """Height left for a signature."""
    code: float
    """Side of the QR code's dark square."""

    @property
    def inner_width(self) -> float:
        """Width between the margins."""
        return self.width - self.left - self.right

    @property
    def inner_height(self) -> float:
        """Height between the margins."""
        return self.height - self.top - self.bottom


A4_STYLE = PageStyle(
    *A4,
    left=30 * MM,
    right=17 * MM,
    top=20 * MM,
    bottom=20 * MM,
    national=12,
    motto=13,
    agency=12,
    date=13,
    title=14,
    body=13,
    table=12,
    note=11,
    leading=1.22,
    gap=2.2,
    sign_room=20 * MM,
    code=25 * MM,
)
A4_CLOSE = replace(A4_STYLE, gap=0.8, leading=1.15, sign_room=18 * MM, table=11.5)
A5_STYLE = PageStyle(
    *A5,
    left=12 * MM,
    right=10 * MM,
    top=12 * MM,
    bottom=8 * MM,
    national=9,
    motto=9.5,
    agency=9,
    date=9.5,
    title=12,
    body=10,
    table=9,
    note=8.5,
    leading=1.2,
    gap=1.6,
    sign_room=14 * MM,
    code=20 * MM,
)
A5_CLOSE = replace(A5_STYLE, gap=0.9, leading=1.17, sign_room=12 * MM)
A5_DENSE = replace(
    A5_CLOSE,
    bottom=7 * MM,
    title=11.5,
    body=9.5,
    date=9,
    table=8.5,
    note=8,
    leading=1.15,
    gap=0.4,
    sign_room=11 * MM,
    code=19 * MM,
)
"""Tried in turn before a second page is taken: the same paper set closer, never below 8 points."""
