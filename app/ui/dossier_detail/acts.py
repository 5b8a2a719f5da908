"""What can be done with the dossier today, what cannot yet, and what was printed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.clock import VIETNAM
from app.domain.dossier_status import Act
from app.services.dossier_view import DossierDetail, PrintView
from app.text import t
from app.ui.dossiers.dates import local_day, short_day
from app.ui.widgets import AmountRow, Button, Card, Kind, Label, Notice, NoticeKind, Size, Tone, Type, px

FORM = "01"

_NATURAL = (Act.ACCEPT, Act.START, Act.SUPPLEMENT, Act.COMPLETE, Act.RETURN, Act.PAY)
"""What comes next in the ordinary course; a payment only where nothing else goes on."""

_JOB_WORDS = {"printed": t("đã in {at}"), "failed": t("chưa in được {at}"), "kept": t("đã lưu {at}")}


class ActsCard(Card):
    """Printing the slip, and the way back."""

    def __init__(self) -> None:
        super().__init__(t("Việc có thể làm"))
        self.print = Button(t("In giấy hẹn"), Kind.PRIMARY, icon="printer", cap="Ctrl+P", leading=True)
        self.look = Button(t("Xem giấy hẹn"), icon="eye", leading=True)
        self.back = Button(t("Về danh sách"), icon="back-arrow", cap="Esc", leading=True)
        for part in (self.print, self.look, self.back):
            self.body.addWidget(part)

    def set_dossier(self, dossier: DossierDetail) -> None:
        """Says which printing is next."""
        slips = [job for job in dossier.prints if job.form == FORM]
        again = max((job.copy_no for job in slips), default=0)
        self.print.set_text(t("In lại lần {count}").format(count=again) if again else t("In giấy hẹn"))
        self.look.setVisible(bool(slips))

    def set_back(self, back: str) -> None:
        """Where Esc leads."""
        self.back.set_text(t("Về Hôm nay") if back == "today" else t("Về danh sách"))


class Neighbours(QWidget):
    """The dossiers before and after in the list this one was opened from."""

    def __init__(self) -> None:
        super().__init__()
        self.before = Button(t("Trước"), cap="Alt+←", size=Size.SMALL)
        self.after = Button(t("Sau"), cap="Alt+→", size=Size.SMALL)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self.before)
        self._row.addWidget(self.after)
        self._row.addStretch(1)
        self.restyle()

    def set_place(self, place: int, count: int) -> None:
        """Where this dossier stands; hidden where it was not opened from a list."""
        self.setVisible(count > 1)
        self.before.setEnabled(place > 0)
        self.after.setEnabled(place < count - 1)

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        self._row.setSpacing(px(8))


class NextStep(Notice):
    """The natural next step, and that it is not kept on this machine yet."""

    def __init__(self) -> None:
        super().__init__(NoticeKind.INFO, "")

    def set_dossier(self, dossier: DossierDetail) -> None:
        """Names the step; hidden where there is none for this officer."""
        step = next((act for act in _NATURAL if act in dossier.acts), None)
        self.setVisible(step is not None)
        if step is not None:
            title = t("Bước tiếp theo: {step}").format(step=step.label)
            words = t("Ghi bước này trên máy sẽ có ở bản sau; hôm nay làm trên giấy như thường lệ.")
            self.set_notice(NoticeKind.INFO, title, words)


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
                widget.hide()  # a part shown later than it is taken out would flash as a window
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
