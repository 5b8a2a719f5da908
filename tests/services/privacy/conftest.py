"""A desk, its officers, one dossier and one help case of the same citizen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.clock import FixedClock
from app.domain.account_help import ConsentPurpose
from app.domain.roles import Officer
from app.services.desk import Desk
from app.services.drafts import new_draft_id, save_draft
from app.services.help.account_help import Case, open_case
from app.services.intake.reception import Received, receive_dossier
from tests.support.desk import HUONG, MONDAY, birth, make_desk, officer


@dataclass(frozen=True)
class House:
    """Where the tests live."""

    desk: Desk
    clock: FixedClock
    canbo: Officer
    lanhdao: Officer
    quantri: Officer
    dossier: Received
    case: Case
    draft_id: str


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    clock = FixedClock(MONDAY)
    desk = make_desk(tmp_path, clock)
    canbo = officer(desk)
    received = receive_dossier(desk, canbo, birth())
    both = (ConsentPurpose.TRACKING, ConsentPurpose.CONTACT)
    case = open_case(desk, canbo, HUONG, "0900000123", both)
    draft_id = new_draft_id()
    save_draft(desk, canbo, draft_id, "reception", "name", {"person": {"id_value": "008198 000000"}})
    yield House(
        desk, clock, canbo, officer(desk, "lanhdao"), officer(desk, "quantri"), received, case, draft_id
    )
    desk.close()
