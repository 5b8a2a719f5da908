"""VietQR on the slip: the code to pay by bank transfer, and the same in words for who types it."""

from __future__ import annotations

from reportlab.platypus import Flowable, Paragraph

from app.domain.slips import TransferCode
from app.printing.codes import draw_qr, qr_quiet
from app.printing.fonts import FontFamily
from app.printing.paper import MM, PageStyle
from app.printing.typeset import markup, style
from app.text import t

_LEAST = 21 * MM
"""Side of the code: about fifty modules that a telephone reads from paper."""


class TransferBlock(Flowable):
    """The code on the left margin, its words beside it; never split."""

    def __init__(self, code: TransferCode, family: FontFamily, page: PageStyle) -> None:
        super().__init__()
        self._code, self._side = code, max(_LEAST, page.code)
        self._quiet = qr_quiet(code.payload, self._side)
        self.spaceBefore = max(page.body * 0.4, self._quiet)
        self._left = self._side + max(4.5 * MM, self._quiet + 0.3 * MM)
        bold = style(family.bold, page.note, page.leading)
        plain = style(family.regular, page.note, page.leading)
        title = Paragraph(markup(t("Nộp phí, lệ phí bằng chuyển khoản: quét mã VietQR"), family), bold)
        self._lines = [title, *(Paragraph(markup(each, family), plain) for each in _words(code))]

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:  # noqa: N803
        """Size in points."""
        self._heights = [each.wrap(aW - self._left, 1e6)[1] for each in self._lines]
        self.width, self.height = aW, max(self._side, sum(self._heights))
        return self.width, self.height

    def draw(self) -> None:
        """The words begin at the top of the code."""
        draw_qr(self.canv, self._code.payload, 0, self.height - self._side, self._side)
        y = self.height
        for each, height in zip(self._lines, self._heights, strict=True):
            y -= height
            each.drawOn(self.canv, self._left, y)


def _words(code: TransferCode) -> list[str]:
    amount = f"{code.amount_vnd:,}".replace(",", ".")
    bank = f", {code.bank}" if code.bank else ""
    return [
        t("Số tiền: {amount} đồng. Nội dung: {purpose}").format(amount=amount, purpose=code.purpose),
        t("Tài khoản: {account}{bank}").format(account=code.account, bank=bank),
        t("Chủ tài khoản: {holder}").format(holder=code.holder),
    ]
