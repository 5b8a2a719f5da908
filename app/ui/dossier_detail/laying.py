"""Trình ký: the form of an act laid before the leader instead of being done at once."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QSizePolicy

from app.domain.roles import Permission
from app.errors import AppError
from app.services.people.approvals import LAID_BEFORE, Approval, ask_approval
from app.text import t
from app.ui.background import DOSSIERS
from app.ui.dossier_detail.act_form import ActForm
from app.ui.dossier_detail.doing import ActDoing, order_of
from app.ui.screen import Context
from app.ui.widgets import Button


class Laying(QObject):
    """Adds one button to the form, for officers who do not lead. ``laid(Approval)`` when it waits."""

    laid = Signal(object)

    def __init__(self, context: Context, form: ActForm, doing: ActDoing, owner: QObject) -> None:
        super().__init__(owner)
        self._context, self._form, self._doing = context, form, doing
        self._dossier_id = ""
        self.lay = Button(t("Trình lãnh đạo ký"), icon="pen", cap="Ctrl+S", leading=True)
        self.lay.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        form.body.addWidget(self.lay)
        self.lay.hide()
        self.lay.clicked.connect(self.ask)
        doing.opened.connect(self._offer)
        doing.busy_changed.connect(lambda busy: self.lay.setEnabled(not busy))

    def of(self, dossier_id: str) -> None:
        """The dossier now open."""
        self._dossier_id = dossier_id

    def ask(self) -> None:
        """Lays what is typed before the leader; the dossier stays as it is until he signs."""
        act, form = self._doing.act, self._form
        if act not in LAID_BEFORE or self.lay.isHidden() or not self.lay.isEnabled():
            return
        form.clear_errors()
        if not form.read():
            return
        desk, by, dossier_id = self._context.runtime.desk, self._context.officer, self._dossier_id
        values = form.values()
        self.lay.setEnabled(False)
        self._context.background.run(
            lambda: ask_approval(desk, by, dossier_id, order_of(desk, act, values)),
            self._done,
            self._refused,
            owner=self,
            changes=frozenset({DOSSIERS}),
        )

    def _offer(self) -> None:
        leads = self._context.officer.may(Permission.OVERRIDE)
        self.lay.setVisible(self._doing.act in LAID_BEFORE and not leads)

    def _done(self, waits: Approval) -> None:
        self.lay.setEnabled(True)
        self._doing.leave()
        self.laid.emit(waits)

    def _refused(self, error: AppError) -> None:
        self.lay.setEnabled(True)
        self._form.say(error)
