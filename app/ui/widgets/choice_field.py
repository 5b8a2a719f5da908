"""Choosing one of a few, and finding one of many by typing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.widgets.field import FieldFrame
from app.ui.widgets.icons import IconView, draw_icon
from app.ui.widgets.input_box import InputBox, LineEdit
from app.ui.widgets.look import Type, current, font, metrics, px
from app.ui.widgets.paint import LEFT, RIGHT, draw_text
from app.ui.widgets.popup_list import Choice, PopupList
from app.ui.widgets.tokens import Tone


class _Shown(QWidget):
    """The chosen title with its grey detail and the chevron; takes the focus and the keys."""

    pressed = Signal()
    focus_changed = Signal(bool)
    key_pressed = Signal(QKeyEvent)

    def __init__(self) -> None:
        super().__init__()
        self.choice: Choice | None = None
        self.placeholder = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def sizeHint(self) -> QSize:
        text = self.choice.title if self.choice else self.placeholder
        return QSize(metrics().horizontalAdvance(text) + px(40), metrics().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(px(80), metrics().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, tokens = QPainter(self), current()
        box = QRectF(self.rect())
        side = px(18)
        draw_icon(
            painter, QRectF(box.right() - side, box.y(), side, box.height()), "chevron-down", tokens.secondary
        )
        right = box.right() - side - px(8)
        if self.choice is not None and self.choice.detail:
            width = metrics(Type.LABEL).horizontalAdvance(self.choice.detail) + 1
            room = right - metrics().horizontalAdvance(self.choice.title) - px(12)
            if width <= room:
                grey = QRectF(right - width, box.y(), width, box.height())
                draw_text(painter, grey, self.choice.detail, font(Type.LABEL), tokens.secondary, RIGHT)
                right -= width + px(12)
        text = self.choice.title if self.choice else self.placeholder
        ink = tokens.text if self.choice and self.isEnabled() else tokens.placeholder
        cut = draw_text(painter, QRectF(0, 0, right, box.height()), text, font(), ink, LEFT)
        self.setToolTip(text if cut else "")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.pressed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()
        self.key_pressed.emit(event)
        if not event.isAccepted():
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_changed.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focus_changed.emit(False)


class ChoiceField(FieldFrame):
    """One of a few given choices. Space, F4 or Alt+Down opens the list, arrows change, a letter jumps.

    ``changed(str)`` carries the key chosen by the officer; ``entered()`` is Enter on the closed field.
    """

    changed = Signal(str)
    entered = Signal()

    def __init__(
        self,
        label: str,
        choices: Sequence[Choice] = (),
        *,
        icon: str = "",
        placeholder: str = "",
        hint: str = "",
        parent: QWidget | None = None,
    ) -> None:
        self._shown = _Shown()
        super().__init__(label, InputBox(self._shown, icon=icon), hint=hint, parent=parent)
        self.box.setCursor(Qt.CursorShape.PointingHandCursor)
        self.box.setFocusProxy(self._shown)
        self._shown.placeholder = placeholder
        self._shown.focus_changed.connect(self.box.set_focused)
        self._shown.focus_changed.connect(self._on_focus)
        self._shown.pressed.connect(self._open_or_close)
        self._shown.key_pressed.connect(self._on_key)
        self._choices: tuple[Choice, ...] = ()
        self._popup: PopupList | None = None
        self.set_choices(choices)

    def set_choices(self, choices: Sequence[Choice]) -> None:
        """Offers other choices; the one chosen stays if it is among them."""
        self._choices = tuple(choices)
        self.set_value(self.value())

    def value(self) -> str | None:
        """The key chosen, or None."""
        return self._shown.choice.key if self._shown.choice else None

    def set_value(self, key: str | None) -> None:
        """Shows a choice without announcing it; an unknown key shows none."""
        self._shown.choice = next((c for c in self._choices if c.key == key), None)
        name = self._shown.choice.title if self._shown.choice else ""
        self._shown.setAccessibleDescription(name)
        self._shown.update()

    def popup(self) -> PopupList:
        """The list, made at its first use."""
        if self._popup is None:
            self._popup = PopupList(self.box)
            self._popup.chosen.connect(self._choose)
        return self._popup

    def _open_or_close(self) -> None:
        if self.popup().isVisible():
            self.popup().hide()
        else:
            self.popup().show_choices(self._choices, self.value())

    def _on_focus(self, focused: bool) -> None:
        if not focused and self._popup is not None:
            self._popup.hide()

    def _choose(self, key: str) -> None:
        self.set_value(key)
        self.set_error(None)
        self.changed.emit(key)

    def _step(self, by: int) -> None:
        keys = [c.key for c in self._choices]
        if keys:
            here = keys.index(self.value() or "") if self.value() in keys else -1 if by > 0 else 0
            there = min(len(keys) - 1, max(0, here + by))
            if keys[there] != self.value():
                self._choose(keys[there])

    def _on_key(self, event: QKeyEvent) -> None:
        event.accept()
        if self._popup is not None and self._popup.take_key(event):
            return
        key, alt = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if key == Qt.Key.Key_Space or (alt and key == Qt.Key.Key_Down):
            self._open_or_close()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._step(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif not (event.text().isprintable() and event.text() and self._jump(event.text())):
            event.ignore()

    def _jump(self, letter: str) -> bool:
        for choice in self._choices:
            if choice.title.casefold().startswith(letter.casefold()):
                self._choose(choice.key)
                return True
        return False


class SearchField(FieldFrame):
    """Finds one of many: typing asks ``find`` and shows its choices in a list below the text.

    ``find(text)`` answers at once (or call ``offer`` later with what came from the worker and let ``find``
    return None). ``chosen(str)`` carries the key taken by Enter or click; ``edited(str)`` each change;
    ``entered()`` is Enter when nothing is offered.
    """

    chosen = Signal(str)
    edited = Signal(str)
    entered = Signal()

    def __init__(
        self,
        label: str,
        find: Callable[[str], Sequence[Choice] | None],
        *,
        icon: str = "search",
        placeholder: str = "",
        hint: str = "",
        cap: str = "",
        height: int = 36,
        pause_ms: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        self.line = LineEdit()
        super().__init__(
            label, InputBox(self.line, icon=icon, cap=cap, height=height), hint=hint, parent=parent
        )
        self.line.setPlaceholderText(placeholder)
        if not label:
            self.line.setAccessibleName(placeholder)
        self.box.add(_chevron())
        self._find = find
        self._value: Choice | None = None
        self._popup: PopupList | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(pause_ms)
        self._pause.timeout.connect(self._ask)
        self.line.textEdited.connect(self._on_edit)
        self.line.returnPressed.connect(self.entered)
        self.line.focus_changed.connect(self._on_focus)

    def value(self) -> str | None:
        """The key taken, or None while the text is only typed."""
        return self._value.key if self._value else None

    def text(self) -> str:
        """What is typed."""
        return self.line.text()

    def set_choice(self, choice: Choice | None) -> None:
        """Shows a choice as taken without announcing it."""
        self._value = choice
        self.line.setText(choice.title if choice else "")
        self.set_unit(choice.detail if choice else "")
        self.set_error(None)

    def clear(self) -> None:
        """Empties text and choice."""
        self.set_choice(None)

    def popup(self) -> PopupList:
        """The list, made at its first use."""
        if self._popup is None:
            self._popup = PopupList(self.box)
            self._popup.chosen.connect(self._take)
            self.line.take_keys(self._popup)
        return self._popup

    def offer(self, choices: Sequence[Choice]) -> None:
        """Shows the answers to what is typed; nothing when the focus has gone."""
        if self.line.hasFocus():
            self.popup().show_choices(choices)

    def _on_edit(self, text: str) -> None:
        self._value = None
        self.set_unit("")
        self.set_error(None)
        self.edited.emit(text)
        if self._pause.interval():
            self._pause.start()
        else:
            self._ask()

    def _ask(self) -> None:
        text = self.line.text()
        if not text.strip():
            self.popup().hide()
            return
        found = self._find(text)
        if found is not None:
            self.offer(found)

    def _take(self, key: str) -> None:
        self.set_choice(next(c for c in self.popup().choices() if c.key == key))
        self.chosen.emit(key)

    def _on_focus(self, focused: bool) -> None:
        if not focused and self._popup is not None:
            self._popup.hide()


def _chevron() -> IconView:
    return IconView("chevron-down", tone=Tone.SECONDARY, size=18)
