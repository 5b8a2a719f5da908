"""Keeps the declaration as a draft: soon after each change, at once when a field is left."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from app.services.eforms.declarations import EformOpen, save_eform_draft
from app.ui.background import DRAFTS
from app.ui.screen import Context

PAUSE_MS = 200


class EformKeeper(QObject):
    """``saved(datetime)`` once the draft is durable; ``failed(AppError)`` when it could not be kept."""

    saved = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        context: Context,
        look: Callable[[], tuple[EformOpen | None, dict[str, object], str]],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._context, self._look = context, look
        self._kept: tuple[dict[str, object], str] | None = None
        self._timer = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._timer.timeout.connect(self.save)

    def begin(self) -> None:
        """A form as it was opened: nothing to keep until something is typed."""
        self._timer.stop()
        _, raw, focus = self._look()
        self._kept = (raw, focus)

    def changed(self) -> None:
        """Something was typed: keep it soon. Typing on does not put it off."""
        if not self._timer.isActive():
            self._timer.start()

    def save(self) -> None:
        """Keep the form now, if it holds anything new."""
        self._timer.stop()
        opened, raw, focus = self._look()
        if opened is None or self._kept is None or raw == self._kept[0]:
            return
        self._kept = (raw, focus)
        work = partial(
            save_eform_draft, self._context.runtime.desk, self._context.officer, opened, raw, focus
        )
        self._context.background.run(
            work,
            self.saved.emit,
            self._on_failed,
            owner=self,
            changes=frozenset({DRAFTS}),
            latest="eform-draft",
        )

    def forget(self) -> None:
        """The declaration is stored: nothing more of this draft is saved."""
        self._timer.stop()
        self._kept = None

    def _on_failed(self, error: object) -> None:
        self._kept = None if self._kept is None else ({}, "")
        self.failed.emit(error)
