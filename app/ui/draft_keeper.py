"""Keeps what a screen's form holds as a draft: soon after each change, at once when a field is left."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Generic, Protocol, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from app.services.drafts import save_draft
from app.ui.background import DRAFTS
from app.ui.screen import Context

PAUSE_MS = 200
"""At most this long between a key and the order to keep it (issue: ≤ 300 ms)."""


class Draftable(Protocol):
    """A form that can be kept; two that are equal hold the same."""

    @property
    def request_id(self) -> str:
        """The draft's own id."""

    @property
    def is_blank(self) -> bool:
        """Nothing is typed yet, so nothing is kept."""


FormT = TypeVar("FormT", bound=Draftable)


class DraftKeeper(QObject, Generic[FormT]):
    """``saved(datetime)`` once the draft is durable; ``failed(AppError)`` when it could not be kept.

    ``screen``: whose drafts they are; ``look`` gives the form and the field that is typed in, ``body_of``
    what is stored of it.
    """

    saved = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        context: Context,
        screen: str,
        look: Callable[[], tuple[FormT, str]],
        body_of: Callable[[FormT], dict[str, Any]],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._context, self._screen = context, screen
        self._look, self._body_of = look, body_of
        self._kept: tuple[FormT, str] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self.save)

    def changed(self) -> None:
        """Something was typed: keep it soon. Typing on does not put it off."""
        if not self._timer.isActive():
            self._timer.start()

    def save(self) -> None:
        """Keep the form now, if it holds anything new."""
        self._timer.stop()
        form, focus = self._look()
        if form.is_blank or (form, focus) == self._kept:
            return
        self._kept = (form, focus)
        work = partial(
            save_draft,
            self._context.runtime.desk,
            self._context.officer,
            form.request_id,
            self._screen,
            focus,
            self._body_of(form),
        )
        self._context.background.run(
            work,
            self.saved.emit,
            self._on_failed,
            owner=self,
            changes=frozenset({DRAFTS}),
            latest=f"draft {form.request_id}",
        )

    def forget(self) -> None:
        """The form is gone (stored, or another is opened): nothing of it is saved any more."""
        self._timer.stop()
        self._kept = None

    def _on_failed(self, error: object) -> None:
        self._kept = None
        self.failed.emit(error)
