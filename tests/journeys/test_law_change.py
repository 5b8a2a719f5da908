"""The law changes on 1/3/2027: each dossier follows the procedure version of its day of reception.

The versions are made up; they come as a province publishes them. What counts is the day of reception
(DOMAIN §0.4, "chosen by reception date"): status 2, not the day a letter arrived or a portal filing was
seen (status 1), for no term runs and nothing is promised before it. So a dossier that arrived on 28/2 and
was accepted on 1/3 follows the new version, and one accepted on 28/2 keeps the old one to its end.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from app.clock import VIETNAM, FixedClock, SystemClock
from app.domain.dossier_status import Act
from app.errors import RuleError
from app.models import tables
from app.printing import form_texts
from app.protocol.canonical import canonical_bytes
from app.protocol.messages import read_answer
from app.province import operator
from app.services.desk import Desk
from app.services.finding.dossier_view import show_dossier
from app.services.intake.reception import Received, receive_dossier
from app.services.life import ActOrder, do_act
from app.services.papers import slips
from app.services.papers.forms import make_paper
from app.sync.procedures import Package
from app.sync.province import LARGE
from tests.hunt.driver import CARD, Counter, end, say
from tests.printing import reading
from tests.support.desk import ENVIRON, birth, desk_folder, make_desk, officer
from tests.support.gateway import running_gateway

CODE = "1.000894"
LAST_OLD = datetime(2027, 2, 28, 10, 0, tzinfo=VIETNAM)
"""A Sunday: a field session in a hamlet, or the portal."""
FIRST_NEW = datetime(2027, 3, 1, 8, 0, tzinfo=VIETNAM)
LATER = datetime(2027, 3, 5, 9, 0, tzinfo=VIETNAM)


def package(version: int, **changes: Any) -> dict[str, Any]:
    """A version as the province writes it: two papers, a term, a fee."""
    body = {
        "code": CODE,
        "version": version,
        "name": f"Thủ tục đăng ký kết hôn (bản thử {version})",
        "field": {"code": "G15-TP07", "name": "Hộ tịch"},
        "level": "commune",
        "effective_from": "2025-07-01",
        "effective_to": None,
        "time_limits": [],
        "fees": [],
        "cases": [{"case_code": "default", "name": "Chung", "components": []}],
        "results": [{"code": f"KQ-{version}", "name": f"Giấy chứng nhận kết hôn mẫu {version}"}],
    }
    return {**body, **changes}


def paper(code: str, name: str) -> dict[str, Any]:
    return {"code": code, "name": name, "originals": 1, "copies": 0, "kind": "submit", "mandatory": "yes"}


def fee(amount: int) -> list[dict[str, Any]]:
    return [{"code": "LP", "name": "Lệ phí", "amount_vnd": amount, "kind": "ordinary", "per": "dossier"}]


def term(days: int) -> list[dict[str, Any]]:
    return [{"channel": way, "amount": days, "unit": "working_day"} for way in ("counter", "online", "post")]


OLD = package(
    1,
    effective_to="2027-02-28",
    time_limits=term(3),
    fees=fee(20_000),
    cases=[{"case_code": "default", "name": "Chung", "components": [paper("CU-1", "Tờ khai theo mẫu cũ")]}],
)
NEW = package(
    2,
    effective_from="2027-03-01",
    time_limits=term(5),
    fees=fee(35_000),
    cases=[
        {
            "case_code": "default",
            "name": "Chung",
            "components": [
                paper("MOI-1", "Tờ khai theo mẫu mới"),
                paper("MOI-2", "Giấy khám sức khỏe mẫu mới"),
            ],
        }
    ],
)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(LAST_OLD)


@pytest.fixture
def desk(tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A desk that holds both versions, and a made-up form set that begins with the new law."""
    old_set = form_texts.form_sets()[-1]
    titles = {**old_set.titles, "01": "Giấy tiếp nhận theo mẫu thử 2027"}
    new_set = form_texts.FormSet("thu-2027", "Bộ mẫu thử", date(2027, 3, 1), False, old_set.fields_of, titles)
    known = (*form_texts.form_sets(), new_set)
    monkeypatch.setattr(form_texts, "form_sets", lambda: known)
    desk = make_desk(tmp_path, clock, shared_reference=False)
    _keep(desk, OLD, NEW)
    yield desk
    desk.close()


def _keep(desk: Desk, *packages: dict[str, Any]) -> None:
    """Rows as sync stores them: believed only as the contract's shape, the bytes as they came."""
    with desk.store.write() as connection:
        for document in packages:
            body = canonical_bytes(document)
            read = read_answer(Package, body, max_bytes=LARGE)
            connection.execute(
                insert(tables.procedure_package).values(
                    code=read.code,
                    version=read.version,
                    sha256=hashlib.sha256(body).hexdigest(),
                    body=body,
                    taken_at=LAST_OLD,
                    effective_from=read.effective_from,
                    effective_to=read.effective_to,
                )
            )
    desk.reference.load_local(desk.store)


@dataclass(frozen=True)
class Facts:
    """What a dossier keeps of its day of reception."""

    version: int
    due_at: datetime
    fee: int | None
    papers: tuple[str, ...]
    form_set: str


def facts(desk: Desk, dossier_id: str) -> Facts:
    d, c = tables.dossier.c, tables.component.c
    with desk.store.read() as connection:
        row = connection.execute(select(tables.dossier).where(d.id == dossier_id)).mappings().one()
        names = connection.execute(select(c.name).where(c.dossier_id == dossier_id).order_by(c.position))
        papers = tuple(names.scalars())
    return Facts(row["procedure_version"], row["due_at"], row["fee_total"], papers, row["form_set"])


def receive(desk: Desk, at: datetime, **changes: Any) -> Received:
    return receive_dossier(desk, officer(desk), birth(procedure_code=CODE, received_at=at, **changes))


def do(desk: Desk, number: str, act: str, at: datetime, **order: Any) -> Any:
    return do_act(desk, officer(desk, "lanhdao"), number, ActOrder(Act(act), at=at, **order))


def at_five(day: int) -> datetime:
    return datetime(2027, 3, day, 17, 0, tzinfo=VIETNAM)


OLD_PAPERS = ("Tờ khai theo mẫu cũ",)
NEW_PAPERS = ("Tờ khai theo mẫu mới", "Giấy khám sức khỏe mẫu mới")


def test_a_dossier_follows_the_version_of_its_day_of_reception(desk: Desk) -> None:
    before, after = receive(desk, LAST_OLD), receive(desk, FIRST_NEW)
    old_set = form_texts.form_sets()[-2].id
    assert facts(desk, before.id) == Facts(1, at_five(3), 20_000, OLD_PAPERS, old_set)
    assert facts(desk, after.id) == Facts(2, at_five(8), 35_000, NEW_PAPERS, "thu-2027")


def test_the_last_and_the_first_minute(desk: Desk) -> None:
    last = receive(desk, datetime(2027, 2, 28, 23, 59, 59, tzinfo=VIETNAM))
    first = receive(desk, datetime(2027, 3, 1, 0, 0, tzinfo=VIETNAM))
    assert (facts(desk, last.id).version, facts(desk, first.id).version) == (1, 2)


def test_the_older_dossier_keeps_its_law_to_the_end(desk: Desk, clock: FixedClock) -> None:
    """Supplement and completion on 5/3 stand under the version of 28/2; the slip printed that day says so."""
    received = receive(desk, LAST_OLD)
    clock.at = FIRST_NEW
    do(desk, received.number, "request-supplement", FIRST_NEW, items=("Ảnh 3x4",))
    clock.at = LATER
    resumed = do(desk, received.number, "supplement", LATER, items=("Tờ khai theo mẫu cũ", "MOI-2"))
    # 3 days from Sunday 28/2: 1, 2, 3 March. Stopped on the 1st, two were left: Monday 8, Tuesday 9.
    assert resumed.due_at == at_five(9)
    slip = reading.words(slips.make_slip(desk, officer(desk), received.id).pdf)
    do(desk, received.number, "complete", LATER + timedelta(hours=1), result_no="7/2027")
    kept = facts(desk, received.id)
    assert (kept.version, kept.fee, kept.form_set) == (1, 20_000, form_texts.form_sets()[-2].id)
    assert "3 ngày làm việc" in slip
    assert "20.000" in slip
    assert "mẫu thử 2027" not in slip
    detail = show_dossier(desk, officer(desk), received.number)
    assert detail.status == 9
    with desk.store.read() as connection:
        bodies = connection.execute(select(tables.event.c.body).order_by(tables.event.c.desk_seq)).scalars()
        events = [json.loads(body) for body in bodies]
    completed = next(event for event in events if event["type"] == "dossier.completed")
    result = completed["payload"]["results"][0]
    assert (result["code"], result["name"]) == ("KQ-1", "Giấy chứng nhận kết hôn mẫu 1")


def test_the_newer_dossier_prints_the_new_paper(desk: Desk, clock: FixedClock) -> None:
    clock.at = FIRST_NEW
    received = receive(desk, FIRST_NEW)
    slip = reading.words(slips.make_slip(desk, officer(desk), received.id).pdf)
    assert "Giấy khám sức khỏe mẫu mới" in slip
    assert "5 ngày làm việc" in slip
    assert "35.000" in slip
    assert "MẪU THỬ 2027" in slip.upper()
    control = make_paper(desk, officer(desk), received.number, "06")
    assert control.form_set == "thu-2027"


def test_old_papers_do_not_do_under_the_new_law(desk: Desk) -> None:
    from app.domain.component_rules import ComponentSpec

    with pytest.raises(RuleError) as error:
        receive(desk, FIRST_NEW, all_required=False, components=(ComponentSpec("MOI-1"),))
    assert error.value.missing == ("MOI-2",)


def test_what_arrived_before_and_was_accepted_after_follows_the_new_version(desk: Desk) -> None:
    """Reception is acceptance: papers, term and fee are those of 1/3."""
    arrived = receive(desk, LAST_OLD, register_only=True)
    with pytest.raises(RuleError) as error:
        do(desk, arrived.number, "accept", FIRST_NEW)
    assert error.value.missing == ("MOI-1", "MOI-2")
    done = do(desk, arrived.number, "accept", FIRST_NEW, items=("MOI-1", "MOI-2"))
    kept = facts(desk, arrived.id)
    assert done.due_at == at_five(8)
    assert (kept.version, kept.fee, kept.form_set) == (2, 35_000, "thu-2027")


def test_a_procedure_that_ended_is_refused_from_the_next_day(tmp_path: Path) -> None:
    desk = make_desk(tmp_path, FixedClock(LAST_OLD), shared_reference=False)
    try:
        _keep(desk, OLD)
        assert facts(desk, receive(desk, LAST_OLD).id).version == 1
        with pytest.raises(RuleError) as error:
            receive(desk, FIRST_NEW)
        assert error.value.code == "procedure-ended"
        assert error.value.next_step
    finally:
        desk.close()


def test_over_the_line_to_the_province_and_back(tmp_path: Path) -> None:
    """Published at the province, fetched by the desk, received under both, and believed by the province."""
    counter = Counter(desk_folder(tmp_path), ENVIRON)
    with running_gateway(tmp_path / "province") as gateway:
        with gateway.store() as store:
            for number, document in enumerate((OLD, NEW), 2):
                operator.publish_procedure(store, SystemClock().now(), {**document, "version": number})
        code = gateway.enrolment_code("quay-1")
        batch = counter.talk()
        try:
            assert say(batch, "enrol", "--url", gateway.url, "--code", code)["exit"] == 0
            assert say(batch, "sync")["exit"] == 0
            numbers = [_received(batch, day) for day in ("2027-02-28T10:00", "2027-03-01T08:00")]
            due = [say(batch, "show", number)["due_at"] for number in numbers]
            assert [each[:10] for each in due] == ["2027-03-03", "2027-03-08"]
            asked = ("do", numbers[0], "request-supplement", "--item", "Ảnh", "--at", "2027-03-02")
            assert say(batch, *asked)["exit"] == 0
            for act in ("supplement", "complete"):
                assert say(batch, "do", numbers[0], act, "--at", "2027-03-05")["exit"] == 0
            told = say(batch, "sync")
            assert told["exit"] == 0
            assert (told["rejected"], told["deferred"]) == (0, 0)
            assert told["reconciled"]
        finally:
            assert end(batch) == 0


def _received(batch: Any, at: str) -> str:
    argv = ("receive", "--procedure", CODE, "--card", CARD, "--all-required", "--at", at)
    answer = say(batch, *argv)
    assert answer is not None
    assert answer["exit"] == 0, answer
    return str(answer["number"])
