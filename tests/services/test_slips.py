"""The slip says what is stored; printing is kept, counted and logged."""

from __future__ import annotations

import subprocess

import pytest
from sqlalchemy import select

from app.errors import NotFoundError, RuleError
from app.models import tables
from app.services.intake.reception import receive_dossier
from app.services.papers import slips
from tests.support.desk import birth, make_desk, officer


@pytest.fixture
def desk(tmp_path):
    desk = make_desk(tmp_path)
    yield desk
    desk.close()


def read_back(pdf: bytes, tmp_path) -> str:
    path = tmp_path / "paper.pdf"
    path.write_bytes(pdf)
    return subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True
    ).stdout


def test_paper_says_what_is_stored(desk, tmp_path):
    by = officer(desk)
    received = receive_dossier(desk, by, birth())
    made = slips.make_slip(desk, by, received.id, "a5")
    words = read_back(made.pdf, tmp_path)
    for expected in (
        received.number,
        "Ma Thị Hường",
        "Thôn Nà Mẫu, xã Nà Hang, tỉnh Tuyên Quang",
        "0900 000 123",
        "Đăng ký khai sinh",
        "Giấy chứng sinh",
        "17 giờ 00 phút, ngày 23/11/2026",
        "Lục Thị Yến",
        "chưa có mức thu của tỉnh",
    ):
        assert expected in words


def test_reprint_is_marked_kept_and_logged(desk, tmp_path):
    by = officer(desk)
    received = receive_dossier(desk, by, birth())
    first = slips.make_slip(desk, by, received.id)
    second = slips.make_slip(desk, by, received.id)
    assert (first.copy_no, second.copy_no) == (1, 2)
    assert first.pages == 1
    assert "In lại lần 1" not in read_back(first.pdf, tmp_path)
    assert "In lại lần 1" in read_back(second.pdf, tmp_path)
    assert slips.kept_paper(desk, by, first.job_id) == first.pdf
    with desk.store.read() as connection:
        acts = connection.execute(select(tables.history.c.act, tables.history.c.detail)).all()
        audited = connection.execute(select(tables.audit.c.act)).scalars().all()
    assert [act for act, _ in acts] == ["accept", "print", "print"]
    assert acts[2].detail == {"form": "01", "copy_no": 2}
    assert audited.count("print") == 2


def test_what_became_of_the_printing_is_noted(desk):
    by = officer(desk)
    made = slips.make_slip(desk, by, receive_dossier(desk, by, birth()).id)
    slips.note_printed(desk, by, made.job_id, "may-in-quay-2", ok=False)
    with desk.store.read() as connection:
        assert connection.execute(select(tables.print_job.c.state)).scalar_one() == "failed"


def test_preview_has_no_number_and_writes_nothing(desk):
    by = officer(desk)
    preview = slips.preview_slip(desk, by, birth())
    assert preview.number == ""
    assert preview.owner_name == "Ma Thị Hường"
    with desk.store.read() as connection:
        assert connection.execute(select(tables.dossier)).all() == []


def test_unknown_dossier_and_role(desk):
    with pytest.raises(NotFoundError):
        slips.make_slip(desk, officer(desk), "khong-co")
    with pytest.raises(RuleError):
        slips.make_slip(desk, officer(desk, "quantri"), "khong-co")


def test_a_procedure_without_detail_never_says_that_nothing_is_due(desk):
    from app.services.intake.visit import FreePaper

    index = next(v for v in desk.reference.shipped if v.detail == "index")
    intake = birth(procedure_code=index.code, all_required=False, free_papers=(FreePaper("Đơn đề nghị"),))
    preview = slips.preview_slip(desk, officer(desk), intake)
    assert preview.fee_words == "chưa có mức thu của tỉnh"
    assert [paper.name for paper in preview.components] == ["Đơn đề nghị"]
