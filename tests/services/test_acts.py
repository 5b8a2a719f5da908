"""Acts after reception: what they change, and what they refuse."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.dossier_status import Status
from app.errors import NotFoundError, RuleError
from app.services.demo import acts
from app.services.finding.dossier_view import show_dossier
from app.services.intake.reception import receive_dossier
from tests.support.desk import MONDAY, birth, make_desk, officer

HOUR = timedelta(hours=1)


def test_a_life_from_reception_to_return(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    by = officer(desk)
    made = receive_dossier(desk, by, birth(received_at=MONDAY))
    assert acts.perform(desk, by, made.id, acts.start, MONDAY) is Status.PROCESSING
    assert acts.perform(desk, by, made.id, acts.complete, MONDAY + HOUR) is Status.COMPLETED
    assert (
        acts.perform(desk, by, made.id, acts.hand_over("Ma Thị Hường"), MONDAY + 2 * HOUR) is Status.RETURNED
    )
    shown = show_dossier(desk, by, made.id).as_contract()
    assert shown["status"] == 10
    assert [line["act"] for line in shown["history"]] == ["accept", "start", "complete", "return"]
    assert shown["ended_at"] == "2026-11-23T10:00:00+07:00"
    assert shown["returned_at"] == "2026-11-23T11:00:00+07:00"


def test_each_supplement_request_counts(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    by = officer(desk)
    made = receive_dossier(desk, by, birth(received_at=MONDAY))
    ask = acts.request_supplement("Bổ sung giấy chứng sinh")
    assert acts.perform(desk, by, made.id, ask, MONDAY) is Status.SUPPLEMENT_REQUESTED
    with pytest.raises(RuleError, match="illegal-transition"):
        acts.perform(desk, by, made.id, ask, MONDAY)
    assert acts.perform(desk, by, made.id, acts.stop("Quá thời hạn bổ sung"), MONDAY) is Status.STOPPED


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        (acts.hand_over("Ai đó"), "illegal-transition"),
        (acts.request_supplement("  "), "reason-missing"),
        (acts.withdraw(""), "reason-missing"),
        (acts.request_fee([]), "no-fee"),
    ],
)
def test_what_is_refused_changes_nothing(tmp_path: Path, plan: acts.Plan, code: str) -> None:
    desk = make_desk(tmp_path)
    by = officer(desk)
    made = receive_dossier(desk, by, birth(received_at=MONDAY))
    before = show_dossier(desk, by, made.id, audited=False)
    with pytest.raises(RuleError, match=code):
        acts.perform(desk, by, made.id, plan, MONDAY)
    assert show_dossier(desk, by, made.id, audited=False) == before


def test_no_act_before_the_one_before_it(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    by = officer(desk)
    made = receive_dossier(desk, by, birth(received_at=MONDAY))
    acts.perform(desk, by, made.id, acts.start, MONDAY + HOUR)
    with pytest.raises(RuleError, match="act-before-last"):
        acts.perform(desk, by, made.id, acts.complete, MONDAY)


def test_roles_and_unknown_dossiers(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    made = receive_dossier(desk, officer(desk), birth())
    with pytest.raises(RuleError, match="not-permitted"):
        acts.perform(desk, officer(desk, "quantri"), made.id, acts.start)
    with pytest.raises(NotFoundError, match="no-dossier"):
        acts.perform(desk, officer(desk), "nope", acts.start)
