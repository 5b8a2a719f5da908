"""Notices: the grave ones first, each until an officer has seen it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from app.domain.roles import Role
from app.errors import RuleError
from app.models import tables
from app.services.desk import Desk
from app.services.from_province.notices import mark_seen, unseen_notices
from tests.support.desk import MONDAY, make_desk, officer


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make_desk(tmp_path)
    yield made
    made.close()


def test_grave_first_seen_once_and_noted_once(desk: Desk) -> None:
    with desk.store.write() as connection:
        for severity in ("info", "warning", "error", "urgent"):
            connection.execute(insert(tables.notice).values(at=MONDAY, severity=severity, body=severity))
    by = officer(desk)
    told = unseen_notices(desk, by)
    assert [each.body for each in told] == ["error", "urgent", "warning", "info"]
    for _ in range(2):
        mark_seen(desk, by, told[0].id)
    assert [each.body for each in unseen_notices(desk, by)] == ["urgent", "warning", "info"]
    with desk.store.read() as connection:
        a = tables.audit.c
        count = connection.execute(select(func.count()).where(a.act == "notice_seen")).scalar_one()
    assert count == 1


def test_who_may(desk: Desk) -> None:
    stranger = replace(officer(desk), role=Role.AUDITOR)
    with pytest.raises(RuleError):
        unseen_notices(desk, stranger)
    with pytest.raises(RuleError):
        mark_seen(desk, stranger, 1)
