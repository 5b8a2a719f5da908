"""Many lines of one citizen in one commit: numbers, acts, crashes, two handles, the turn of the year."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import jsonschema_rs
import pytest
from sqlalchemy import func, select

from app.clock import VIETNAM, FixedClock
from app.domain.catalogue import FeeRule
from app.domain.certification import Kind, Volume, certification_fee, volume_of
from app.domain.copy_term import LongerTerm
from app.domain.dossier_status import Status
from app.errors import RuleError, StorageError
from app.models import tables
from app.models.life_tables import payment, result_document
from app.protocol import contract
from app.protocol.ids import new_id
from app.services.certify import CopyBatch, CopyLine, Ending, LineRefused, Signer, certify_batch, signers
from app.services.drafts import open_drafts, save_draft
from tests.support.desk import HUONG, MONDAY, make_desk, officer


@pytest.fixture
def clock():
    return FixedClock(MONDAY)


@pytest.fixture
def desk(tmp_path, clock):
    desk = make_desk(tmp_path, clock)
    yield desk
    desk.close()


def line(paper="Bằng tốt nghiệp", pages=3, copies=2, kind=Kind.COPY):
    return CopyLine(new_id(), paper, pages, copies, kind)


def batch(*lines, **changes):
    return replace(CopyBatch(new_id(), HUONG, lines or (line(),)), **changes)


def rows(desk, table):
    with desk.store.read() as connection:
        return [dict(row) for row in connection.execute(select(table)).mappings()]


def events(desk):
    """What the batch told the province; the opening of the stream came before."""
    return [each for each in rows(desk, tables.event) if each["type"] != "stream.opened"]


def test_twenty_lines_are_twenty_dossiers_in_one_commit(desk, monkeypatch):
    commits = []
    from app import failpoints

    monkeypatch.setattr(failpoints, "hit", lambda name: commits.append(name))
    made = certify_batch(desk, officer(desk), batch(*(line(f"Giấy {n}", n, 1) for n in range(1, 21))))
    assert [name for name in commits if name.endswith("_commit")] == ["before_commit", "after_commit"]
    assert [each.register_no for each in made] == [f"{n}/SCT02/2026" for n in range(1, 21)]
    assert len({each.number for each in made}) == len({each.id for each in made}) == 20
    dossiers, told = rows(desk, tables.dossier), events(desk)
    assert {each["status"] for each in dossiers} == {Status.RECEIVED}
    assert [each["type"] for each in told] == ["dossier.received"] * 20
    assert [each["desk_seq"] for each in told] == list(range(2, 22))
    assert [each.fee_vnd for each in made[:4]] == [2000, 4000, 5000, 6000]
    assert {each.due_at for each in made} == {datetime(2026, 11, 23, 17, 0, tzinfo=VIETNAM)}


def test_after_three_it_is_due_the_next_working_day(desk, clock):
    clock.at = MONDAY.replace(hour=15, minute=0)
    (made,) = certify_batch(desk, officer(desk), batch())
    assert made.due_at == datetime(2026, 11, 25, 17, 0, tzinfo=VIETNAM)


def test_the_same_batch_twice_is_once(desk):
    order = batch(line(), line("Giấy khai sinh", 1, 3), ending=Ending(paid=True, hand_over=True))
    by = officer(desk)
    first, second = certify_batch(desk, by, order), certify_batch(desk, by, order)
    assert first == second
    assert [each.already for each in second] == [True, True]
    assert len(rows(desk, tables.dossier)) == len(rows(desk, tables.certified_copy)) == 2
    assert len(events(desk)) == 8


def test_a_line_added_to_a_batch_that_was_stored_is_taken_in_beside_it(desk):
    order, by = batch(), officer(desk)
    certify_batch(desk, by, order)
    more = replace(order, lines=(*order.lines, line("Sổ đỏ", 4, 1)))
    assert [each.register_no for each in certify_batch(desk, by, more)] == ["1/SCT02/2026", "2/SCT02/2026"]


def test_signatures_have_a_book_and_a_fee_of_their_own(desk):
    made = certify_batch(
        desk, officer(desk), batch(line(), line("Sơ yếu lý lịch", 1, 2, Kind.SIGNATURE), line())
    )
    assert [each.register_no for each in made] == ["1/SCT02/2026", "1/SCK02/2026", "2/SCT02/2026"]
    assert [each.fee_vnd for each in made] == [10000, 20000, 10000]
    codes = [each["procedure_code"] for each in rows(desk, tables.dossier)]
    assert codes == ["2.000815", "2.000884", "2.000815"]


def test_ready_copies_are_paid_completed_and_returned_each_act_with_its_event(desk):
    ready = Ending(paid=True, hand_over=True)
    (made,) = certify_batch(
        desk, officer(desk), batch(ending=ready, signer=Signer("Nông Văn Phúc", "Phó Chủ tịch"))
    )
    (dossier,) = rows(desk, tables.dossier)
    assert dossier["status"] == Status.RETURNED
    assert dossier["ended_at"] == dossier["returned_at"] == MONDAY
    bodies = [json.loads(each["body"]) for each in events(desk)]
    assert [each["type"] for each in bodies] == [
        "dossier.received",
        "fee.collected",
        "dossier.completed",
        "dossier.returned",
    ]
    acts = [each["act"] for each in rows(desk, tables.history)]
    assert acts == ["accept", "certify", "pay", "complete", "return"]
    assert bodies[2]["payload"]["results"][0]["number"] == made.register_no
    assert bodies[1]["payload"]["amount_vnd"] == 10000
    (result,) = rows(desk, result_document)
    assert (result["book"], result["signer"]) == ("02/2026 - SCT/BS", "Nông Văn Phúc")
    (receipt,) = rows(desk, payment)
    assert (receipt["amount_vnd"], receipt["dossier_id"]) == (10000, made.id)


def test_every_event_is_what_the_contract_says(desk):
    lines = (line(), line("Sơ yếu lý lịch", 1, 1, Kind.SIGNATURE))
    certify_batch(desk, officer(desk), batch(*lines, ending=Ending(paid=True, hand_over=True)))
    validator = jsonschema_rs.validator_for(contract.schema("Event"))
    for each in events(desk):
        assert [error.message for error in validator.iter_errors(json.loads(each["body"]))] == []


def test_a_tariff_nobody_knows_is_never_nought(desk, monkeypatch):
    unknown = FeeRule("PHI", "Phí chứng thực", None, per="page")
    assert certification_fee(Kind.COPY, unknown, 3, 2) is None
    assert certification_fee(Kind.SIGNATURE, unknown, 1, 2) is None
    monkeypatch.setattr("app.services.certify.batch.certification_fee", lambda *_: None)
    catalogue = desk.reference.catalogue
    whole = catalogue.version_for("2.000815", MONDAY.date())
    monkeypatch.setattr(type(catalogue), "version_for", lambda *_: replace(whole, fees=(unknown,)))
    (made,) = certify_batch(desk, officer(desk), batch(ending=Ending(paid=True)))
    assert made.fee_vnd is None
    (dossier,) = rows(desk, tables.dossier)
    assert dossier["fee_total"] is None
    assert [each["type"] for each in events(desk)] == ["dossier.received"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (line(pages=0), "pages"),
        (line(copies=0), "copies"),
        (line(copies=1000), "copies"),
        (line(paper="  "), "paper"),
        (line(paper="x" * 201), "paper"),
        (line(kind=Kind.SIGNATURE, copies=1000), "copies"),
    ],
)
def test_one_wrong_line_is_named_and_nothing_is_stored(desk, wrong, field):
    with pytest.raises(LineRefused) as refused:
        certify_batch(desk, officer(desk), batch(line(), line(), wrong))
    assert (refused.value.place, refused.value.field) == (2, field)
    assert rows(desk, tables.dossier) == events(desk) == rows(desk, tables.counter) == []
    (made,) = certify_batch(desk, officer(desk), batch())
    assert made.register_no == "1/SCT02/2026"


def test_an_empty_and_an_endless_batch(desk):
    for lines in ((), tuple(line() for _ in range(51))):
        with pytest.raises(RuleError) as refused:
            certify_batch(desk, officer(desk), CopyBatch(new_id(), HUONG, lines))
        assert refused.value.field == "lines"


def test_a_cut_before_the_commit_leaves_no_gap_and_keeps_the_draft(desk, monkeypatch):
    from app import failpoints

    by, order = officer(desk), batch(line(), line(), line())
    save_draft(desk, by, order.request_id, "certify", "paper", {"lines": 3})
    monkeypatch.setattr(failpoints, "_name", "before_commit")
    monkeypatch.setattr(failpoints, "_action", "fail")
    monkeypatch.setattr(failpoints, "_left", 1)
    with pytest.raises(StorageError):
        certify_batch(desk, by, order)
    assert len(open_drafts(desk, by, "certify")) == 1
    made = certify_batch(desk, by, order)
    assert [each.register_no for each in made] == [f"{n}/SCT02/2026" for n in (1, 2, 3)]
    assert open_drafts(desk, by, "certify") == ()


def test_two_handles_on_one_desk_share_the_count_without_gap_or_double(tmp_path):
    desks = [make_desk(tmp_path), make_desk(tmp_path, shared_reference=False)]
    failures = []

    def work(desk):
        try:
            for _ in range(4):
                certify_batch(desk, officer(desk), batch(line(), line(), line()))
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(desk,)) for desk in desks]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert failures == []
    numbers = [each["line"] for each in rows(desks[0], tables.certified_copy)]
    assert sorted(numbers) == list(range(1, 25))
    for desk in desks:
        desk.close()


def test_the_turn_of_the_year_begins_a_new_book(desk, clock):
    by = officer(desk)
    clock.at = datetime(2026, 12, 31, 23, 59, tzinfo=VIETNAM)
    (last,) = certify_batch(desk, by, batch())
    clock.at = datetime(2027, 1, 1, 0, 1, tzinfo=VIETNAM)
    first, second = certify_batch(desk, by, batch(line(), line()))
    assert last.register_no == "1/SCT02/2026"
    assert (first.register_no, second.register_no) == ("1/SCT02/2027", "2/SCT02/2027")
    (late,) = certify_batch(desk, by, batch(at=datetime(2026, 12, 31, 16, 0, tzinfo=VIETNAM)))
    assert late.register_no == "2/SCT02/2026"


def test_longer_than_the_day_needs_a_reason_and_beyond_two_days_an_agreement(desk):
    by = officer(desk)
    (made,) = certify_batch(desk, by, batch(longer=LongerTerm("Nhiều bản, cần đối chiếu kỹ")))
    assert made.due_at == datetime(2026, 11, 26, 17, 0, tzinfo=VIETNAM)
    (dossier,) = rows(desk, tables.dossier)
    assert dossier["due_manual"]
    assert dossier["due_reason"] == "Kéo dài thời hạn chứng thực: Nhiều bản, cần đối chiếu kỹ"
    beyond = datetime(2026, 11, 30, 17, 0, tzinfo=VIETNAM)
    for term, field in (
        (LongerTerm(" "), "reason"),
        (LongerTerm("Nhiều bản", due_at=beyond), "agreement"),
        (LongerTerm("Nhiều bản", "VB 01", MONDAY), "due"),
        (LongerTerm("Nhiều bản", "VB 01", datetime(2026, 11, 29, 17, 0, tzinfo=VIETNAM)), "due"),
    ):
        with pytest.raises(RuleError) as refused:
            certify_batch(desk, by, batch(longer=term))
        assert refused.value.field == field
    (agreed,) = certify_batch(desk, by, batch(longer=LongerTerm("Nhiều bản", "VB 01", beyond)))
    assert agreed.due_at == beyond


def test_what_is_promised_for_later_is_not_handed_over_now(desk):
    order = batch(longer=LongerTerm("Nhiều bản"), ending=Ending(hand_over=True))
    with pytest.raises(RuleError) as refused:
        certify_batch(desk, officer(desk), order)
    assert refused.value.field == "hand_over"
    assert rows(desk, tables.dossier) == []


def test_roles_and_signers(desk):
    with pytest.raises(RuleError):
        certify_batch(desk, officer(desk, "quantri"), batch())
    leader = officer(desk, "lanhdao")
    assert [each.name for each in signers(desk, officer(desk))] == [leader.name]
    certify_batch(desk, officer(desk), batch(signer=Signer("Nông Văn A", "Chủ tịch")))
    with desk.store.read() as connection:
        h = tables.history.c
        detail = connection.execute(select(h.detail).where(h.act == "certify")).scalar_one()
        audits = connection.execute(select(func.count()).select_from(tables.audit)).scalar_one()
    assert detail == {"register_no": "1/SCT02/2026", "signer": "Nông Văn A", "signer_title": "Chủ tịch"}
    assert audits >= 1


def test_books_by_name():
    for kind in Kind:
        volume = Volume(kind, 2, 2026)
        assert volume_of(volume.key) == volume
    assert Volume(Kind.COPY, 2, 2026).printed == "02/2026 - SCT/BS"
    for wrong in ("", "SCT", "SCT02", "XYZ02/2026", "SCTab/2026"):
        with pytest.raises(ValueError, match="no such book"):
            volume_of(wrong)


class Running(FixedClock):
    """A clock that goes on while the batch is written."""

    def now(self):
        self.advance(timedelta(milliseconds=7))
        return super().now()


def test_a_clock_that_runs_on_while_the_batch_is_written(tmp_path):
    desk = make_desk(tmp_path, Running(MONDAY))
    certify_batch(desk, officer(desk), batch(line(), line(), ending=Ending(paid=True, hand_over=True)))
    assert {each["status"] for each in rows(desk, tables.dossier)} == {Status.RETURNED}
    desk.close()


KILLED = """
import sys
from pathlib import Path
from tests.services.test_certify_batch import again
again(Path(sys.argv[1]))
"""
REQUESTS = ("0198a000-0000-7000-8000-000000000001", "0198a000-0000-7000-8000-000000000002")


def again(folder):
    """The same two lines each time."""
    desk = make_desk(folder)
    lines = tuple(CopyLine(request, "Bằng", 3, 1) for request in REQUESTS)
    made = certify_batch(desk, officer(desk), CopyBatch(REQUESTS[0], HUONG, lines))
    desk.close()
    return [each.register_no for each in made]


@pytest.mark.parametrize(("point", "stored"), [("before_commit", 0), ("after_commit", 2)])
def test_a_kill_at_the_commit_leaves_all_or_nothing_and_the_repeat_gives_the_same_numbers(
    tmp_path, point, stored
):
    make_desk(tmp_path).close()
    environ = {**os.environ, "MOTCUA_FAILPOINT": f"{point}:kill", "PYTHONPATH": str(Path.cwd())}
    run = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], env=environ, check=False)
    assert run.returncode != 0
    desk = make_desk(tmp_path)
    assert len(rows(desk, tables.certified_copy)) == stored
    desk.close()
    assert again(tmp_path) == ["1/SCT02/2026", "2/SCT02/2026"]
    desk = make_desk(tmp_path)
    assert [each["line"] for each in rows(desk, tables.certified_copy)] == [1, 2]
    desk.close()
