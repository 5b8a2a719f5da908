"""What a screen is to the window around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.domain.roles import Officer

if TYPE_CHECKING:
    from app.ui.background import Background
    from app.ui.ports import Runtime
    from app.ui.printer import Printer


@dataclass(frozen=True)
class Context:
    """What every screen is handed: the runtime, who acts, the workers, the printer."""

    runtime: Runtime
    officer: Officer
    background: Background
    printer: Printer


@dataclass(frozen=True)
class KeyAct:
    """An act behind a key of the window (F1…F10, Ctrl+P …), offered while the screen is shown."""

    key: str
    call: Callable[[], None]
    words: str = ""


@dataclass(frozen=True)
class Destination:
    """Where to go: a screen's name and what to open there (a dossier id, a search text, a card)."""

    screen: str
    argument: object = None
    extra: dict[str, object] = field(default_factory=dict)


class Screen(QWidget):
    """One screen: content and, where it has one, an action bar at the bottom.

    Subclasses set ``name`` and ``title`` and keep long work on ``context.background``.
    """

    name: str = ""
    title: str = ""

    subtitle_changed = Signal(str)
    """Words beside the title."""
    status_changed = Signal(list)
    """Words of the status bar at the bottom, most important first."""
    shut_for = Signal(object)
    """A ``KeyOrder``: the store is to be closed for it and opened again."""
    go = Signal(object)
    """A ``Destination``."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context

    def shown(self, argument: object) -> None:
        """The screen has become visible; ``argument`` is what it is asked to open, or ``None``."""

    def hidden(self) -> None:
        """Another screen is shown now; nothing typed may be lost."""

    def locked(self) -> None:
        """The lock comes down over this screen: what is typed stays, what was told once goes."""

    def reload(self, kinds: frozenset[str]) -> None:
        """Things of these kinds changed (``background.DOSSIERS`` …); called only while visible."""

    def keys(self) -> tuple[KeyAct, ...]:
        """Acts of this screen behind keys of the window."""
        return ()

    def take_card(self, text: str) -> bool:
        """A card was scanned while this screen is shown; ``False`` lets the window open a new dossier."""
        return False

    def set_narrow(self, narrow: bool) -> None:
        """The window is below 1200 px wide or 600 px high (DESIGN "Narrow"), or no longer."""

    def first_focus(self) -> QWidget | None:
        """Where typing goes when the screen is shown."""
        return None
