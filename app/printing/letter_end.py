"""End of a signed letter (NĐ 30/2020): "Nơi nhận" on the left, signer and room for a stamp on the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reportlab.platypus import Flowable, Paragraph

from app.printing.fonts import FontFamily
from app.printing.official_page import Signatures
from app.printing.paper import MM, PageStyle
from app.printing.typeset import markup, style

_STAMP = 10 * MM
"""A round stamp takes more height than a signature alone."""
_HEADING, _LIST = 12, 11
"""Type sizes of "Nơi nhận" and of its lines."""


class LetterEnd(Flowable):
    """Who gets the letter, and who signs it. An empty name leaves the room for one."""

    def __init__(
        self,
        recipients: tuple[str, Sequence[str]],
        signer: tuple[str, str, str],
        family: FontFamily,
        page: PageStyle,
    ) -> None:
        super().__init__()
        self.spaceBefore = page.body
        title, lines = recipients
        heading = style(family.bold_italic, _HEADING, page.leading)
        plain = style(family.regular, _LIST, page.leading)
        self._left = [Paragraph(f"{markup(title, family)}:", heading)]
        self._left += [Paragraph(f"- {markup(each, family)}", plain) for each in lines]
        self._right = Signatures([signer], family, replace(page, sign_room=page.sign_room + _STAMP))

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:  # noqa: N803
        """Size in points."""
        half = aW / 2
        self._heights = [part.wrap(half - 4 * MM, 1e6)[1] for part in self._left]
        right = self._right.wrap(half, 1e6)[1]
        self.width, self.height = aW, max(sum(self._heights), right)
        return self.width, self.height

    def draw(self) -> None:
        """Both begin at the same height."""
        y = self.height
        for part, height in zip(self._left, self._heights, strict=True):
            y -= height
            part.drawOn(self.canv, 0, y)
        self._right.drawOn(self.canv, self.width / 2, self.height - self._right.height)
