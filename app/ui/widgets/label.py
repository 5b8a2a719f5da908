"""Plain words on a surface, in a role and a tone."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import ceil

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QResizeEvent, QTextDocument
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.ui.widgets.look import Type, current, font, metrics, overshoot, px
from app.ui.widgets.paint import LEFT, RIGHT, draw_text
from app.ui.widgets.tokens import Tone

_TALL = 1 << 20


class Label(QLabel):
    """Text. ``wrap`` breaks lines, ``elide`` cuts with "…" and keeps the whole as a tooltip."""

    def __init__(
        self,
        text: str = "",
        role: Type = Type.BODY,
        *,
        tone: Tone = Tone.TEXT,
        semibold: bool = False,
        wrap: bool = False,
        elide: bool = False,
        right: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._role, self._tone, self._semibold, self._elide = role, tone, semibold, elide
        self._parts: tuple[tuple[str, bool], ...] = ()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        self.setAlignment(RIGHT if right else LEFT)
        if elide:
            self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        elif not wrap:
            self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setText(text)
        self.restyle()

    def set_tone(self, tone: Tone) -> None:
        """Changes the colour by meaning."""
        self._tone = tone
        self.restyle()

    def set_semibold(self, semibold: bool) -> None:
        """Changes the weight."""
        self._semibold = semibold
        self.restyle()

    def set_parts(self, parts: Sequence[tuple[str, bool]]) -> None:
        """Text of several pieces, each with whether it is semibold; nothing in it is read as markup."""
        self.setTextFormat(Qt.TextFormat.RichText)
        pieces = (f'<span style="font-weight:600">{escape(p)}</span>' if s else escape(p) for p, s in parts)
        self.setText("".join(pieces))

    def elides(self) -> bool:
        """Whether the text may be cut with "…"."""
        return self._elide

    def restyle(self) -> None:
        """Takes font and colour of the look now worn."""
        self.setFont(font(self._role, self._semibold))
        self.setContentsMargins(0, overshoot(self._role, self._semibold), 0, 0)
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, current().of(self._tone))
        self.setPalette(palette)
        if self.wordWrap():
            self._hold_height()
        else:
            self.setMinimumHeight(self._line_height())

    def _line_height(self) -> int:
        return metrics(self._role, self._semibold).height() + overshoot(self._role, self._semibold)

    def sizeHint(self) -> QSize:
        if self._elide:
            return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 1, self._line_height())
        natural = super().sizeHint()
        if self.wordWrap():
            return QSize(natural.width(), self.heightForWidth(natural.width()))
        return QSize(natural.width(), self._line_height())

    def minimumSizeHint(self) -> QSize:
        if self._elide:
            return QSize(px(24), self._line_height())
        if self.wordWrap():
            return QSize(super().minimumSizeHint().width(), self._line_height())
        return self.sizeHint()

    def heightForWidth(self, width: int) -> int:
        """What the words need there. Qt would never give less than the height held at the width before, so
        that a text once narrow stayed tall for ever."""
        if not self.wordWrap():
            return super().heightForWidth(width)
        margins = self.contentsMargins()
        aside, above = margins.left() + margins.right(), margins.top() + margins.bottom()
        return self._words_height(max(0, width - aside)) + above

    def _words_height(self, width: int) -> int:
        if self.textFormat() is Qt.TextFormat.RichText:
            document = QTextDocument()
            document.setDefaultFont(self.font())
            document.setDocumentMargin(0)
            document.setHtml(self.text())
            document.setTextWidth(width)
            return ceil(document.size().height())
        room = QRect(0, 0, width, _TALL)
        flags = int(self.alignment() | Qt.TextFlag.TextWordWrap)
        return self.fontMetrics().boundingRect(room, flags, self.text()).height()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.textFormat() is Qt.TextFormat.RichText:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        colour = current().of(self._tone)
        box = QRectF(self.contentsRect())
        if self._elide:
            cut = draw_text(painter, box, self.text(), self.font(), colour, self.alignment())
            self.setToolTip(self.text() if cut else "")
            return
        wrap = Qt.TextFlag.TextWordWrap if self.wordWrap() else Qt.TextFlag(0)
        painter.setFont(self.font())
        painter.setPen(colour)
        painter.drawText(box, int(self.alignment() | wrap | Qt.TextFlag.TextDontClip), self.text())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._hold_height()

    def setText(self, text: str) -> None:
        super().setText(text)
        self._hold_height()

    def _hold_height(self) -> None:
        """A wrapped text keeps the height its width needs: layouts guess it wrong and would cut lines."""
        if self.wordWrap() and self.width() > 0:
            needed = self.heightForWidth(self.width()) if self.text() else 0
            if needed != self.minimumHeight():
                self.setMinimumHeight(max(0, needed))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()
