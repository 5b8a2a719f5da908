"""The log as it is read on screen: filters, words, the way to the dossier; reading it is an entry itself."""

from __future__ import annotations

import ast
from datetime import timedelta
from pathlib import Path

import pytest

import app.services
from app.clock import FixedClock
from app.domain.dossier_status import Act
from app.domain.roles import Role
from app.errors import NotFoundError, RuleError
from app.services.audit.log import AT_ONCE, LogQuery, open_log, read_log
from app.services.audit.verify import note_copied, note_read
from app.services.audit.words import ACT_WORDS, act_words, fields_words, kind_words
from app.services.field.session import open_session, session_list_pdf
from app.services.finding.dossier_view import show_dossier
from app.services.intake.reception import receive_dossier
from app.services.life import ActOrder, do_act
from app.services.papers.slips import kept_paper, make_slip
from app.services.people.access import add_officer
from app.services.recording import Recorder
from tests.support.desk import HUONG, MONDAY, birth, make_desk, officer

MONDAY_DAY, TUESDAY = MONDAY.date(), MONDAY.date() + timedelta(days=1)


@pytest.fixture
def clock():
    return FixedClock(MONDAY)


@pytest.fixture
def desk(tmp_path, clock):
    opened = make_desk(tmp_path, clock)
    yield opened
    opened.close()


@pytest.fixture
def received(desk):
    return receive_dossier(desk, officer(desk), birth())


def acts(desk, **query):
    return [line.act for line in read_log(desk, officer(desk, "lanhdao"), LogQuery(**query)).lines]


def test_newest_first_in_words_and_with_the_number(desk, received):
    make_slip(desk, officer(desk), received.id)
    page = read_log(desk, officer(desk, "lanhdao"), LogQuery())
    assert [line.seq for line in page.lines] == list(range(page.total, 0, -1))
    printed, taken = page.lines[0], page.lines[1]
    assert (printed.act_words, printed.detail) == ("In", "mẫu 01")
    assert (taken.act_words, taken.officer) == ("Tiếp nhận", officer(desk).name)
    assert (taken.record, taken.number) == ("Hồ sơ", received.number)
    assert printed.dossier_id == taken.dossier_id == received.id


def test_no_citizen_stands_in_it(desk, received):
    show_dossier(desk, officer(desk), received.id)
    assert HUONG.id_value is not None
    said = repr(read_log(desk, officer(desk, "lanhdao"), LogQuery()))
    for secret in (HUONG.name, HUONG.id_value, HUONG.phone, "Nà Mẫu"):
        assert str(secret) not in said


def test_by_act_officer_and_day(desk, clock, received):
    leader = officer(desk, "lanhdao")
    clock.advance(timedelta(days=1))
    show_dossier(desk, leader, received.id)
    assert acts(desk, act="receive") == ["receive"]
    assert acts(desk, officer_id=leader.id) == ["read"]
    assert acts(desk, first_day=TUESDAY) == ["read"]
    assert "read" not in acts(desk, last_day=MONDAY_DAY)
    assert acts(desk, first_day=MONDAY_DAY, last_day=MONDAY_DAY, act="read") == []
    assert acts(desk, first_day=TUESDAY, last_day=TUESDAY, officer_id=leader.id, act="read") == ["read"]


def test_by_dossier_with_all_that_hangs_on_it(desk, received):
    by = officer(desk)
    other = receive_dossier(desk, by, birth())
    do_act(desk, by, received.id, ActOrder(Act.START))
    with desk.store.write() as connection:
        Recorder(connection, desk, by, MONDAY).audit("read", "eform", f"{received.id}/any")
    make_slip(desk, by, other.id)
    assert acts(desk, record=received.number) == ["read", "start", "receive"]
    assert acts(desk, record=f"  {received.id} ") == ["read", "start", "receive"]
    leader = officer(desk, "lanhdao")
    with desk.store.write() as connection:
        Recorder(connection, desk, leader, MONDAY).audit("backup", "desk", desk.profile.id)
    assert acts(desk, record=desk.profile.id, officer_id=leader.id) == ["backup"]


def test_a_record_that_is_nowhere_is_told(desk):
    with pytest.raises(NotFoundError):
        read_log(desk, officer(desk, "lanhdao"), LogQuery(record="H60.1-999999-9999"))


def test_an_officer_who_was_added_is_named(desk):
    boss = officer(desk, "quantri")
    added = add_officer(desk, boss, "lan.tt", "Triệu Thị Lan", Role.RECEPTION)
    line = read_log(desk, boss, LogQuery(act="add_officer")).lines[0]
    assert (line.record, line.dossier_id) == (f"Cán bộ {added.officer.name}", None)


def test_older_ones_follow(desk):
    by, leader = officer(desk), officer(desk, "lanhdao")
    with desk.store.write() as connection:
        recorder = Recorder(connection, desk, by, MONDAY)
        for number in range(AT_ONCE + 5):
            recorder.audit("read", "dossier", f"{number}")
    first = read_log(desk, leader, LogQuery(act="read"))
    rest = read_log(desk, leader, LogQuery(act="read"), before=first.lines[-1].seq)
    assert (len(first.lines), first.more, first.total) == (AT_ONCE, True, AT_ONCE + 5)
    assert (len(rest.lines), rest.more, rest.total) == (5, False, AT_ONCE + 5)
    assert first.lines[-1].seq == rest.lines[0].seq + 1


def test_opening_the_log_is_an_entry_of_it_once(desk):
    leader = officer(desk, "lanhdao")
    choices = open_log(desk, leader)
    assert ("read_audit", "Xem nhật ký") in choices.acts
    assert (leader.id, leader.name) in choices.officers
    for _ in range(3):
        read_log(desk, leader, LogQuery())
    assert acts(desk, act="read_audit") == ["read_audit"]


def test_only_who_may_read_it(desk):
    by = officer(desk)
    for call in (lambda: open_log(desk, by), lambda: read_log(desk, by, LogQuery())):
        with pytest.raises(RuleError) as refused:
            call()
        assert refused.value.code == "not-permitted"


def test_a_spoiled_entry_is_shown_and_not_stumbled_over(desk):
    by = officer(desk)
    note_read(desk, by, "dossier", "x")
    with desk.store.write() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_never_changes")
        connection.exec_driver_sql(
            "UPDATE audit SET at = 'no time', fields = '{', officer_id = 'nobody', act = 'later',"
            " record_kind = 'new' WHERE seq = (SELECT max(seq) FROM audit)"
        )
    line = read_log(desk, officer(desk, "lanhdao"), LogQuery()).lines[0]
    assert (line.at, line.officer, line.act_words, line.record) == (
        None,
        "không rõ",
        "Việc khác",
        "Dữ liệu khác",
    )


def test_what_leaves_or_is_looked_at_again_is_an_entry(desk, received):
    """I23: an earlier paper opened, rows copied out, the list of a journey drawn."""
    by = officer(desk)
    made = make_slip(desk, by, received.id)
    kept_paper(desk, by, made.job_id)
    note_copied(desk, by, 12, ("name", "number"))
    journey = open_session(desk, by, "Nà Mẫu")
    session_list_pdf(desk, by, journey.id)
    drawn, _, copied, looked = read_log(desk, officer(desk, "lanhdao"), LogQuery()).lines[:4]
    assert (drawn.act, drawn.record) == ("print", "Buổi lưu động")
    assert (copied.act, copied.record) == ("copy_rows", "12 dòng danh sách hồ sơ")
    assert (looked.act, looked.number, looked.detail) == ("read_paper", received.number, "mẫu 01")


def test_days_and_fields_in_words(desk):
    assert fields_words(("form_07", "phone", "status", "unheard_of")) == "mẫu 07, điện thoại, tình trạng"
    with desk.store.write() as connection:
        recorder = Recorder(connection, desk, officer(desk), MONDAY)
        recorder.audit("cash_count", "cash_day", "2026-11-23")
        recorder.audit("print", "register", "2026-11-01/2026-11-30", ("form_07",))
    lines = read_log(desk, officer(desk, "lanhdao"), LogQuery()).lines
    assert lines[0].record == "Sổ theo dõi hồ sơ 01/11/2026–30/11/2026"
    assert lines[1].record == "Quỹ trong ngày 23/11/2026"


def test_every_act_and_kind_that_is_written_has_words():
    """An act added to any service without a name on screen turns this red."""
    written, kinds = set(), set()
    sources = [path.read_text(encoding="utf-8") for path in Path(app.services.__file__).parent.rglob("*.py")]
    for source in (each for each in sources if "import Recorder" in each):
        for node in ast.walk(ast.parse(source)):
            if not (isinstance(node, ast.Call) and node.args and _notes(node.func)):
                continue
            words = [each.value for each in node.args if isinstance(each, ast.Constant)]
            words = [each for each in words if isinstance(each, str)]
            if isinstance(node.args[0], ast.Constant) or _name(node.func) == "_note":
                written |= set(words[:1])
            if _name(node.func) == "audit" and len(node.args) > 1 and isinstance(node.args[1], ast.Constant):
                kinds.add(node.args[1].value)
    assert {"receive", "print", "rename_desk", "reset_password", "approval_asked"} <= written
    assert written - set(ACT_WORDS) == set()
    assert {act.value for act in Act} <= set(ACT_WORDS)
    assert {kind for kind in kinds if kind_words(kind) == "Dữ liệu khác"} == set()
    assert act_words("a later one") == "Việc khác"


def _notes(function: ast.expr) -> bool:
    return _name(function) in ("audit", "_note") and not (
        isinstance(function, ast.Name) and function.id == "audit"
    )


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
