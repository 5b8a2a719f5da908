"""Acts of a dossier's life from the screen: ask what is needed, do it once, say what came of it.

What was typed into a form is kept for its dossier and act until the act is done.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.domain.dossier_status import Act
from app.domain.typed_date import parse_typed_date
from app.errors import AppError, RuleError
from app.services.desk import Desk
from app.services.finding.dossier_detail import DossierDetail
from app.services.life import ActDone, ActOrder, ResultPaper, do_act, warning_before
from app.services.papers.slip_words import money
from app.text import t
from app.ui.background import DOSSIERS, OUTBOX
from app.ui.dossier_detail.act_form import ActForm
from app.ui.dossier_detail.act_specs import (
    AMOUNT,
    DUE,
    FILE,
    ITEMS,
    REASON,
    RESULT,
    SIGNER,
    SPECS,
    UNIT,
    act_title,
)
from app.ui.dossier_detail.amount import parse_amount, show_amount
from app.ui.dossier_detail.offers import last_items
from app.ui.dossiers.dates import local_day
from app.ui.screen import Context
from app.ui.widgets import Choice

_MOST_UNITS = 8


@dataclass
class _Typed:
    values: dict[str, str] = field(default_factory=dict)
    unit: Choice | None = None


class ActDoing(QObject):
    """``opened()`` and ``closed()`` of the form; ``busy_changed(bool)`` around the work;
    ``happened(Act, ActDone)``; ``refused(AppError)`` for an act that has no form."""

    opened = Signal()
    closed = Signal()
    busy_changed = Signal(bool)
    happened = Signal(object, object)
    refused = Signal(object)

    def __init__(self, context: Context, form: ActForm, owner: QObject) -> None:
        super().__init__(owner)
        self._context, self._form = context, form
        self._typed: dict[tuple[str, Act], _Typed] = {}
        self._dossier: DossierDetail | None = None
        self._act: Act | None = None
        self._busy = self._on_its_way = False
        form.asked.connect(self.do)
        form.left.connect(self.leave)
        form.typed.connect(self._keep)
        form.unit.chosen.connect(lambda _key: self._keep())
        form.unit_sought.connect(self._seek_units)

    @property
    def act(self) -> Act | None:
        """The act whose form is open."""
        return self._act

    def begin(self, dossier: DossierDetail, act: Act) -> None:
        """Opens the form, or does at once what asks for nothing."""
        if self._busy:
            return
        self._dossier = dossier
        spec = SPECS[act]
        if spec.at_once:
            self._run(dossier, ActOrder(act), {})
            return
        self._act = act
        typed = self._typed.get((dossier.id, act))
        values = typed.values if typed else _first_values(dossier, act)
        warning = "" if typed else warning_before(act, dossier.supplement_rounds)
        self._form.ask(act_title(act, dossier.status), _who(dossier, act), spec, values, warning)
        if typed:
            self._form.set_unit_choice(typed.unit)
        if act is Act.RETURN and dossier.unpaid_vnd:
            self._form.tell(
                t("Còn {amount} đ chưa thu").format(amount=money(dossier.unpaid_vnd)),
                t("Ghi thu tiền trước nếu công dân nộp hôm nay."),
            )
        self.opened.emit()
        self._form.take_focus()

    def leave(self) -> None:
        """Back to the acts; what was typed stays for the next time."""
        if self._act is not None:
            self._act = None
            self.closed.emit()

    def do(self) -> None:
        """The act of the open form; a second press while it is on its way does nothing."""
        dossier, act, form = self._dossier, self._act, self._form
        if dossier is None or act is None or self._busy or form.do.isHidden():
            return
        form.clear_errors()
        if form.read():
            values = form.values()
            if UNIT in values:
                values[UNIT] = form.unit_code()
            self._run(dossier, ActOrder(act), values)

    def settle(self) -> None:
        """The dossier stands on screen as it is stored: acts may be chosen again."""
        if not self._on_its_way:
            self._set_busy(False)

    def _run(self, dossier: DossierDetail, order: ActOrder, values: dict[str, str]) -> None:
        desk, by = self._context.runtime.desk, self._context.officer
        self._on_its_way = True
        self._set_busy(True)
        self._context.background.run(
            lambda: do_act(desk, by, dossier.id, order_of(desk, order.act, values)),
            lambda done: self._done(dossier, order.act, done),
            self._failed,
            owner=self,
            changes=frozenset({DOSSIERS, OUTBOX}),
        )

    def _done(self, dossier: DossierDetail, act: Act, done: ActDone) -> None:
        self._on_its_way = False
        self._typed.pop((dossier.id, act), None)
        if self._act is not None:
            self._act = None
            self.closed.emit()
        self.happened.emit(act, done)
        self._context.background.hurry()

    def _failed(self, error: AppError) -> None:
        self._on_its_way = False
        self._set_busy(False)
        if self._act is None:
            self.refused.emit(error)
        else:
            self._form.say(_kinder(error))

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self.busy_changed.emit(busy)
        self._form.set_busy(busy)

    def _keep(self) -> None:
        if self._dossier is not None and self._act is not None:
            key = (self._dossier.id, self._act)
            self._typed[key] = _Typed(self._form.values(), self._form.chosen_unit())

    def _seek_units(self, text: str) -> None:
        units, profile = self._context.runtime.desk.reference, self._context.runtime.desk.profile

        def find() -> list[Choice]:
            home = profile.unit_code
            province = units.units.get(home)
            hits = units.units.find(text, 2 * _MOST_UNITS, home=province.province_code if province else "")
            found = {hit.unit.code: hit.unit for hit in hits if hit.unit.code != home}
            return [Choice(unit.code, unit.name, unit.province_name) for unit in found.values()][:_MOST_UNITS]

        self._context.background.run(find, self._form.offer_units, owner=self, latest="units")


def day_parser(desk: Desk) -> Callable[[str], date]:
    """Reads a due date against today."""

    def parse(text: str) -> date:
        return parse_typed_date(text, local_day(desk.clock.now()), DUE)

    return parse


def _kinder(error: AppError) -> AppError:
    """The same failure in the words of this screen."""
    if error.code == "components-missing":
        return RuleError(error.code, error.title, t("Hồ sơ giữ nguyên. Đủ giấy tờ rồi bấm lại."))
    if error.code == "number-agency":
        return RuleError(
            error.code, t("Chưa chọn đơn vị nhận."), t("Gõ tên rồi chọn trong danh sách."), field=UNIT
        )
    return error


def _first_values(dossier: DossierDetail, act: Act) -> dict[str, str]:
    if act is Act.PAY and dossier.unpaid_vnd:
        return {AMOUNT: show_amount(dossier.unpaid_vnd)}
    if act is Act.SUPPLEMENT:
        return {ITEMS: "\n".join(last_items(dossier))}
    return {}


def _who(dossier: DossierDetail, act: Act) -> str:
    if act is not Act.RETURN:
        return ""
    submitter = next((party for party in dossier.parties if party.role != "owner"), dossier.owner)
    return t("Người nhận: {name}").format(name=submitter.name)


def _file(typed: str) -> Path | None:
    """The file named; quotes that a file manager puts around a copied path are not part of it."""
    path = typed.strip().strip('"')
    return Path(path) if path else None


def order_of(desk: Desk, act: Act, values: dict[str, str]) -> ActOrder:
    """Read on the worker; a wrong date or amount is a ``RuleError`` with its field."""
    now = desk.clock.now()
    due, amount = values.get(DUE, "").strip(), values.get(AMOUNT, "").strip()
    day = parse_typed_date(due, local_day(now), DUE) if due else None
    return ActOrder(
        act,
        reason=" ".join(values.get(REASON, "").split()),
        due_at=desk.reference.calendar.closing(day) if day else None,
        items=tuple(line for line in values.get(ITEMS, "").splitlines() if line.strip()),
        result_no=values.get(RESULT, ""),
        result=ResultPaper(signer=values.get(SIGNER, ""), file=_file(values.get(FILE, ""))),
        amount_vnd=parse_amount(amount) if amount else None,
        to_unit=values.get(UNIT, ""),
    )
