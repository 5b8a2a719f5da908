"""The bar below: whether the draft is kept, and the ways on."""

from __future__ import annotations

from datetime import datetime

from app.clock import VIETNAM
from app.text import t
from app.ui.widgets import ActionBar, Button, Kind, Size, Tone


class ReceptionBar(ActionBar):
    """Its buttons are wired by the screen."""

    def __init__(self) -> None:
        super().__init__()
        self._narrow, self._working = False, False
        self._saved_at: datetime | None = None
        self.view = self.add_button(Button(t("Xem phiếu"), cap="Ctrl+P", size=Size.BIG))
        self.leave = self.add_button(Button(t("Để lại nháp"), cap="Esc", size=Size.BIG))
        self.next = self.add_button(Button(t("Người tiếp theo"), cap="F10", size=Size.BIG))
        self.accept = self.add_button(
            Button(t("Tiếp nhận và in phiếu"), Kind.PRIMARY, icon="printer", cap="F9", size=Size.BIG)
        )

    def show_start(self, drafts: int) -> None:
        """Nothing is open."""
        words = t("Chưa có bản nháp nào đang mở.")
        if drafts:
            words = t("{count} bản nháp đang để lại.").format(count=drafts)
        self._show(working=False)
        self.set_idle(words)

    def show_work(self) -> None:
        """A visit is open, nothing of it kept yet."""
        self._saved_at = None
        self._show(working=True)
        self.set_idle(t("Bản nháp tự lưu khi gõ."))

    def show_saved(self, at: datetime, meaning: str) -> None:
        """The draft is durable since then, and what that means."""
        self._saved_at = at
        local = at.astimezone(VIETNAM)
        if self._narrow:
            self.set_saved(t("Nháp đã lưu {at:%H:%M}").format(at=local))
        else:
            self.set_saved(t("Bản nháp đã lưu {at:%H:%M:%S}").format(at=local), meaning)

    def mean(self, meaning: str) -> None:
        """What the draft kept last means now."""
        if self._working and self._saved_at is not None:
            self.show_saved(self._saved_at, meaning)

    def show_unsaved(self, sentence: str) -> None:
        """The draft could not be kept: what is on screen stays on screen."""
        self.set_saved(t("Chưa lưu được nháp"), sentence, tone=Tone.RED, icon="warning-triangle")

    def set_together(self, count: int) -> None:
        """How many dossiers this visit has brought; from two on F10 prints their sheet."""
        self.next.set_text(t("Xong, in phiếu chung") if count > 1 else t("Người tiếp theo"))

    def set_narrow(self, narrow: bool) -> None:
        """Shorter words and one button less."""
        self._narrow = narrow
        self.leave.set_text(t("Để lại") if narrow else t("Để lại nháp"))
        self.accept.set_text(t("Tiếp nhận và in") if narrow else t("Tiếp nhận và in phiếu"))
        self._show(working=self._working)

    def _show(self, *, working: bool) -> None:
        self._working = working
        self.view.setVisible(working and self._narrow)
        self.leave.setVisible(working)
        self.next.setVisible(working and not self._narrow)
        self.accept.setEnabled(working)
