"""The table of terms at work: what is past its term goes, what is not stays, counts alone are written."""

from __future__ import annotations

import errno
import os
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select, update

from app.clock import VIETNAM
from app.domain.privacy import How, Term, Unit
from app.errors import NotFoundError, RuleError, StorageError
from app.models import tables
from app.models.counter_tables import queue_ticket
from app.models.life_tables import guidance
from app.services.help.account_help import show_case
from app.services.intake.guidance import GuidanceOrder, give_guidance, new_request
from app.services.papers.slips import ERASED, kept_paper, make_slip, note_printed
from app.services.privacy.past_term import LETTING_GO
from app.services.privacy.retention import (
    AT_ONCE,
    RetentionRun,
    last_run,
    retention_table,
    run_retention,
    run_when_due,
)
from app.services.privacy.terms import set_term, terms, unset_term
from app.services.queue.numbers import draw, switch_queue
from app.services.safety.check import check_desk
from tests.services.privacy.conftest import House
from tests.support.desk import ENVIRON, HUONG

BASIS = "Quyết định của UBND xã"


def years_later(house: House, days: int) -> None:
    house.clock.advance(timedelta(days=days))


def run(house: House) -> RetentionRun:
    return run_retention(house.desk, house.quantri)


def rows(house: House, table: object) -> int:
    with house.desk.store.read() as connection:
        return len(connection.execute(select(table)).all())  # type: ignore[call-overload]


def test_every_kind_that_a_run_lets_go_of_has_its_rule(house):
    told = {line.id for line in terms(house.desk).keep if line.how is How.RUN}
    assert told == set(LETTING_GO)


def test_what_no_law_and_no_program_sets_is_empty(house):
    now = terms(house.desk)
    unset = {line.id for line in now.keep if line.term is None}
    assert unset == {"guidance", "prints", "requests", "dossiers", "audit"}
    assert {line.id for line in now.answer if line.term is None} == {
        "access",
        "correction",
        "erasure",
        "restriction",
    }
    assert all(line.checked or line.term is None or not line.by_office for line in now.keep)


def test_a_fresh_desk_lets_nothing_go(house):
    assert run(house).counts == {}
    assert rows(house, tables.draft) == 1


def test_a_draft_goes_after_its_term_and_not_before(house):
    years_later(house, 30)
    assert run(house).counts == {}
    years_later(house, 1)
    table = {line.kept.id: line.past for line in retention_table(house.desk, house.quantri)}
    assert table["drafts"] == 1
    assert rows(house, tables.draft) == 1, "looking changes nothing"
    assert run(house).counts == {"drafts": 1}
    assert rows(house, tables.draft) == 0


def test_a_help_case_goes_when_its_consent_has_run_out(house):
    years_later(house, 366)
    assert run(house).counts["help_cases"] == 1
    assert show_case(house.desk, house.canbo, house.case.id).name is None


def test_only_so_many_go_at_once_and_the_rest_the_next_time(house):
    moment = house.clock.now()
    many = [
        {
            "id": f"d{n:05}",
            "screen": "x",
            "officer_id": house.canbo.id,
            "saved_at": moment,
            "focus": "",
            "body": {},
        }
        for n in range(AT_ONCE + 7)
    ]
    with house.desk.store.write() as connection:
        connection.execute(insert(tables.draft), many)
    years_later(house, 31)
    done = run(house)
    assert (done.counts, done.left) == ({"drafts": AT_ONCE}, {"drafts": 8})
    assert run(house).counts == {"drafts": 8}


def test_numbers_of_the_queue_go_and_todays_stays(house):
    switch_queue(house.desk, house.quantri, True)
    draw(house.desk, house.canbo)
    years_later(house, 400)
    draw(house.desk, house.canbo)
    assert run(house).counts["queue_tickets"] == 1
    assert rows(house, queue_ticket) == 1


def test_a_guidance_slip_loses_who_it_was_for_once_the_office_sets_a_term(house):
    order = GuidanceOrder(new_request(), "1.001193", (), "Mang giấy chứng sinh", "Ma Thị Hường", "0900000123")
    give_guidance(house.desk, house.canbo, order)
    years_later(house, 4000)
    assert "guidance" not in run(house).counts
    set_term(house.desk, house.lanhdao, "guidance", 6, "months", BASIS)
    assert run(house).counts == {"guidance": 1}
    with house.desk.store.read() as connection:
        row = connection.execute(select(guidance)).mappings().one()
    assert (row["person"], row["phone"], row["words"]) == ("", "", "Mang giấy chứng sinh")


def test_a_kept_paper_goes_with_its_bytes_and_nothing_calls_it_damage(house, tmp_path):
    paper = make_slip(house.desk, house.canbo, house.dossier.id)
    waiting = make_slip(house.desk, house.canbo, house.dossier.id)
    note_printed(house.desk, house.canbo, paper.job_id, "khay", ok=True)
    note_printed(house.desk, house.canbo, waiting.job_id, "", ok=False)
    set_term(house.desk, house.lanhdao, "prints", 24, "months", BASIS)
    years_later(house, 800)
    place = house.desk.files.place_of(paper.sha256)
    assert place.exists()
    assert run(house).counts["prints"] == 1
    assert not place.exists()
    assert house.desk.files.has(waiting.sha256), "what still waits for the printer stays"
    with pytest.raises(NotFoundError) as told:
        kept_paper(house.desk, house.canbo, paper.job_id)
    assert told.value.code == "paper-let-go"
    assert run(house).counts == {}
    house.desk.store.dispose()
    assert check_desk(house.desk.folder, ENVIRON).problems == ()


def test_bytes_that_stayed_on_the_disk_go_at_the_next_run(house, monkeypatch):
    """A file in use, or a power cut between the row and the bytes; also one of an older program."""
    paper = make_slip(house.desk, house.canbo, house.dossier.id)
    older = make_slip(house.desk, house.canbo, house.dossier.id)
    with house.desk.store.write() as connection:
        c = tables.stored_file.c
        connection.execute(update(tables.stored_file).where(c.sha256 == older.sha256).values(purpose=ERASED))
    set_term(house.desk, house.lanhdao, "prints", 24, "months", BASIS)
    years_later(house, 800)
    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", _in_use)
        done = run(house)
    assert (done.counts["prints"], done.left["prints"]) == (1, 2)
    assert house.desk.files.has(paper.sha256)
    done = run(house)
    assert ("prints" in done.counts, "prints" in done.left) == (False, False)
    assert not house.desk.files.has(paper.sha256)
    assert not house.desk.files.has(older.sha256)


def _in_use(path: Path, missing_ok: bool = False) -> None:
    raise PermissionError(errno.EACCES, "in use")


def test_what_a_run_took_before_it_died_is_told_by_the_audit(house, monkeypatch):
    years_later(house, 31)
    with monkeypatch.context() as patched:
        patched.setattr("app.services.privacy.retention.forget_deleted", _in_use)
        with pytest.raises(StorageError):
            run(house)
    assert rows(house, tables.draft) == 0
    with house.desk.store.read() as connection:
        c = tables.audit.c
        told = connection.execute(select(c.record_id).where(c.act == "let_go")).scalars().all()
    assert told == ["drafts:1"]


def test_old_logs_and_leftovers_go_and_nobody_elses_files(house):
    logs, scratch = house.desk.folder / "logs", house.desk.folder / "scratch"
    for folder in (logs, scratch, scratch / "backup-x", scratch / "mine"):
        folder.mkdir(exist_ok=True)
    old = [logs / "crash-1.json", logs / "window.log.3", scratch / "backup-x", scratch / "mine"]
    fresh = logs / "window.log"
    for path in (old[0], old[1], fresh):
        path.write_text("{}")
    stamp = (house.clock.at - timedelta(days=100)).timestamp()
    for path in old:
        os.utime(path, (stamp, stamp))
    os.utime(fresh, (house.clock.at.timestamp(),) * 2)
    done = run(house)
    assert (done.counts["logs"], done.counts["leftovers"]) == (2, 1)
    assert sorted(path.name for path in logs.iterdir()) == ["window.log"]
    assert [path.name for path in scratch.iterdir()] == ["mine"]


def test_an_answered_request_loses_its_person_and_a_restriction_that_holds_does_not(house):
    from app.domain.privacy import Decision, RequestKind
    from app.services.privacy.requests import RequestOrder, decide_request, list_requests, record_request

    for kind in (RequestKind.ACCESS, RequestKind.RESTRICTION):
        made = record_request(
            house.desk, house.canbo, RequestOrder(kind, HUONG.name, HUONG.id_value or "", "Theo đơn")
        )
        decide_request(house.desk, house.lanhdao, made.id, Decision.GRANTED, "Đã làm")
    set_term(house.desk, house.quantri, "requests", 12, "months", BASIS)
    years_later(house, 400)
    assert run(house).counts["requests"] == 1
    names = {line.kind: line.name for line in list_requests(house.desk, house.canbo)}
    assert names == {RequestKind.ACCESS: "", RequestKind.RESTRICTION: HUONG.name}


def test_counts_alone_stand_in_the_audit(house):
    years_later(house, 31)
    run(house)
    c = tables.audit.c
    with house.desk.store.read() as connection:
        written = connection.execute(
            select(c.record_kind, c.record_id, c.fields).where(c.act == "let_go")
        ).all()
    assert [tuple(row) for row in written] == [("retention", "drafts:1", [])]
    last = last_run(house.desk)
    assert last is not None and last.counts == {"drafts": 1}


def test_the_program_runs_it_once_a_day(house):
    assert run_when_due(house.desk) is not None
    assert run_when_due(house.desk) is None
    house.clock.at = house.clock.at.astimezone(VIETNAM).replace(hour=23, minute=59)
    assert run_when_due(house.desk) is None
    house.clock.advance(timedelta(minutes=2))
    assert run_when_due(house.desk) is not None


def test_the_office_sets_a_term_with_its_basis_and_takes_it_back(house):
    changed = set_term(house.desk, house.quantri, "drafts", 7, "days", BASIS).kept("drafts")
    assert (changed.term, changed.basis, changed.by_office) == (Term(7, Unit.DAYS), BASIS, True)
    assert unset_term(house.desk, house.quantri, "drafts").kept("drafts").term == Term(30, Unit.DAYS)
    set_term(house.desk, house.quantri, "help_cases", 6, "months", BASIS)
    assert terms(house.desk).kept("help_cases").term == Term(6, Unit.MONTHS)


@pytest.mark.parametrize(
    ("kind", "count", "unit", "basis", "code"),
    [
        ("dossiers", 12, "months", BASIS, "term-unknown"),
        ("audit", 12, "months", BASIS, "term-unknown"),
        ("backups", 12, "months", BASIS, "term-unknown"),
        ("nothing", 12, "months", BASIS, "term-unknown"),
        ("drafts", 0, "days", BASIS, "term-range"),
        ("drafts", 5, "years", BASIS, "term-range"),
        ("drafts", 5, "working_days", BASIS, "term-range"),
        ("help_cases", 30, "days", BASIS, "term-range"),
        ("help_cases", 121, "months", BASIS, "term-range"),
        ("drafts", 5, "days", " ", "basis-missing"),
        ("drafts", 5, "days", "x" * 301, "basis-long"),
    ],
)
def test_a_term_that_makes_no_sense_is_refused(house, kind, count, unit, basis, code):
    with pytest.raises(RuleError) as told:
        set_term(house.desk, house.quantri, kind, count, unit, basis)
    assert told.value.code == code
    assert not any(line.by_office for line in terms(house.desk).keep)


def test_a_spoiled_setting_of_the_office_sets_nothing(house):
    from app.services.desk import write_setting
    from app.services.privacy.terms import SETTING

    for odd in ([1], {"drafts": {"count": -5, "unit": "days"}}, {"drafts": 7}, {"dossiers": {"count": 1}}):
        with house.desk.store.write() as connection:
            write_setting(connection, SETTING, odd)
        assert terms(house.desk).kept("drafts").term == Term(30, Unit.DAYS)
        assert terms(house.desk).kept("dossiers").term is None


@given(
    count=st.integers(1, 3660),
    unit=st.sampled_from([Unit.DAYS, Unit.MONTHS]),
    day=st.dates(min_value=date(2300, 1, 1), max_value=date(2400, 1, 1)),
)
def test_what_was_finished_on_a_day_is_past_only_after_the_whole_term(count, unit, day):
    """``before`` never lets go earlier than ``after`` says: the day a term ends is still inside it."""
    term = Term(min(count, 1200), unit)
    assert term.after(term.before(day), None) <= day  # type: ignore[arg-type]


def test_a_folder_that_refuses_costs_only_that_file(house, monkeypatch):
    logs = house.desk.folder / "logs"
    logs.mkdir(exist_ok=True)
    stamp = (house.clock.at - timedelta(days=100)).timestamp()
    for name in ("crash-1.json", "crash-2.json"):
        (logs / name).write_text("{}")
        os.utime(logs / name, (stamp, stamp))
    real = Path.unlink

    def refuses(path: Path, missing_ok: bool = False) -> None:
        if path.name == "crash-1.json":
            raise PermissionError
        real(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", refuses)
    done = run(house)
    assert (done.counts["logs"], done.left["logs"]) == (1, 1)
