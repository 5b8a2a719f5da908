"""The certified-copy lane: fee by rule, numbers without gaps, one commit."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from app.domain.dossier_status import Act, Status
from app.errors import RuleError, StorageError
from app.models import tables
from app.protocol.ids import new_id
from app.services.certify import CopyJob, certify
from app.services.life import ActOrder, do_act
from tests.support.desk import HUONG, make_desk, officer


@pytest.fixture
def desk(tmp_path):
    desk = make_desk(tmp_path)
    yield desk
    desk.close()


def job(**changes):
    return replace(CopyJob(new_id(), HUONG, "Bằng tốt nghiệp", 3, 2), **changes)


def test_fee_number_and_paper(desk):
    made = certify(desk, officer(desk), job())
    assert made.fee_vnd == 10000
    assert made.register_no == "1/SCT02/2026"
    with desk.store.read() as connection:
        dossier = connection.execute(select(tables.dossier)).mappings().one()
        papers = connection.execute(select(tables.component.c.name)).scalars().all()
    assert dossier["fee_total"] == 10000
    assert "Bằng tốt nghiệp" in papers


def test_twenty_jobs_run_without_a_gap_and_end_the_same_day(desk):
    by = officer(desk)
    made = [certify(desk, by, job(pages=n, copies=1)) for n in range(1, 21)]
    assert [each.register_no for each in made] == [f"{n}/SCT02/2026" for n in range(1, 21)]
    for each in made:
        do_act(desk, by, each.number, ActOrder(Act.COMPLETE))
        assert do_act(desk, by, each.number, ActOrder(Act.RETURN)).status is Status.RETURNED


def test_the_same_request_is_one_job(desk):
    one = job()
    first, second = certify(desk, officer(desk), one), certify(desk, officer(desk), one)
    assert first == second


def test_a_refused_job_uses_no_number(desk, monkeypatch):
    by = officer(desk)
    for wrong in (job(pages=0), job(copies=0), job(paper="  "), job(owner=replace(HUONG, name=""))):
        with pytest.raises(RuleError):
            certify(desk, by, wrong)
    from app import failpoints

    monkeypatch.setattr(failpoints, "_name", "before_commit")
    monkeypatch.setattr(failpoints, "_action", "fail")
    monkeypatch.setattr(failpoints, "_left", 1)
    with pytest.raises(StorageError):
        certify(desk, by, job())
    assert certify(desk, by, job()).register_no == "1/SCT02/2026"


def test_role(desk):
    with pytest.raises(RuleError):
        certify(desk, officer(desk, "quantri"), job())
