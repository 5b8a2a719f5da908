"""The bar below: whether the draft is kept, and the ways on."""

from __future__ import annotations

from datetime import datetime

from app.clock import VIETNAM
from app.errors import AppError
from app.services.papers.slip_words import money
from app.services.returning.view import ReturnView
from app.text import t
from app.ui.returning.typed import ONLINE, POST
from app.ui.widgets import ActionBar, Button, Kind, Size, Tone


class ReturningBar(ActionBar):
    """Its buttons are wired by the screen."""

    def __init__(self) -> None:
        super().__init__()
        self._narrow = False
        self._may = False
        self.leave = self.add_button(Button(t("Để lại"), cap="Esc", size=Size.BIG))
        self.next = self.add_button(Button(t("Người tiếp theo"), cap="F10", size=Size.BIG))
        self.give = self.add_button(
            Button(t("Trả và in biên nhận"), Kind.PRIMARY, icon="tray-up", cap="F8", size=Size.BIG)
        )

    def show_start(self, count: int) -> None:
        """Nothing is open."""
        for button in (self.leave, self.next, self.give):
            button.hide()
        self.set_idle(t("{count} kết quả đang chờ công dân đến nhận.").format(count=money(count)))

    def show_work(self, view: ReturnView, way: str) -> None:
        """A dossier is open."""
        self._may = view.blocked is None
        self.leave.show()
        self.next.setVisible(not self._narrow)
        self.give.setVisible(self._may)
        words = {POST: t("Giữ để giao bưu chính"), ONLINE: t("Ghi đã trả điện tử")}
        self.give.set_text(words.get(way, t("Trả và in biên nhận")))
        self.set_idle(t("Phần đã gõ tự lưu.") if self._may else t("Chưa trả được, xem lý do ở trên."))

    def show_saved(self, at: object) -> None:
        """The draft is durable since then."""
        if isinstance(at, datetime):
            local = at.astimezone(VIETNAM)
            self.set_saved(t("Nháp đã lưu {at:%H:%M:%S}").format(at=local))

    def show_unsaved(self, error: AppError) -> None:
        """The draft could not be kept: what is on screen stays on screen."""
        self.set_saved(t("Chưa lưu được nháp"), error.title, tone=Tone.RED, icon="warning-triangle")

    def set_busy(self, busy: bool) -> None:
        """While one act is on its way no other begins."""
        for button in (self.give, self.next, self.leave):
            button.setEnabled(not busy)

    def set_narrow(self, narrow: bool) -> None:
        """One button less."""
        self._narrow = narrow
        self.next.setVisible(not narrow and not self.leave.isHidden())
