"""Finds what Qt hides: parts that leave their parent, cross each other, or are too small for their words."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QAbstractItemView, QAbstractScrollArea, QLabel, QScrollBar, QWidget

from app.ui.widgets import Button, Chip, Label, SegmentedChoice, StateBadge, StateText, StatusLight

_WHOLE_WORDS = (Button, Chip, StateBadge, StateText, StatusLight, SegmentedChoice)


def find_overlaps(widget: QWidget) -> list[str]:
    """Every fault below ``widget``, in words; empty when all is well.

    No visible child leaves its parent's rectangle or crosses a sibling; none is lower or narrower than it
    can be; no label that does not elide is narrower or lower than its text. Parts named "overlay" lie over
    others on purpose; what scrolls may be larger than its window.
    """
    faults: list[str] = []
    _look(widget, faults)
    return faults


def _look(parent: QWidget, faults: list[str]) -> None:
    children = [child for child in parent.children() if isinstance(child, QWidget) and _counts(child, parent)]
    scrolls = isinstance(parent.parentWidget(), QAbstractScrollArea)
    for place, child in enumerate(children):
        if not scrolls and not isinstance(parent, QAbstractScrollArea):
            _check_inside(child, parent, faults)
            for other in children[place + 1 :]:
                _check_apart(child, other, faults)
        _check_room(child, faults)
        if not isinstance(child, QAbstractItemView):
            _look(child, faults)


def _counts(child: QWidget, parent: QWidget) -> bool:
    if child.isWindow() or not child.isVisibleTo(parent) or child.objectName() == "overlay":
        return False
    return not isinstance(child, QScrollBar) and not child.geometry().isEmpty()


def _check_inside(child: QWidget, parent: QWidget, faults: list[str]) -> None:
    if not parent.rect().contains(child.geometry()):
        faults.append(f"{_name(child)} {_box(child.geometry())} leaves {_name(parent)} {_box(parent.rect())}")


def _check_apart(one: QWidget, other: QWidget, faults: list[str]) -> None:
    common = one.geometry().intersected(other.geometry())
    if not common.isEmpty():
        faults.append(f"{_name(one)} crosses {_name(other)} in {_box(common)}")


def _check_room(child: QWidget, faults: list[str]) -> None:
    least = child.minimumSizeHint()
    height = max(least.height(), child.minimumHeight())
    if child.height() < height <= child.maximumHeight():
        faults.append(f"{_name(child)} is {child.height()} high and needs {height}")
    if isinstance(child, _WHOLE_WORDS) and child.width() < child.minimumSizeHint().width():
        faults.append(f"{_name(child)} is {child.width()} wide and needs {child.minimumSizeHint().width()}")
    if isinstance(child, QLabel):
        _check_label(child, faults)


def _check_label(label: QLabel, faults: list[str]) -> None:
    if not label.text() or (isinstance(label, Label) and label.elides()):
        return
    if label.wordWrap():
        if label.height() < label.heightForWidth(label.width()):
            needed = label.heightForWidth(label.width())
            faults.append(f"{_name(label)} is {label.height()} high and its lines need {needed}")
    elif label.width() < label.sizeHint().width() - 1:
        faults.append(f"{_name(label)} is {label.width()} wide and its text needs {label.sizeHint().width()}")


def _name(widget: QWidget) -> str:
    words = widget.accessibleName() or (widget.text() if isinstance(widget, QLabel) else "")
    return f"{type(widget).__name__}({words[:40]!r})"


def _box(rect: QRect) -> str:
    return f"[{rect.x()},{rect.y()} {rect.width()}×{rect.height()}]"
