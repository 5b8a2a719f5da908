"""Completion with its result, and the way of the result to the citizen."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import jsonschema_rs
import pytest
from PIL import Image
from sqlalchemy import func, select

from app.clock import FixedClock
from app.domain.component_rules import ComponentSpec
from app.domain.dossier_status import Act, Status
from app.domain.file_kind import media_type_of
from app.errors import RuleError
from app.models import tables
from app.models.life_tables import result_document
from app.protocol import contract
from app.services.finding.dossier_view import show_dossier
from app.services.finding.grid import GridQuery, open_result, page
from app.services.intake.reception import receive_dossier
from app.services.life import ActOrder, Recipient, ResultPaper, do_act, result_paper
from app.services.papers.forms import make_paper
from tests.printing.reading import words
from tests.support.desk import HUONG, MONDAY, birth, make_desk, officer

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\nxref\ntrailer<<>>\nstartxref\n9\n%%EOF\n"


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
    return receive_dossier(desk, officer(desk), birth()).number


def do(desk, number, act, login="canbo", **order):
    return do_act(desk, officer(desk, login), number, ActOrder(Act(act), **order))


def refused(desk, number, act, login="canbo", **order):
    before = counts(desk)
    with pytest.raises(RuleError) as error:
        do(desk, number, act, login, **order)
    assert error.value.title
    assert error.value.next_step
    assert counts(desk) == before
    return error.value


def counts(desk):
    names = (tables.event, tables.history, tables.audit, tables.stored_file, result_document)
    with desk.store.read() as connection:
        return [connection.execute(select(func.count()).select_from(each)).scalar_one() for each in names]


def events(desk, kind):
    with desk.store.read() as connection:
        bodies = connection.execute(
            select(tables.event.c.body).where(tables.event.c.type == kind).order_by(tables.event.c.desk_seq)
        ).scalars()
        return [json.loads(body) for body in bodies]


def row(desk):
    with desk.store.read() as connection:
        return connection.execute(select(tables.dossier)).mappings().first()


def a_picture(path: Path, kind: str) -> Path:
    Image.new("RGB", (40, 30), "white").save(path, kind)
    return path


def test_the_result_is_kept_shown_and_told(desk, number, tmp_path):
    file = tmp_path / "Ma Thị Hường.pdf"
    file.write_bytes(PDF)
    result = ResultPaper(
        book="01/2026",
        signer="Nông Văn Chủ",
        signer_title="CHỦ TỊCH",
        issued_on=date(2026, 11, 23),
        file=file,
    )
    do(desk, number, "complete", result_no="25/2026", result=result)
    sha256 = hashlib.sha256(PDF).hexdigest()
    event = events(desk, "dossier.completed")[0]
    assert event["files"] == [sha256]
    told = event["payload"]["results"][0]
    assert (told["number"], told["signer"], told["issued_at"]) == ("25/2026", "Nông Văn Chủ", "2026-11-23")
    assert (told["file"]["sha256"], told["file"]["size"]) == (sha256, len(PDF))
    assert "Hường" not in told["file"]["name"]
    assert list(jsonschema_rs.validator_for(contract.schema("Event")).iter_errors(event)) == []
    shown = show_dossier(desk, officer(desk), number)
    assert [file.sha256 for file in shown.files] == [sha256]
    kept = shown.results[0]
    assert (kept.number, kept.book, kept.signer_title, kept.superseded) == (
        "25/2026",
        "01/2026",
        "CHỦ TỊCH",
        False,
    )
    assert desk.files.get(sha256) == PDF


def test_a_reopened_dossier_has_no_result_that_holds(desk, number):
    do(desk, number, "complete", result_no="25/2026")
    do(desk, number, "reopen", "lanhdao", reason="Sai tên")
    do(desk, number, "complete", result_no="26/2026")
    results = show_dossier(desk, officer(desk), number).results
    assert sorted((each.number, each.superseded) for each in results) == [
        ("25/2026", True),
        ("26/2026", False),
    ]


def test_who_signed_is_never_guessed(desk, number):
    do(desk, number, "complete", result_no="1")
    assert "signer" not in events(desk, "dossier.completed")[0]["payload"]["results"][0]


def test_a_leader_who_completes_signs(desk, number):
    do(desk, number, "complete", "lanhdao", result_no="1")
    event = events(desk, "dossier.completed")[0]
    leader = officer(desk, "lanhdao")
    assert event["payload"]["results"][0]["signer"] == leader.name
    assert event["actor"]["approved_by"] == leader.id


def test_a_result_in_other_software_is_not_said_to_be_missing(desk, number):
    assert refused(desk, number, "complete", result=ResultPaper(foreign_no="7")).field == "system"
    do(desk, number, "complete", result=ResultPaper(system="Hộ tịch dùng chung", foreign_no="2026/77"))
    assert (row(desk)["foreign_system"], row(desk)["foreign_no"]) == ("Hộ tịch dùng chung", "2026/77")
    payload = events(desk, "dossier.completed")[0]["payload"]
    assert payload["results"][0]["number"] == "2026/77"
    assert "Hộ tịch dùng chung, số 2026/77" in payload["note"]
    assert show_dossier(desk, officer(desk), number).results[0].elsewhere == "Hộ tịch dùng chung"


def test_files_are_what_their_bytes_say(tmp_path):
    assert media_type_of(PDF) == "application/pdf"
    kinds = {"JPEG": "image/jpeg", "PNG": "image/png", "TIFF": "image/tiff"}
    for kind, media_type in kinds.items():
        content = a_picture(tmp_path / kind, kind).read_bytes()
        assert media_type_of(content) == media_type
        assert media_type_of(content[: len(content) // 2]) is None, kind
    for bad in (b"", b"MZ" + PDF, PDF[:40], b"II*\x00\xff\xff\xff\xff", b"MM\x00*", b"<html>%PDF-1.4"):
        assert media_type_of(bad) is None


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (None, "result-file-missing"),
        (b"", "result-file-missing"),
        (b"PK\x03\x04 hop dong.docx", "result-file-kind"),
        (PDF[:30], "result-file-kind"),
    ],
)
def test_a_file_that_is_no_paper_is_refused_in_words(desk, number, tmp_path, content, code):
    file = tmp_path / "ket-qua.pdf"
    if content is not None:
        file.write_bytes(content)
    error = refused(desk, number, "complete", result_no="1", result=ResultPaper(file=file))
    assert (error.code, error.field) == (code, "file")
    assert row(desk)["status"] == Status.RECEIVED


def test_a_folder_or_a_device_is_no_file(desk, number, tmp_path):
    for path in (tmp_path, Path("/dev/zero"), Path("a\0b")):
        assert refused(desk, number, "complete", result=ResultPaper(file=path)).code == "result-file-missing"


def test_a_file_too_large_is_never_read_whole(desk, number, tmp_path, monkeypatch):
    monkeypatch.setattr(result_paper, "LARGEST", 1000)
    file = tmp_path / "lon.pdf"
    file.write_bytes(PDF[:9] + b" " * 5000 + PDF[9:])
    assert refused(desk, number, "complete", result=ResultPaper(file=file)).code == "result-file-large"


def test_a_result_of_tomorrow_is_refused(desk, number):
    later = ResultPaper(issued_on=date(2026, 11, 24))
    assert refused(desk, number, "complete", result_no="1", result=later).field == "issued_on"
    assert refused(desk, number, "complete", result_no="x" * 101).field == "result_no"


def test_the_submitter_takes_it_with_his_own_paper(desk, number):
    do(desk, number, "complete")
    error = refused(desk, number, "return", recipient=Recipient(id_value="008198000001"))
    assert (error.code, error.field) == ("recipient-mismatch", "recipient_id")
    do(desk, number, "return", recipient=Recipient(name="MA THI HUONG", id_value="008 198 000000"))
    payload = events(desk, "dossier.returned")[0]["payload"]
    assert payload["recipient_name"] == "Ma Thị Hường"
    assert payload["recipient_identifier"]["value"] == "008198000000"
    assert payload["method"] == "counter"
    assert "postal_code" not in payload


def test_another_must_say_what_he_is_and_show_a_paper(desk, number):
    do(desk, number, "complete")
    other = Recipient(name="Lò Văn Sáu")
    assert refused(desk, number, "return", recipient=other).field == "relation"
    other = replace(other, relation="Chồng")
    assert refused(desk, number, "return", recipient=other).field == "recipient_id"
    do(desk, number, "return", recipient=replace(other, id_value="B1234567"))
    payload = events(desk, "dossier.returned")[0]["payload"]
    assert (payload["recipient_name"], payload["recipient_identifier"]["scheme"]) == (
        "Lò Văn Sáu",
        "passport",
    )
    line = show_dossier(desk, officer(desk), number).history[-1]
    assert (line.detail["relation"], line.detail["identity_shown"]) == ("Chồng", True)


def test_by_post_with_its_bill_and_electronically(desk):
    by = officer(desk)
    posted, online = (receive_dossier(desk, by, birth()).number for _ in range(2))
    for each in (posted, online):
        do(desk, each, "complete")
    assert refused(desk, posted, "return", recipient=Recipient(bill_code="x" * 41)).field == "bill"
    assert refused(desk, posted, "return", recipient=Recipient(method="bay")).field == "method"
    do(desk, posted, "return", recipient=Recipient(bill_code="EE123456789VN"))
    do(desk, online, "return", recipient=Recipient(method="online"))
    first, second = (event["payload"] for event in events(desk, "dossier.returned"))
    assert (first["method"], first["postal_code"]) == ("post", "EE123456789VN")
    assert second["method"] == "online"


def test_a_result_returned_twice_is_a_sentence(desk, number):
    do(desk, number, "complete")
    do(desk, number, "return")
    error = refused(desk, number, "return")
    assert error.code == "illegal-transition"
    assert "đã trả lúc" in error.title
    assert "Hường" not in error.title + error.next_step


@pytest.mark.parametrize("end", ["withdraw", "stop"])
def test_papers_given_back_are_never_called_a_result(desk, number, end):
    by = officer(desk)
    do(desk, number, end, reason="Công dân đổi ý")
    do(desk, number, "return")
    shown = show_dossier(desk, by, number)
    assert shown.papers_given_back
    assert shown.state.words == "Đã trả giấy tờ"
    assert shown.history[-1].detail["papers_back"] is True
    assert page(desk, by, open_result(desk, by, GridQuery()).row_numbers)[0].state.words == "Đã trả giấy tờ"
    control = words(make_paper(desk, by, number, "06").pdf)
    assert "Trả lại giấy tờ" in control
    assert "Trả kết quả" not in control
    register = words(make_paper(desk, by, number, "07").pdf).split()
    assert {"lại", "giấy", "tờ,", "không", "quả"} <= set(register)


def test_a_result_given_after_a_reopened_withdrawal_is_a_result(desk, number):
    do(desk, number, "withdraw")
    do(desk, number, "reopen", "lanhdao", reason="Công dân nộp lại")
    do(desk, number, "complete")
    do(desk, number, "return")
    shown = show_dossier(desk, officer(desk), number)
    assert (shown.papers_given_back, shown.state.words) == (False, "Đã trả")


def test_the_representative_takes_it_unless_the_owner_comes(desk, clock):
    submitter = replace(HUONG, name="Lò Văn Sáu", id_value="008090000001", sex=None, birth_date=None)
    intake = birth(submitter=submitter, components=(ComponentSpec("van_ban_uy_quyen"),))
    one, two = (
        receive_dossier(desk, officer(desk), replace(intake, request_id=each)).number for each in "ab"
    )
    for each in (one, two):
        do(desk, each, "complete")
    clock.advance(timedelta(hours=1))
    do(desk, one, "return")
    do(desk, two, "return", recipient=Recipient(name="Ma Thị Hường"))
    names = [event["payload"]["recipient_name"] for event in events(desk, "dossier.returned")]
    assert names == ["Lò Văn Sáu", "Ma Thị Hường"]
