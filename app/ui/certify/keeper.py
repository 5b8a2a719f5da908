"""Keeps the lane's form as a draft: soon after each key, at once when the screen is left."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from app.services.drafts import save_draft
from app.ui.background import DRAFTS
from app.ui.certify.form import Form, body_of
from app.ui.certify.work import SCREEN
from app.ui.screen import Context

PAUSE_MS = 200


class Keeper(QObject):
    """``saved(datetime)`` once the draft is durable; ``failed(AppError)`` when it could not be kept.

    ``look`` gives the form and the box that is typed in.
    """

    saved = Signal(object)
    failed = Signal(object)

    def __init__(self, context: Context, look: Callable[[], tuple[Form, str]], parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._look = context, look
        self._kept: tuple[Form, str] | None = None
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
        desk, by = self._context.runtime.desk, self._context.officer
        self._context.background.run(
            partial(save_draft, desk, by, form.request_id, SCREEN, focus, body_of(form)),
            self.saved.emit,
            self._on_failed,
            owner=self,
            changes=frozenset({DRAFTS}),
            latest=f"draft {form.request_id}",
        )

    def forget(self) -> None:
        """The form is being stored or is gone: nothing of it is saved any more."""
        self._timer.stop()
        self._kept = None

    def _on_failed(self, error: object) -> None:
        self._kept = None
        self.failed.emit(error)
