"""Papers of a dossier's life: facts from the stored dossier and its history, kept and counted."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from app.clock import VIETNAM, FixedClock
from app.domain.dossier_status import Act
from app.domain.people import Person
from app.errors import NotFoundError, RuleError
from app.models import tables
from app.services.desk import write_setting
from app.services.hand_over.rows import term_result
from app.services.intake.reception import receive_dossier
from app.services.life import ActOrder, do_act
from app.services.papers import forms as papers
from app.services.papers import slips
from app.services.papers.content import PaperTask, paper_content
from app.services.papers.facts import read_story
from app.services.people.delegation import delegate, set_signer_title
from tests.printing import reading
from tests.printing.order import assert_in_order
from tests.support.desk import MONDAY, birth, make_desk, officer

PROCEDURE = "1.004884"
"""Five working days: due 17:00 on 1/12, since 24/11 is off."""
DUE = datetime(2026, 12, 1, 17, 0, tzinfo=VIETNAM)
LATER = datetime(2026, 12, 4, 17, 0, tzinfo=VIETNAM)


@pytest.fixture
def clock():
    return FixedClock(MONDAY)


@pytest.fixture
def desk(tmp_path, clock):
    desk = make_desk(tmp_path, clock)
    yield desk
    desk.close()


@pytest.fixture
def number(desk):
    return receive_dossier(desk, officer(desk), birth(procedure_code=PROCEDURE)).number


def do(desk, number, act, login="canbo", **order):
    return do_act(desk, officer(desk, login), number, ActOrder(Act(act), **order))


def make(desk, number, form, **how):
    return papers.make_paper(desk, officer(desk), number, form, **how)


def words(made):
    return reading.words(made.pdf)


def content(desk, number, form):
    """What the form says, before it is drawn."""
    with desk.store.read() as connection:
        dossier_id = papers.find_dossier_id(desk, number)
        story = read_story(connection, desk, dossier_id)
        act = papers.act_of(story, form)
        return paper_content(PaperTask(connection, desk, form, "tt-03-2025", story, 1, act))


@pytest.mark.parametrize("form", ["02", "03", "04", "05"])
def test_no_paper_before_its_act_and_nothing_is_written(desk, number, form):
    with pytest.raises(RuleError) as refused:
        make(desk, number, form)
    assert (refused.value.code, refused.value.field, refused.value.exit_code) == ("act-not-done", "form", 3)
    assert papers.ACT_WORDS[form] in refused.value.title and refused.value.next_step
    with desk.store.read() as connection:
        assert connection.execute(select(tables.print_job)).all() == []


def test_supplement_request_says_what_was_asked(desk, number, clock):
    with desk.store.write() as connection:
        write_setting(connection, "counter_phone", "02073822123")
    do(desk, number, "start")
    clock.advance(timedelta(hours=1))
    items = ("giay_to_tuy_than", "Đơn xin xác nhận có chữ ký của mẹ")
    do(desk, number, "request-supplement", items=items, reason="Đơn cũ thiếu chữ ký")
    made = make(desk, number, "02")
    assert (made.form, made.form_set, made.copy_no, made.pages) == ("02", "tt-03-2025", 1, 1)
    assert_in_order(
        reading.text(made.pdf),
        (
            f"Số: {number.rpartition('-')[2]}/HDHS",
            "Nà Hang, ngày 23 tháng 11 năm 2026",
            f"Số biên nhận tạm: {number}",
            "Hồ sơ của Ông/Bà: Ma Thị Hường",
            "2 Đơn xin xác nhận có chữ ký của mẹ ....",
            "Lý do: Đơn cũ thiếu chữ ký",
            "công chức Lục Thị Yến, số điện thoại",
        ),
    )
    phone = reading.squeezed(slips.phone_words("02073822123"))
    assert phone in reading.squeezed(words(made))


def test_a_paper_of_the_catalogue_has_its_legal_name_and_counts(desk, number):
    with desk.store.read() as connection:
        story = read_story(connection, desk, papers.find_dossier_id(desk, number))
    rule = next(rule for rule in story.version.components if rule.kind == "submit" and not rule.copies)
    for named in (rule.id, rule.name):
        item = next(iter(content_of_item(desk, named)))
        assert item.name == rule.name
        assert (item.originals, item.certified, item.photocopies) == (rule.originals, 0, 0)


def content_of_item(desk, named):
    """The rows of form 02 of a fresh dossier asked for one paper."""
    fresh = receive_dossier(desk, officer(desk), birth(procedure_code=PROCEDURE)).number
    do(desk, fresh, "request-supplement", items=(named,))
    return content(desk, fresh, "02").items


def test_a_request_without_a_list_points_to_its_reason(desk, number):
    do(desk, number, "request-supplement", reason="Tờ khai thiếu ngày sinh của cha")
    text = words(make(desk, number, "02"))
    assert "Theo nội dung ghi ở phần Lý do" in text
    assert "Lý do: Tờ khai thiếu ngày sinh của cha" in text


def test_each_request_counts_its_own_copies(desk, number, clock):
    do(desk, number, "request-supplement", items=("Giấy thứ nhất",))
    assert [make(desk, number, "02").copy_no for _ in range(2)] == [1, 2]
    clock.advance(timedelta(hours=2))
    do(desk, number, "supplement", items=("Giấy thứ nhất",))
    do(desk, number, "request-supplement", items=("Giấy thứ hai",))
    made = make(desk, number, "02")
    assert made.copy_no == 1 and "In lại" not in words(made)
    assert "Giấy thứ hai" in words(made) and "Giấy thứ nhất" not in words(made)


def test_refusal_names_the_reason_and_both_signers(desk):
    submitter = Person(name="Ma Văn Pẩu")
    intake = birth(register_only=True, submitter=submitter)
    number = receive_dossier(desk, officer(desk), intake).number
    do(desk, number, "refuse", reason="Không thuộc thẩm quyền của xã")
    text = words(make(desk, number, "03"))
    assert "lý do cụ thể như sau: Không thuộc thẩm quyền của xã" in text
    assert "Ma Văn Pẩu Lục Thị Yến" in text
    do(desk, number, "reopen", login="lanhdao", reason="Xem lại")
    assert "Không thuộc thẩm quyền của xã" in words(make(desk, number, "03"))


def test_extension_keeps_both_dates_whatever_happens_afterwards(desk, number, clock):
    do(desk, number, "extend", due_at=LATER, reason="Chờ xác minh")
    clock.advance(timedelta(days=2))
    do(desk, number, "request-supplement", items=("a",))
    clock.advance(timedelta(days=2))
    do(desk, number, "supplement", items=("a",))
    letter = content(desk, number, "04")
    assert (letter.previous_due_at, letter.new_due_at) == (DUE, LATER)
    assert letter.received_at == letter.written_at == MONDAY
    text = words(make(desk, number, "04"))
    assert "VĂN BẢN XIN LỖI" in text and "/PXL" in text and "THỦ TRƯỞNG" in text
    assert "hẹn trả kết quả: 17 giờ 00 phút, ngày 01/12/2026" in text
    assert "trả kết quả mới: 17 giờ 00 phút, ngày 04/12/2026" in text


@pytest.mark.parametrize(("login", "named"), [("canbo", False), ("lanhdao", True)])
def test_the_leader_is_named_only_where_the_act_knows_him(desk, number, login, named):
    leader = officer(desk, "lanhdao").name
    do(desk, number, "extend", login=login, due_at=LATER, reason="Chờ xác minh")
    assert content(desk, number, "04").leader_name == (leader if named else "")
    assert (leader in words(make(desk, number, "04"))) is named
    do(desk, number, "stop", login=login, reason="Nộp trùng")
    assert content(desk, number, "05").leader_name == (leader if named else "")


def test_the_office_title_stands_over_the_leader_who_signed(desk, number):
    set_signer_title(desk, officer(desk, "quantri"), "Chủ tịch", deputy=False)
    do(desk, number, "extend", login="canbo", due_at=LATER, reason="Chờ xác minh")
    assert content(desk, number, "04").leader_title == "", "nobody signed: the form's word stays"
    do(desk, number, "stop", login="lanhdao", reason="Nộp trùng")
    notice = content(desk, number, "05")
    assert (notice.leader_name, notice.leader_title) == (officer(desk, "lanhdao").name, "Chủ tịch")
    text = words(make(desk, number, "05"))
    assert "CHỦ TỊCH" in text and "NGƯỜI CÓ THẨM QUYỀN" not in text


@pytest.mark.parametrize("title", ["", "KT. Chủ tịch / Phó Chủ tịch"])
def test_a_deputy_signs_under_his_own_title_and_name_once_the_office_has_set_it(desk, number, title):
    leader, deputy = officer(desk, "lanhdao"), officer(desk, "canbo")
    today = MONDAY.date()
    delegate(desk, leader, deputy.id, today, today, "nghỉ phép")
    set_signer_title(desk, officer(desk, "quantri"), "Chủ tịch", deputy=False)
    if title:
        set_signer_title(desk, officer(desk, "quantri"), title, deputy=True)
    do(desk, number, "extend", login="canbo", due_at=LATER, reason="Chờ xác minh")
    letter = content(desk, number, "04")
    assert (letter.leader_name, letter.leader_title) == (deputy.name if title else leader.name, title)
    text = words(make(desk, number, "04"))
    assert ("KT. CHỦ TỊCH" in text and "PHÓ CHỦ TỊCH" in text) is bool(title)
    assert ("THỦ TRƯỞNG" in text) is not bool(title)


def test_stop_notice_says_stage_papers_and_money(desk, number):
    do(desk, number, "pay", amount_vnd=16000)
    do(desk, number, "start")
    do(desk, number, "stop", reason="Người nộp được giải quyết ở nơi khác")
    notice = content(desk, number, "05")
    assert (notice.stage, notice.proposer) == ("Đang xử lý", "")
    assert notice.paid_words == "đã thu 16.000 đồng"
    assert notice.papers and all(part.kind != "Xuất trình" for part in notice.papers)
    text = words(make(desk, number, "05"))
    assert "Căn cứ dừng giải quyết: Người nộp được giải quyết ở nơi khác" in text
    assert "Người đề nghị dừng giải quyết: ...." in text


def test_a_stop_after_a_withdrawal_was_asked_for_by_the_citizen(desk, number):
    do(desk, number, "withdraw")
    do(desk, number, "stop", reason="Công dân rút hồ sơ")
    notice = content(desk, number, "05")
    assert (notice.proposer, notice.stage) == ("Ma Thị Hường", "Công dân yêu cầu rút hồ sơ")
    assert notice.paid_words == "chưa ghi khoản thu nào"


def test_control_slip_has_a_row_a_hand_over_and_keeps_the_rows_before(desk, number, clock):
    seen = [content(desk, number, "06").rows]
    for act, order in (
        ("start", {}),
        ("transfer", {"to_unit": "02350", "reason": "Xác minh"}),
        ("request-supplement", {"items": ("a",)}),
        ("supplement", {"items": ("a",)}),
        ("complete", {"result_no": "25/2026"}),
        ("return", {}),
    ):
        clock.advance(timedelta(minutes=20))
        do(desk, number, act, **order)
        rows = content(desk, number, "06").rows
        assert rows[: len(seen[-1])] == seen[-1], act
        seen.append(rows)
    assert [len(rows) for rows in seen] == [1, 2, 3, 3, 3, 4, 5]
    reception, start, transfer, complete, handed = seen[-1]
    office = "Trung tâm Phục vụ hành chính công xã Nà Hang"
    assert (reception.giver_name, reception.receiver_unit) == ("Ma Thị Hường", office)
    assert (reception.at, reception.receiver_name) == (MONDAY, "Lục Thị Yến")
    assert (start.giver_unit, start.receiver_name) == (office, "")
    assert transfer.receiver_unit.startswith("UBND ") and transfer.note == "Xác minh"
    assert (complete.result, complete.note) == ("Trước hạn", "Kết quả số 25/2026")
    assert (handed.receiver_unit, handed.receiver_name) == ("Người nhận kết quả", "Ma Thị Hường")
    slip = content(desk, number, "06")
    assert slip.agencies == (start.receiver_unit, transfer.receiver_unit) and slip.spare_rows == 0
    text = words(make(desk, number, "06"))
    assert text.count("Người nhận ký:") == 5 and "Trước hạn" in text


def test_the_result_is_measured_by_the_due_date_of_its_time(desk, number, clock):
    clock.at = DUE + timedelta(minutes=1)
    do(desk, number, "complete")
    do(desk, number, "reopen", login="lanhdao", reason="Sai tên")
    assert content(desk, number, "06").rows[1].result == "Quá hạn"
    do(desk, number, "request-supplement", items=("a",))
    clock.advance(timedelta(days=3))
    do(desk, number, "supplement", items=("a",))
    do(desk, number, "complete")
    results = [row.result for row in content(desk, number, "06").rows if row.result]
    assert results[0] == "Quá hạn" and len(results) == 2


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (DUE - timedelta(days=1), "Trước hạn"),
        (DUE.replace(hour=8), "Đúng hạn"),
        (DUE, "Đúng hạn"),
        (DUE + timedelta(seconds=1), "Quá hạn"),
    ],
)
def test_before_on_and_after_the_due_date(at, said):
    assert term_result(at, DUE) == said
    assert term_result(at, None) == ""


def test_what_is_only_registered_has_control_slip_and_register_line(desk):
    number = receive_dossier(desk, officer(desk), birth(register_only=True)).number
    rows = content(desk, number, "06").rows
    assert [row.note for row in rows] == ["Hồ sơ đến, chờ tiếp nhận"]
    do(desk, number, "accept")
    after = content(desk, number, "06").rows
    assert after[:1] == rows and len(after) == 2
    assert number in reading.text(make(desk, number, "07").pdf)


def test_custody_taken_by_another_unit_is_a_row_of_its_own(desk, number):
    do(desk, number, "transfer", to_unit="02350")
    dossier_id = papers.find_dossier_id(desk, number)
    detail = {"to": "02350", "name": "UBND xã Bên Kia"}
    with desk.store.write() as connection:
        connection.execute(
            tables.history.insert().values(
                dossier_id=dossier_id, act="custody_changed", at=MONDAY, recorded_at=MONDAY,
                officer_id=None, by_name="Tỉnh", detail=detail,
            )
        )  # fmt: skip
    last = content(desk, number, "06").rows[-1]
    assert (last.giver_unit, last.receiver_unit) == ("UBND xã Nà Hang", "UBND xã Bên Kia")
    assert (last.giver_name, last.receiver_name) == ("", "")


def test_the_line_of_the_register(desk, number, clock):
    line = content(desk, number, "07").lines[0]
    assert (line.line_no, line.number, line.sets, line.name) == ("1", number, 1, "Ma Thị Hường")
    assert (line.received_at, line.due_at, line.returned_at) == (MONDAY, DUE, None)
    assert (line.agency, line.return_words, line.signed, line.note) == (
        "UBND xã Nà Hang", "Tại quầy", "", "",
    )  # fmt: skip
    do(desk, number, "request-supplement", items=("a",))
    do(desk, number, "supplement", items=("a",))
    do(desk, number, "extend", due_at=LATER, reason="x")
    do(desk, number, "complete")
    clock.advance(timedelta(hours=1))
    do(desk, number, "return")
    line = content(desk, number, "07").lines[0]
    assert (line.returned_at, line.signed) == (MONDAY + timedelta(hours=1), "Ma Thị Hường")
    assert line.note == "Bổ sung: 1 lần; Đã hẹn lại"
    assert content(desk, number, "07").book.endswith("(2026)")


@pytest.mark.parametrize(
    ("act", "note"), [("withdraw", "Công dân yêu cầu rút hồ sơ"), ("stop", "Dừng xử lý")]
)
def test_the_book_says_an_end_without_a_result(desk, number, act, note):
    do(desk, number, act, reason="x")
    assert content(desk, number, "07").lines[0].note == note


def test_papers_are_kept_marked_and_logged(desk, number):
    first, second = make(desk, number, "06"), make(desk, number, "06")
    assert (first.copy_no, second.copy_no) == (1, 2)
    assert "In lại lần 1" in words(second) and "In lại" not in words(first)
    assert slips.kept_paper(desk, officer(desk), first.job_id) == first.pdf
    dossier_id = papers.find_dossier_id(desk, number)
    do(desk, number, "stop", reason="x")
    make(desk, number, "05")
    with desk.store.read() as connection:
        history = connection.execute(
            select(tables.history.c.detail).where(tables.history.c.act == "print")
        ).scalars()
        assert list(history) == [
            {"form": "06", "copy_no": 1},
            {"form": "06", "copy_no": 2},
            {"form": "05", "copy_no": 1},
        ]
        a = tables.audit.c
        audited = connection.execute(select(a.record_kind, a.record_id, a.fields).where(a.act == "print"))
        assert {(row[0], row[1]) for row in audited} == {("dossier", dossier_id)}


def test_same_facts_same_bytes(desk, number):
    by = officer(desk)
    do(desk, number, "stop", reason="x")
    first = make(desk, number, "05").pdf
    with desk.store.write() as connection:
        connection.execute(update(tables.print_job).values(form="05 cũ"))
    assert papers.make_paper(desk, by, number, "05").pdf == first


def test_the_forms_on_offer_grow_with_the_acts(desk, number):
    offered = lambda: papers.offered_forms(desk, officer(desk), number)  # noqa: E731
    assert offered() == ("01", "06", "07")
    do(desk, number, "extend", due_at=LATER, reason="x")
    do(desk, number, "stop", reason="x")
    assert offered() == ("01", "04", "05", "06", "07")


def test_another_form_set_leaves_the_dossier_its_own(desk, number):
    day = date(2025, 9, 14)
    for form in ("01", "06", "07"):
        assert make(desk, number, form, at_date=day).form_set == "tt-01-2018"
        assert make(desk, number, form).form_set == "tt-03-2025"


def test_who_may_not_print_and_what_is_not_there(desk, number):
    with pytest.raises(RuleError) as refused:
        papers.make_paper(desk, officer(desk, "quantri"), number, "06")
    assert refused.value.code == "not-permitted"
    with pytest.raises(NotFoundError):
        make(desk, "TN-02221-261123-2999", "07")
    with pytest.raises(RuleError) as refused:
        make(desk, number, "99")
    assert refused.value.code == "unknown-form"
