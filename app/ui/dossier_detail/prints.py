"""What was printed, and printing it again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.clock import VIETNAM
from app.domain.dossier_status import Act
from app.services.eforms.shelf import shipped_forms
from app.services.finding.dossier_detail import DossierDetail, PrintView
from app.text import t
from app.ui.dossiers.dates import local_day, short_day
from app.ui.widgets import AmountRow, Button, Card, Kind, Label, Size, Tone, Type, px

FORM = "01"
PAPERS = {Act.REQUEST_SUPPLEMENT: "02", Act.REFUSE: "03", Act.EXTEND: "04", Act.STOP: "05"}
"""The form that states an act (DOMAIN §2)."""
_NAMES = {
    FORM: t("giấy hẹn"),
    "02": t("phiếu bổ sung"),
    "03": t("phiếu từ chối"),
    "04": t("phiếu xin lỗi"),
    "05": t("thông báo dừng"),
}
EVIDENCE = "BC"
_OWN = {"BNTKQ": t("biên nhận trả kết quả"), "NPB": t("nhãn phong bì"), EVIDENCE: t("trang bằng chứng")}
"""The counter's own papers, which bear no form's number."""
_MOST_ROWS = 2
_JOB_WORDS = {"printed": t("đã in {at}"), "failed": t("chưa in được {at}"), "kept": t("đã lưu {at}")}
_STATED = frozenset(act.value for act in PAPERS)


def paper_name(form: str) -> str:
    """``giấy hẹn (01)``, as it stands inside a sentence."""
    name = _NAMES.get(form)
    if form in _OWN:
        return _OWN[form]
    if form in {each.id for each in shipped_forms()}:
        return t("tờ khai")
    return f"{name} ({form})" if name else t("mẫu {form}").format(form=form)


class PrintsCard(Card):
    """Every printing, the latest first; ``print`` and ``look`` for the slip."""

    def __init__(self) -> None:
        super().__init__(t("Bản in"))
        self._rows = QVBoxLayout()
        self.print = Button(t("In giấy hẹn"), cap="Ctrl+P", size=Size.SMALL)
        self.look = Button(t("Xem"), Kind.LINK)
        self.look.setAccessibleName(t("Xem giấy hẹn"))
        self.eform = Button(t("Tờ khai"), Kind.LINK)
        self.evidence = Button(t("Bằng chứng"), Kind.LINK)
        self.evidence.setAccessibleName(t("In trang bằng chứng"))
        self.evidence.setToolTip(
            t("In trang bằng chứng: làm lúc nào, gửi tỉnh mấy lần, tỉnh trả lời lúc nào")
        )
        self.paper_form = ""
        self.paper = Button("", size=Size.SMALL)
        for act in (self.evidence, self.eform, self.look, self.paper, self.print):
            self.add_act(act)
        self.paper.hide()
        self.body.addLayout(self._rows)
        self.restyle()

    def set_dossier(self, dossier: DossierDetail, now: datetime) -> None:
        """Shows the printings of a dossier and which ones are next."""
        stated = [PAPERS[Act(line.act)] for line in dossier.history if line.act in _STATED]
        self.paper_form = stated[-1] if stated else ""
        self.paper.setVisible(bool(stated))
        if stated:
            self.paper.set_text(t("In phiếu {form}").format(form=stated[-1]))
            self.paper.setAccessibleName(t("In {name}").format(name=paper_name(stated[-1])))
            self.paper.setToolTip(self.paper.accessibleName())
        self._set_prints(dossier.prints, now)

    def set_busy(self, busy: bool) -> None:
        """While one sheet is on its way no other begins."""
        for button in (self.print, self.paper, self.evidence):
            button.setEnabled(not busy)

    def _set_prints(self, prints: Sequence[PrintView], now: datetime) -> None:
        slips = [job for job in prints if job.form == FORM]
        again = max((job.copy_no for job in slips), default=0)
        self.print.set_text(t("In lại lần {count}").format(count=again) if again else t("In giấy hẹn"))
        self.look.setVisible(bool(slips))
        self._clear()
        for job in reversed(prints[-_MOST_ROWS:]):
            self._rows.addWidget(_row(job, now))
        if not prints:
            self._rows.addWidget(Label(t("Chưa in bản nào."), Type.TABLE, tone=Tone.SECONDARY))

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        super().restyle()
        if hasattr(self, "_rows"):
            self._rows.setSpacing(px(2))

    def _clear(self) -> None:
        while self._rows.count():
            gone = self._rows.takeAt(0)
            widget = gone.widget() if gone is not None else None
            if widget is not None:
                widget.hide()  # a part shown later than it is taken out would flash as a window
                widget.setParent(None)
                widget.deleteLater()


def _row(job: PrintView, now: datetime) -> QWidget:
    local = job.made_at.astimezone(VIETNAM)
    today = local_day(now)
    at = f"{local:%H:%M}" if local.date() == today else short_day(local.date(), today.year)
    name = paper_name(job.form)
    name = f"{name[0].upper()}{name[1:]}"
    if job.copy_no > 1:
        name += " · " + t("in lại lần {count}").format(count=job.copy_no - 1)
    return AmountRow(name, _JOB_WORDS[job.state].format(at=at))
