"""Phiếu số thứ tự: an 80 mm roll, the number large, cut short."""

from __future__ import annotations

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from app.clock import VIETNAM
from app.domain.queue_slip import QueueSlip
from app.printing.document import finish, new_canvas
from app.printing.fonts import sans
from app.printing.paper import MM
from app.text import t

WIDTH, HEIGHT = 80 * MM, 70 * MM
_MARGIN = 5 * MM
_LEAST = 7.0


def draw_queue_ticket(slip: QueueSlip) -> bytes:
    """The ticket as PDF; the same ticket always gives the same bytes.

    Raises ``StorageError`` ``no-paper-font``.
    """
    family = sans()
    canvas = new_canvas((WIDTH, HEIGHT), t("Phiếu số thứ tự"), family.regular, slip.taken_at)
    local = slip.taken_at.astimezone(VIETNAM)
    ahead = t("Có {count} người chờ trước").format(count=slip.ahead) if slip.ahead else t("Mời vào quầy ngay")
    sample = t("Số mẫu – không có giá trị") if slip.demo else ""
    for words, font, size, top in (
        (slip.office, family.bold, 10.5, 9),
        (t("Số thứ tự của bạn"), family.regular, 11, 17),
        (slip.number, family.bold, 64, 40),
        (t("Số ưu tiên") if slip.priority else slip.lane, family.bold, 11, 48),
        (ahead, family.regular, 11, 54),
        (f"{local:%H:%M} {local:%d/%m/%Y}", family.regular, 10, 60),
        (sample, family.regular, 8, 65),
    ):
        _centre(canvas, words, font, size, HEIGHT - top * MM)
    canvas.showPage()
    return finish(canvas)


def _centre(canvas: Canvas, words: str, font: str, size: float, baseline: float) -> None:
    """One line in the middle, set smaller where it would not fit, then cut."""
    room = WIDTH - 2 * _MARGIN
    while size > _LEAST and stringWidth(words, font, size) > room:
        size -= 0.5
    while words and stringWidth(words, font, size) > room:
        words = words[:-2].rstrip() + "…"
    canvas.setFont(font, size)
    canvas.drawCentredString(WIDTH / 2, baseline, words)
