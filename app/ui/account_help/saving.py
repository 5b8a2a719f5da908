"""What the worker does for account help: look up, draw the card, save and make the paper."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtGui import QImage

from app.domain.account_help import ConsentPurpose, HelpState, Obstacle, require_help_step
from app.domain.roles import Officer
from app.domain.secret_guard import refuse_secrets
from app.errors import RuleError
from app.services.desk import Desk
from app.services.help import account_help as service
from app.services.help.account_help import Case
from app.services.papers.slips import MadePaper
from app.text import t
from app.ui.account_help.visit import ALREADY_DONE, Visit, is_unsaved, shown_case, steps_to
from app.ui.printer import page_images

_DOTS = 840
"""Dots across the card on screen, for a preview of 300 px at up to 275 %."""


@dataclass(frozen=True)
class Saved:
    """``paper`` is ``None`` where nothing may be kept: the card is printed and forgotten."""

    case: Case
    pdf: bytes
    paper: MadePaper | None


def save_visit(desk: Desk, by: Officer, visit: Visit) -> Saved:
    """Store what consent allows, then draw the card; checked as a whole before anything is written."""
    _check(visit)
    case = _write(desk, by, visit) if is_unsaved(visit) else visit.case
    assert case is not None
    on_card = shown_case(replace(visit, case=case), desk.clock.now())
    if case.id is None:
        return Saved(case, service.card_pdf(desk, by, on_card), None)
    paper = service.make_card(desk, by, on_card)
    return Saved(case, paper.pdf, paper)


def card_pages(desk: Desk, by: Officer, visit: Visit) -> list[QImage]:
    """The card as it would be printed now."""
    case = shown_case(visit, desk.clock.now())
    return page_images(service.card_pdf(desk, by, case), _DOTS)


def _check(visit: Visit) -> None:
    refuse_secrets(visit.note, "note")
    way = steps_to(visit.kept_state, visit.outcome)
    if not way:
        raise RuleError(
            "help-step",
            t("Chưa chuyển thẳng đến kết quả này được."),
            t("Chọn lại kết quả hôm nay."),
            field="state",
        )
    before = way[-2] if len(way) > 1 else visit.kept_state
    if visit.kept_state is not visit.outcome or not (visit.case and visit.case.ended):
        require_help_step(before, visit.outcome, visit.obstacles, visit.note)


def _write(desk: Desk, by: Officer, visit: Visit) -> Case:
    case = visit.case
    if case is None or case.id is None:
        if case is not None and not visit.ticked:
            return case
        assert visit.person is not None
        case = service.open_case(desk, by, visit.person, visit.phone, tuple(visit.ticked))
    else:
        for purpose in visit.ticked:
            case = service.give_consent(
                desk, by, visit.case_id or "", purpose, person=visit.person, phone=visit.phone
            )
    if case.id is None:
        return case
    if case.tracked:
        return _steps(desk, by, case, visit)
    if case.has(ConsentPurpose.REMINDER) and visit.next_visit != case.next_visit:
        return service.step_case(desk, by, case.id, case.state, next_visit=visit.next_visit)
    return case


def _steps(desk: Desk, by: Officer, case: Case, visit: Visit) -> Case:
    """Each step on the way to where the citizen stands today; those before it say that they were done."""
    assert case.id is not None
    *passed, last = steps_to(case.state, visit.outcome)
    for state in passed:
        case = service.step_case(desk, by, case.id, state, note=t(ALREADY_DONE))
    fresh = visit.case is None and last is HelpState.REGISTERED
    chosen = tuple(each for each in Obstacle if each in visit.obstacles)
    if fresh and not (chosen or visit.note.strip() or visit.next_visit):
        return case
    return service.step_case(desk, by, case.id or "", last, chosen, visit.note, visit.next_visit)
