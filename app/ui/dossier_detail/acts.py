"""What can be done with the dossier today, what cannot yet, and what was printed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.clock import VIETNAM
from app.services.dossier_view import DossierDetail, PrintView
from app.text import t
from app.ui.dossiers.dates import local_day, short_day
from app.ui.widgets import AmountRow, Button, Card, Divider, Kind, Label, Notice, NoticeKind, Tone, Type, px

FORM = "01"

_JOB_WORDS = {"printed": t("đã in {at}"), "failed": t("chưa in được {at}"), "kept": t("đã lưu {at}")}


class ActsCard(Card):
    """Printing the slip and moving between dossiers."""

    def __init__(self) -> None:
        super().__init__(t("Việc có thể làm"))
        self.print = Button(t("In giấy hẹn"), Kind.PRIMARY, icon="printer", cap="Ctrl+P", leading=True)
        self.look = Button(t("Xem giấy hẹn"), icon="eye", leading=True)
        self.back = Button(t("Về danh sách"), icon="back-arrow", cap="Esc", leading=True)
        self.before = Button(t("Hồ sơ trước"), icon="chevron-left", cap="Alt+←", leading=True)
        self.after = Button(t("Hồ sơ sau"), icon="chevron-right", cap="Alt+→", leading=True)
        for part in (self.print, self.look, Divider(), self.before, self.after, self.back):
            self.body.addWidget(part)

    def set_dossier(self, dossier: DossierDetail) -> None:
        """Says which printing is next."""
        slips = [job for job in dossier.prints if job.form == FORM]
        again = max((job.copy_no for job in slips), default=0)
        self.print.set_text(t("In lại lần {count}").format(count=again) if again else t("In giấy hẹn"))
        self.look.setVisible(bool(slips))

    def set_place(self, place: int, count: int, back: str) -> None:
        """What lies before and after in the list the dossier was opened from."""
        self.before.setVisible(count > 1)
        self.after.setVisible(count > 1)
        self.before.setEnabled(place > 0)
        self.after.setEnabled(place < count - 1)
        self.back.set_text(t("Về Hôm nay") if back == "today" else t("Về danh sách"))


class NextSteps(Notice):
    """The lawful next steps, and that they are not kept on this machine yet."""

    def __init__(self) -> None:
        super().__init__(NoticeKind.INFO, "")

    def set_dossier(self, dossier: DossierDetail) -> None:
        """Names the steps; hidden where the dossier is at its end."""
        self.setVisible(bool(dossier.acts))
        steps = ", ".join(act.label for act in dossier.acts)
        title = t("Bước tiếp theo chưa ghi được ở đây")
        words = t("Lúc này được phép: {steps}. Các nút đó có ở bản sau; hôm nay làm trên giấy như thường.")
        self.set_notice(NoticeKind.INFO, title, words.format(steps=steps))


class PrintsCard(Card):
    """Every printing, the latest first."""

    def __init__(self) -> None:
        super().__init__(t("Bản in"))
        self._rows = QVBoxLayout()
        self._rows.setSpacing(px(4))
        self.body.addLayout(self._rows)

    def set_prints(self, prints: Sequence[PrintView], now: datetime) -> None:
        """Shows the printings of a dossier."""
        while self._rows.count():
            gone = self._rows.takeAt(0)
            widget = gone.widget() if gone is not None else None
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        for job in reversed(prints[-4:]):
            self._rows.addWidget(_row(job, now))
        if not prints:
            self._rows.addWidget(Label(t("Chưa in bản nào."), Type.TABLE, tone=Tone.SECONDARY))


def _row(job: PrintView, now: datetime) -> QWidget:
    local = job.made_at.astimezone(VIETNAM)
    today = local_day(now)
    at = f"{local:%H:%M}" if local.date() == today else short_day(local.date(), today.year)
    name = t("Giấy hẹn (01)") if job.form == FORM else t("Mẫu {form}").format(form=job.form)
    if job.copy_no > 1:
        name += " · " + t("in lại lần {count}").format(count=job.copy_no - 1)
    return AmountRow(name, _JOB_WORDS[job.state].format(at=at))
