"""Export of a person, the consent book and the worksheet of a breach: what they say, what they leave out."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from app.clock import VIETNAM
from app.domain.account_help import ConsentPurpose
from app.domain.people import IdKind, Person
from app.domain.plain_paper import PlainPaper
from app.domain.privacy import RequestKind
from app.errors import NotFoundError, RuleError
from app.models import tables
from app.printing import plain_paper
from app.services.help.account_help import withdraw_consent
from app.services.intake.reception import receive_dossier
from app.services.intake.visit import ComponentSpec
from app.services.papers.slips import kept_paper
from app.services.privacy import breach, consent_book, person
from app.services.privacy.consent_book import ConsentQuery, ConsentState
from app.services.privacy.requests import RequestOrder, record_request
from tests.services.privacy.conftest import House
from tests.support.desk import HUONG, birth

PROXY = (ComponentSpec("van_ban_uy_quyen"),)
OTHER = Person(name="Lò Văn Tình", id_kind=IdKind.PERSONAL_NUMBER, id_value="008190000111")


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[PlainPaper]:
    """Every paper as it is handed to the printing room, which still draws it."""
    papers: list[PlainPaper] = []
    draw = plain_paper.draw_plain_paper

    def watched(paper: PlainPaper) -> bytes:
        papers.append(paper)
        return draw(paper)

    monkeypatch.setattr(plain_paper, "draw_plain_paper", watched)
    return papers


def words_of(paper: PlainPaper) -> str:
    lines = [f"{label}: {value}" for part in paper.parts for label, value in part.lines]
    told = [sentence for part in paper.parts for sentence in (part.title, *part.words)]
    rows = [" ".join(row) for part in paper.parts if part.table for row in part.table.rows]
    return "\n".join([*lines, *told, *rows])


def ask(house: House) -> None:
    order = RequestOrder(RequestKind.ACCESS, HUONG.name, HUONG.id_value or "", "Cho xem dữ liệu")
    record_request(house.desk, house.canbo, order)


# ---- one person's data


def test_an_officer_needs_the_citizens_request_and_a_leader_does_not(house):
    with pytest.raises(RuleError) as told:
        person.person_export(house.desk, house.canbo, HUONG.id_value)
    assert told.value.code == "no-request"
    assert person.person_export(house.desk, house.lanhdao, HUONG.id_value).dossiers == 1
    ask(house)
    made = person.person_export(house.desk, house.canbo, "008198 000000")
    assert (made.dossiers, made.help_cases, made.drafts, made.requests) == (1, 1, 1, 1)


def test_everything_of_the_person_is_there_and_nothing_of_another(house, drawn):
    both = birth(owner=OTHER, submitter=HUONG, relation="Vợ", components=PROXY)
    received = receive_dossier(house.desk, house.canbo, both)
    person.person_export(house.desk, house.lanhdao, HUONG.id_value)
    words = words_of(drawn[-1])
    for wanted in (HUONG.name, "008198000000", "14/08/1998", "0900 000 123", "Thôn Nà Mẫu"):
        assert wanted in words
    for number in (house.dossier.number, received.number):
        assert number in words
    assert "Lưu tiến trình hỗ trợ, lời đọc bản 1" in words
    assert "Giấy chứng sinh" in words
    assert OTHER.name not in words
    assert OTHER.id_value not in words
    assert "Người khác trong hồ sơ: 1 người" in words


def test_an_earlier_card_of_the_person_finds_the_same_dossier(house):
    changed = birth(owner=Person(**{**HUONG.__dict__, "id_value": "008198000999", "old_id": "091234567"}))
    receive_dossier(house.desk, house.canbo, changed)
    assert person.person_export(house.desk, house.lanhdao, "091234567").dossiers == 1


def test_nobody_of_that_number_is_said_so(house):
    with pytest.raises(NotFoundError) as told:
        person.person_export(house.desk, house.lanhdao, "001001000001")
    assert (told.value.code, told.value.field) == ("no-person", "identity")


def test_each_record_that_leaves_is_a_row_of_the_audit_and_no_copy_stays(house):
    person.person_export(house.desk, house.lanhdao, HUONG.id_value)
    a = tables.audit.c
    with house.desk.store.read() as connection:
        rows = connection.execute(select(a.record_kind, a.fields).where(a.act == "export_person")).all()
        files = connection.execute(select(tables.stored_file)).all()
    assert sorted(row.record_kind for row in rows) == ["dossier", "draft", "help_case"]
    assert all(row.fields == [] for row in rows)
    assert files == []


# ---- the book of consents


def test_the_book_tells_purpose_wording_officer_and_state(house):
    entries = consent_book.consent_book(house.desk, house.canbo, ConsentQuery())
    assert {entry.purpose for entry in entries} == {ConsentPurpose.TRACKING, ConsentPurpose.CONTACT}
    assert {entry.state for entry in entries} == {ConsentState.LIVE}
    (first, *_) = entries
    assert (first.officer, first.wording_version, first.months) == (house.canbo.name, 1, 12)
    assert (first.masked_id, first.masked_phone) == ("0xx…0000", "0xx…0123")


def test_what_was_withdrawn_stays_in_the_book_without_its_person(house):
    for purpose in (ConsentPurpose.TRACKING, ConsentPurpose.CONTACT):
        withdraw_consent(house.desk, house.canbo, house.case.id, purpose)
    gone = consent_book.consent_book(house.desk, house.canbo, ConsentQuery(state=ConsentState.WITHDRAWN))
    assert [(entry.name, entry.masked_id, entry.masked_phone) for entry in gone] == [(None, "", "")] * 2
    assert consent_book.consent_book(house.desk, house.canbo, ConsentQuery(state=ConsentState.LIVE)) == ()


def test_a_consent_past_its_day_is_ended(house):
    house.clock.advance(timedelta(days=366))
    query = ConsentQuery(state=ConsentState.ENDED)
    assert len(consent_book.consent_book(house.desk, house.canbo, query)) == 2


@pytest.mark.parametrize(
    ("query", "count"),
    [
        (ConsentQuery(purpose=ConsentPurpose.CONTACT), 1),
        (ConsentQuery(purpose=ConsentPurpose.REMINDER), 0),
        (ConsentQuery(text="ma huong"), 2),
        (ConsentQuery(text="198000000"), 2),
        (ConsentQuery(text="%"), 0),
        (ConsentQuery(first_day=date(2026, 11, 23), last_day=date(2026, 11, 23)), 2),
        (ConsentQuery(first_day=date(2026, 11, 24)), 0),
        (ConsentQuery(last_day=date(2026, 11, 22)), 0),
    ],
)
def test_the_book_is_narrowed(house, query, count):
    assert len(consent_book.consent_book(house.desk, house.canbo, query)) == count


def test_the_printed_book_masks_and_is_kept(house, drawn):
    made = consent_book.print_consent_book(house.desk, house.canbo, ConsentQuery())
    words = words_of(drawn[-1])
    assert "0xx…0000" in words
    assert HUONG.id_value not in words
    assert "Ông/bà có đồng ý" in words
    assert kept_paper(house.desk, house.canbo, made.job_id) == made.pdf
    assert consent_book.print_consent_book(house.desk, house.canbo, ConsentQuery()).copy_no == 2


def test_full_numbers_are_a_reading(house):
    (entry, *_) = consent_book.consent_book(house.desk, house.canbo, ConsentQuery())
    assert consent_book.look_at_consent(house.desk, house.canbo, entry.id) == ("008198000000", "0900000123")
    a = tables.audit.c
    with house.desk.store.read() as connection:
        last = connection.execute(select(a.act, a.record_id, a.fields).order_by(a.seq.desc())).first()
    assert last is not None
    assert tuple(last) == ("read", house.case.id, ["personal_id", "phone"])


# ---- the worksheet


def test_the_worksheet_counts_and_names_nobody(house, drawn):
    receive_dossier(house.desk, house.canbo, birth(owner=OTHER))
    found = house.clock.at - timedelta(hours=1)
    made = breach.breach_sheet(house.desk, house.lanhdao, found, "Mất máy ở nhà văn hóa")
    words = words_of(drawn[-1])
    assert "Hồ sơ: 2 hồ sơ" in words
    assert "Người có số giấy tờ: 2 người" in words
    assert "Lượt hỗ trợ tài khoản còn tên: 1" in words
    assert "Bản nháp: 1" in words
    assert "Báo chậm nhất lúc: 08:00 ngày 26/11/2026" in words
    assert "72 giờ" in words
    assert "Mất máy ở nhà văn hóa" in words
    assert "dưới một cụm mật khẩu" in words
    for secret in (HUONG.name, HUONG.id_value, "0900000123", OTHER.name):
        assert secret not in words
    assert kept_paper(house.desk, house.lanhdao, made.job_id) == made.pdf


def test_what_the_program_cannot_know_is_left_for_a_hand(house, drawn):
    breach.breach_sheet(house.desk, house.quantri)
    blank = {label for part in drawn[-1].parts for label, value in part.lines if not value}
    assert {"Phát hiện lúc", "Ổ đĩa có mã hóa cả máy không", "Báo chậm nhất lúc"} <= blank


def test_a_breach_is_not_found_in_the_future(house):
    with pytest.raises(RuleError) as told:
        breach.breach_sheet(house.desk, house.lanhdao, datetime(2027, 1, 1, tzinfo=VIETNAM))
    assert told.value.field == "found"
