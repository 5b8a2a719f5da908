"""What the tests of the parts share: a dressed application, painting to an image, keys."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.ui.theme import set_up_look
from app.ui.widgets import Mode


def dressed() -> QApplication:
    """The application in light colours at 100 %."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    set_up_look(app, mode=Mode.LIGHT)
    return app


def shown(widget: QWidget, width: int = 400, height: int | None = None) -> QWidget:
    """The widget on the screen, active, without focus."""
    widget.resize(width, height if height is not None else max(1, widget.sizeHint().height()))
    widget.show()
    widget.activateWindow()
    QTest.qWait(0)
    return widget


def painted(widget: QWidget) -> QImage:
    """The widget as it paints itself."""
    image = QImage(widget.size(), QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    widget.render(image, QPoint())
    return image


def press(widget: QWidget, *keys: Qt.Key | str) -> None:
    """Presses keys one after the other; a string is typed letter by letter (ASCII only)."""
    for key in keys:
        if isinstance(key, str):
            QTest.keyClicks(widget, key)
        else:
            QTest.keyClick(widget, key)


def count_of(image: QImage, colour: QColor, tolerance: int = 6) -> int:
    """How many pixels have this colour."""
    found = 0
    for y in range(image.height()):
        for x in range(image.width()):
            seen = image.pixelColor(x, y)
            gap = (seen.red() - colour.red(), seen.green() - colour.green(), seen.blue() - colour.blue())
            found += max(map(abs, gap)) <= tolerance
    return found
