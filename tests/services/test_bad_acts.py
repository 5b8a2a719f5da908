"""Acts no counter would do: each is answered with a sentence and leaves the store as it was.

Every case goes through the service and, word for word, through the command line.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.clock import VIETNAM, FixedClock
from app.domain.component_rules import ComponentSpec
from app.domain.dossier_status import Act
from app.errors import AppError, RuleError
from app.models import tables
from app.services.certify import CopyJob, certify
from app.services.desk import Desk
from app.services.intake.reception import receive_dossier
from app.services.intake.visit import ManualDue
from app.services.life import ActOrder, Recipient, ResultPaper, do_act
from tests.hunt.driver import CARD, Counter, end, examine, say
from tests.support.desk import ENVIRON, HUONG, MONDAY, birth, demo_password, desk_folder, make_desk, officer

FIVE_DAYS = "1.004884"
NO_TERM = "1.001776"
DUE = datetime(2026, 12, 1, 17, 0, tzinfo=VIETNAM)
"""Five working days from Monday 23/11/2026, the 24th being off."""
FRIDAY = datetime(2026, 12, 4, 17, 0, tzinfo=VIETNAM)
SATURDAY = datetime(2026, 12, 5, 17, 0, tzinfo=VIETNAM)
HOLIDAY = datetime(2026, 11, 24, 17, 0, tzinfo=VIETNAM)
WHY = "Xác minh thêm"

Step = tuple[str, Mapping[str, Any]]
"""An act and its particulars, as ``ActOrder`` names them."""


def act(name: str, **order: Any) -> Step:
    return name, order


@dataclass(frozen=True)
class Case:
    """``before``: what is lawfully done first; ``bad``: the act; ``codes``: the answers that fit."""

    name: str
    bad: Step
    codes: str
    field: str | None = "act"
    before: tuple[Step, ...] = ()
    arrival: str = "received"
    by: str = "lanhdao"
    exit: int = 3


ASKED = act("request-supplement", items=("Giấy chứng sinh",))
STARTED = act("start")
DONE = (STARTED, act("complete", result_no="1/2026"))
RETURNED = (*DONE, act("return"))
WITHDRAWN = (act("withdraw", reason="Công dân rút"),)
LATER = act("extend", reason=WHY, due_at=FRIDAY)

CASES = (
    Case("fee below zero", act("request-fee", amount_vnd=-5), "amount-range", "amount", (STARTED,)),
    Case("fee of nothing", act("request-fee", amount_vnd=0), "amount-range", "amount"),
    Case("fee without an amount", act("request-fee"), "amount-range", "amount"),
    Case("payment below zero", act("pay", amount_vnd=-16_000), "amount-range", "amount"),
    Case("payment of nothing", act("pay", amount_vnd=0), "amount-range", "amount"),
    Case("payment of an unknown fee", act("pay"), "amount-range", "amount"),
    Case(
        "payment below what was asked",
        act("pay", amount_vnd=49_999),
        "amount-below-asked",
        "amount",
        (act("request-fee", amount_vnd=50_000),),
    ),
    Case(
        "due before reception",
        act("accept", reason=WHY, due_at=MONDAY - timedelta(days=3)),
        "due-before-reception",
        "due",
        arrival="registered",
    ),
    Case(
        "due at the moment of reception",
        act("accept", reason=WHY, due_at=MONDAY),
        "due-before-reception",
        "due",
        arrival="registered",
    ),
    Case(
        "due on a holiday",
        act("accept", reason=WHY, due_at=HOLIDAY),
        "due-on-day-off",
        "due",
        arrival="registered",
    ),
    Case(
        "due without a word why",
        act("accept", due_at=FRIDAY),
        "due-reason-missing",
        "reason",
        (),
        "registered",
    ),
    Case("no term and no date", act("accept"), "due-unknown", "due", (), "no term"),
    Case("papers missing", act("accept"), "components-missing", "component", (), "incomplete"),
    Case(
        "override by who does not lead",
        act("accept", override=WHY),
        "not-permitted",
        None,
        (),
        "incomplete",
        by="canbo",
    ),
    Case("accepted twice", act("accept"), "illegal-transition"),
    Case("refused without a reason", act("refuse"), "reason-missing", "reason", (), "registered"),
    Case("refused after acceptance", act("refuse", reason=WHY), "illegal-transition"),
    Case("forwarded before acceptance", act("start"), "illegal-transition", arrival="registered"),
    Case("forwarded twice", act("start"), "illegal-transition", before=(STARTED,)),
    Case("nothing asked for", act("request-supplement"), "supplement-empty", "item"),
    Case(
        "blanks asked for", act("request-supplement", items=(" ",), reason="  "), "supplement-empty", "item"
    ),
    Case("supplement nobody asked for", act("supplement", items=("x",)), "illegal-transition"),
    Case("supplement after withdrawal", act("supplement"), "illegal-transition", before=(ASKED, *WITHDRAWN)),
    Case("asked again while waiting", ASKED, "illegal-transition", before=(ASKED,)),
    Case("completed while waiting for papers", act("complete"), "illegal-transition", before=(ASKED,)),
    Case(
        "completed while waiting for money",
        act("complete"),
        "illegal-transition",
        before=(act("request-fee", amount_vnd=9000),),
    ),
    Case("extended without a reason", act("extend", due_at=FRIDAY), "reason-missing", "reason"),
    Case("extended without a date", act("extend", reason=WHY), "due-missing", "due"),
    Case("extended to a Saturday", act("extend", reason=WHY, due_at=SATURDAY), "due-on-day-off", "due"),
    Case("extended to the same date", act("extend", reason=WHY, due_at=DUE), "extension-not-later", "due"),
    Case("extended into the past", act("extend", reason=WHY, due_at=HOLIDAY), "due-on-day-off", "due"),
    Case(
        "extended twice",
        act("extend", reason=WHY, due_at=FRIDAY + timedelta(days=4)),
        "extension-used",
        before=(LATER,),
    ),
    Case(
        "extended after the date",
        act("extend", reason=WHY, due_at=FRIDAY, at=DUE + timedelta(minutes=1)),
        "extension-late",
    ),
    Case("stopped without a reason", act("stop"), "reason-missing", "reason"),
    Case("returned before it is done", act("return"), "illegal-transition", before=(STARTED,)),
    Case("returned twice", act("return"), "illegal-transition", before=RETURNED),
    Case(
        "returned to a stranger",
        act("return", recipient=Recipient(name="Lý Văn Lạ")),
        "recipient-relation",
        "relation",
        DONE,
    ),
    Case(
        "returned on another's card",
        act("return", recipient=Recipient(id_value="008198999999")),
        "recipient-mismatch",
        "recipient_id",
        DONE,
    ),
    Case("withdrawn after the result", act("withdraw"), "illegal-transition", before=DONE),
    Case("withdrawn twice", act("withdraw"), "illegal-transition", before=WITHDRAWN),
    Case("reopened without a reason", act("reopen"), "reason-missing", "reason", DONE),
    Case("reopened by who does not lead", act("reopen", reason=WHY), "not-permitted", None, DONE, by="canbo"),
    Case("reopened after return", act("reopen", reason=WHY), "illegal-transition", before=RETURNED),
    Case("handed to nobody", act("transfer"), "unit-missing", "to"),
    Case("handed to one's own unit", act("transfer", to_unit="02221"), "transfer-own-unit", "to"),
    Case("handed to a unit there is none", act("transfer", to_unit="99999"), "unknown-unit", "to"),
    Case("handed to a code that is none", act("transfer", to_unit="Xã Kim Bình"), "number-agency", "to"),
    Case(
        "handed on twice",
        act("transfer", to_unit="02350"),
        "transfer-pending",
        before=(act("transfer", to_unit="02350"),),
    ),
    Case("taken over from nobody", act("accept-custody"), "no-transfer"),
    Case(
        "before the act before",
        act("complete", at=MONDAY - timedelta(minutes=1)),
        "act-before-last",
        "at",
        (STARTED,),
    ),
    Case("an administrator at the counter", act("start"), "not-permitted", None, by="quantri"),
    Case(
        "a result that is not there",
        act("complete", result_no="1", result=ResultPaper(file=Path("khong-co.pdf"))),
        "result-file-missing",
        "file",
        (STARTED,),
    ),
    Case("letters that were lost", act("stop", reason="Lý do \udcff"), "text-not-utf8", "reason"),
)
"""What is tried. Each must be refused by rule, not by chance."""

ARRIVALS: Mapping[str, Mapping[str, Any]] = {
    "received": {"procedure_code": FIVE_DAYS},
    "registered": {"procedure_code": FIVE_DAYS, "register_only": True},
    "incomplete": {"procedure_code": FIVE_DAYS, "register_only": True, "all_required": False},
    "no term": {"procedure_code": NO_TERM, "register_only": True},
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    desk = make_desk(tmp_path_factory.mktemp("bad"), FixedClock(MONDAY))
    yield desk
    desk.close()


@dataclass
class Talk:
    """A batch of the real command line on a desk of its own."""

    counter: Counter
    process: Any = field(repr=False)

    def __call__(self, *argv: str) -> dict[str, Any]:
        """One line and its answer."""
        answer = say(self.process, *argv)
        assert answer is not None
        return answer


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Talk]:
    environ = {**ENVIRON, "MOTCUA_PASSWORD": demo_password()}
    counter = Counter(desk_folder(tmp_path_factory.mktemp("bad-line")), environ)
    process = counter.talk()
    yield Talk(counter, process)
    assert end(process) == 0
    examine(counter.folder)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_service_refuses_and_changes_nothing(desk: Desk, case: Case) -> None:
    number = receive_dossier(desk, officer(desk), birth(**ARRIVALS[case.arrival])).number
    for name, order in case.before:
        do_act(desk, officer(desk, "lanhdao"), number, ActOrder(Act(name), **order))
    before = _whole_store(desk)
    name, order = case.bad
    with pytest.raises(RuleError) as refusal:
        do_act(desk, officer(desk, case.by), number, ActOrder(Act(name), **order))
    assert refusal.value.code == case.codes
    assert refusal.value.field == case.field
    _is_a_sentence(refusal.value.as_dict())
    assert _whole_store(desk) == before


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_command_line_says_the_same(talk: Talk, case: Case) -> None:
    number = talk(*_arrive(case.arrival))["number"]
    for step in case.before:
        done = talk("--as", "lanhdao", "do", number, *_words(step))
        assert done["exit"] == 0, done
    before = _story(talk, number)
    answer = talk("--as", case.by, "do", number, *_words(case.bad))
    assert answer["exit"] == case.exit, answer
    assert (answer["error"]["code"], answer["error"]["field"]) == (case.codes, case.field)
    _is_a_sentence(answer["error"])
    assert _story(talk, number) == before


BAD_INTAKES: tuple[tuple[str, dict[str, Any], str, str], ...] = (
    (
        "due before reception",
        {"manual_due": ManualDue(MONDAY - timedelta(days=1), WHY)},
        "due-before-reception",
        "due",
    ),
    ("due on a day off", {"manual_due": ManualDue(SATURDAY, WHY)}, "due-on-day-off", "due"),
    ("due without a reason", {"manual_due": ManualDue(FRIDAY, " ")}, "due-reason-missing", "reason"),
    ("no term", {"procedure_code": NO_TERM}, "due-unknown", "due"),
    ("no set at all", {"copies": 0}, "copies-range", "copies"),
    ("papers missing", {"all_required": False}, "components-missing", "component"),
    ("a paper nobody knows", {"components": (ComponentSpec("khong_co"),)}, "component-unknown", "component"),
    ("a procedure nobody knows", {"procedure_code": "9.999999"}, "procedure-unknown", "procedure"),
    ("for a unit there is none", {"for_unit": "99999"}, "unknown-unit", "for_unit"),
    ("back by balloon", {"return_method": "balloon"}, "return-method", "return_method"),
)


@pytest.mark.parametrize(
    ("changes", "code", "named"), [row[1:] for row in BAD_INTAKES], ids=[row[0] for row in BAD_INTAKES]
)
def test_a_bad_reception_gives_no_number_away(
    desk: Desk, changes: dict[str, Any], code: str, named: str
) -> None:
    before = _whole_store(desk)
    with pytest.raises(RuleError) as refusal:
        receive_dossier(desk, officer(desk), birth(**changes))
    assert (refusal.value.code, refusal.value.field) == (code, named)
    _is_a_sentence(refusal.value.as_dict())
    assert _whole_store(desk) == before


@pytest.mark.parametrize(("pages", "copies"), [(0, 1), (-3, 1), (1, 0), (1, -1)])
def test_a_bad_job_of_copies_takes_no_line_of_the_day_book(desk: Desk, pages: int, copies: int) -> None:
    before = _whole_store(desk)
    with pytest.raises(RuleError) as refusal:
        certify(desk, officer(desk), CopyJob("no-such-request", HUONG, "Bằng", pages, copies))
    assert refusal.value.field == ("copies" if copies < 1 else "pages")
    _is_a_sentence(refusal.value.as_dict())
    assert _whole_store(desk) == before


@pytest.mark.parametrize("act_", ["complete", "return", "withdraw", "pay", "extend"])
def test_two_officers_at_two_windows_do_one_act_once(tmp_path: Path, act_: str) -> None:
    """Both have the dossier open and press at the same moment; the second reads a sentence."""
    folder = tmp_path / act_
    first = make_desk(folder, FixedClock(MONDAY))
    second = make_desk(folder, FixedClock(MONDAY))
    try:
        number = receive_dossier(first, officer(first), birth(procedure_code=FIVE_DAYS)).number
        for name, order in {"return": DONE, "pay": (act("request-fee", amount_vnd=9000),)}.get(act_, ()):
            do_act(first, officer(first, "lanhdao"), number, ActOrder(Act(name), **order))
        before = _counts(first)
        particulars = {"extend": {"reason": WHY, "due_at": FRIDAY}, "pay": {}}.get(act_, {})
        answers = _at_once(
            lambda desk, login: do_act(
                desk, officer(desk, login), number, ActOrder(Act(act_), **particulars)
            ),
            (first, "canbo"),
            (second, "lanhdao"),
        )
        refusals = [each for each in answers if isinstance(each, RuleError)]
        assert len(refusals) == 1, answers
        _is_a_sentence(refusals[0].as_dict())
        assert [after - earlier for earlier, after in zip(before, _counts(first), strict=True)] == [1, 1, 1]
    finally:
        first.close()
        second.close()


def test_two_processes_return_one_result_once(tmp_path: Path) -> None:
    counter = Counter(desk_folder(tmp_path), {**ENVIRON, "MOTCUA_PASSWORD": demo_password()})
    pair = (counter.talk(), counter.talk())
    received = [say(pair[0], *_arrive("received")) for _ in range(4)]
    for one in received:
        assert one is not None
        for step in DONE:
            done = say(pair[0], "do", one["number"], *_words(step))
            assert done is not None
            assert done["exit"] == 0, done
        line = json.dumps(["do", one["number"], "return"]).encode() + b"\n"
        for batch in pair:
            assert batch.stdin is not None
            batch.stdin.write(line)
            batch.stdin.flush()
        answers = [json.loads(batch.stdout.readline()) for batch in pair if batch.stdout is not None]
        assert sorted(answer["exit"] for answer in answers) == [0, 3]
        _is_a_sentence(next(answer["error"] for answer in answers if answer["exit"] == 3))
    assert [end(batch) for batch in pair] == [0, 0]
    examine(counter.folder)


def test_what_one_has_open_the_other_has_moved(tmp_path: Path) -> None:
    """The screen of the first still offers the act; what is stored decides, and says where it stands now."""
    first = make_desk(tmp_path, FixedClock(MONDAY))
    second = make_desk(tmp_path, FixedClock(MONDAY))
    try:
        number = receive_dossier(first, officer(first), birth(procedure_code=FIVE_DAYS)).number
        do_act(second, officer(second), number, ActOrder(Act.WITHDRAW, reason="Công dân rút"))
        with pytest.raises(RuleError) as refusal:
            do_act(first, officer(first, "lanhdao"), number, ActOrder(Act.START))
        assert refusal.value.code == "illegal-transition"
        assert "Công dân yêu cầu rút hồ sơ" in refusal.value.title
    finally:
        first.close()
        second.close()


def _at_once(call: Any, *sides: tuple[Desk, str]) -> list[Any]:
    """Both calls begun behind one gate; what each gave or was told."""
    gate = threading.Barrier(len(sides))
    answers: list[Any] = []

    def one(desk: Desk, login: str) -> None:
        gate.wait()
        try:
            answers.append(call(desk, login))
        except AppError as error:
            answers.append(error)

    threads = [threading.Thread(target=one, args=side) for side in sides]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def _counts(desk: Desk) -> list[int]:
    with desk.store.read() as connection:
        return [
            len(connection.execute(select(table)).all())
            for table in (tables.event, tables.history, tables.audit)
        ]


def _whole_store(desk: Desk) -> dict[str, list[Any]]:
    """Every row of every table."""
    with desk.store.read() as connection:
        return {
            name: [tuple(row) for row in connection.execute(select(table))]
            for name, table in tables.metadata.tables.items()
        }


def _story(talk: Talk, number: str) -> dict[str, Any]:
    return talk("show", number)


def _arrive(arrival: str) -> list[str]:
    changes = ARRIVALS[arrival]
    argv = ["receive", "--procedure", changes["procedure_code"], "--card", CARD, "--at", "2026-11-23T09:00"]
    argv += ["--all-required"] if changes.get("all_required", True) else []
    return argv + (["--register-only"] if changes.get("register_only") else [])


def _words(step: Step) -> list[str]:
    """The act as typed; what is not given a time happens at the desk's Monday."""
    name, order = step
    argv = [name, "--at", order.get("at", MONDAY).isoformat()]
    named = {"reason": "--reason", "amount_vnd": "--amount", "to_unit": "--to", "result_no": "--result-no"}
    for key, option in {**named, "override": "--override-reason"}.items():
        if key in order:
            argv.append(f"{option}={order[key]}")
    if "due_at" in order:
        argv += ["--due", order["due_at"].isoformat()]
    for item in order.get("items", ()):
        argv += ["--item", item]
    result, recipient = order.get("result"), order.get("recipient")
    if result is not None and result.file is not None:
        argv += ["--file", str(result.file)]
    if recipient is not None:
        argv += ["--recipient", recipient.name, "--recipient-id", recipient.id_value]
    return argv


_WIRE_WORDS = re.compile(r"\b(422|409|None|null|Error|invalid|illegal|RuleError)\b|[a-z]+-[a-z]+-[a-z]+")


def _is_a_sentence(error: Mapping[str, Any]) -> None:
    """What happened and what next, in Vietnamese, no code in sight."""
    for part in (error["title"], error["next_step"]):
        assert part[0].isupper(), part
        assert part.rstrip()[-1] in ".!?", part
        assert not part.isascii(), part
        assert not _WIRE_WORDS.search(part), part
        assert "Lỗi" not in part
