"""The citizen's sheet and the words of attestation, from the store to paper."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.certification import Kind
from app.domain.copy_term import LongerTerm
from app.domain.stamp_text import DOTS, StampLine, filled, unknown_places
from app.errors import NotFoundError, RuleError
from app.protocol.ids import new_id
from app.services.certify import CopyBatch, CopyLine, Ending, Signer, certify_batch
from app.services.certify.papers import copy_sheet, make_copy_sheet, make_stamps
from app.services.certify.stamps import set_wording, stamps
from tests.printing import reading
from tests.support.desk import HUONG, make_desk, officer

LINES = (
    CopyLine(new_id(), "Bằng tốt nghiệp", 3, 2),
    CopyLine(new_id(), "Sơ yếu lý lịch", 1, 1, Kind.SIGNATURE),
)


@pytest.fixture
def desk(tmp_path):
    desk = make_desk(tmp_path)
    yield desk
    desk.close()


def take(desk, **changes):
    made = certify_batch(desk, officer(desk), replace(CopyBatch(new_id(), HUONG, LINES), **changes))
    return [each.id for each in made]


def test_one_sheet_says_what_was_taken_and_when_it_is_ready(desk):
    by = officer(desk)
    ids = take(desk)
    sheet = copy_sheet(desk, by, ids)
    assert (sheet.fee_vnd, sheet.paid_vnd, sheet.handed_over) == (20000, 0, False)
    text = reading.words(make_copy_sheet(desk, by, ids).pdf)
    assert "BẢNG KÊ CHỨNG THỰC" in text
    assert "Phí chứng thực: 20.000 đồng; đã thu: 0 đồng." in text
    assert "Hẹn trả kết quả: 17 giờ 00 phút, ngày 23/11/2026" in text
    for each in ("Bằng tốt nghiệp", "1/SCT02/2026", "1/SCK02/2026", "Ma Thị Hường"):
        assert each in text
    assert sheet.lines[0].number in text


def test_paid_and_handed_over_and_a_second_printing(desk):
    by = officer(desk)
    ids = take(desk, ending=Ending(paid=True, hand_over=True))
    make_copy_sheet(desk, by, ids)
    again = make_copy_sheet(desk, by, ids)
    text = reading.words(again.pdf)
    assert again.copy_no == 2
    assert "In lại lần 1" in text
    assert "đã thu: 20.000 đồng" in text
    assert "Đã trả kết quả tại quầy." in text
    assert "Hẹn trả" not in text


def test_what_takes_longer_says_why(desk):
    ids = take(desk, longer=LongerTerm("Nhiều bản, cần đối chiếu"))
    text = reading.words(make_copy_sheet(desk, officer(desk), ids).pdf)
    assert "26/11/2026. Kéo dài thời hạn chứng thực: Nhiều bản, cần đối chiếu" in text


def test_no_dossier_no_sheet(desk):
    with pytest.raises(NotFoundError):
        copy_sheet(desk, officer(desk), ["khong-co"])


def test_words_of_attestation_for_each_line(desk):
    by = officer(desk)
    ids = take(desk, signer=Signer("Nông Văn Phúc", "Phó Chủ tịch"))
    signature, copy = stamps(desk, by, ids)
    words = [line.text for line in copy.lines]
    assert words[0] == "CHỨNG THỰC BẢN SAO ĐÚNG VỚI BẢN CHÍNH"
    assert words[1] == "Số chứng thực: 1    Quyển số: 02/2026 - SCT/BS"
    assert words[2] == "Ngày 23 tháng 11 năm 2026"
    assert words[-1] == "Nông Văn Phúc"
    assert (copy.copies, copy.confirmed) == (2, False)
    whole = " ".join(line.text for line in signature.lines)
    assert "Ông/bà Ma Thị Hường, giấy tờ tùy thân số 008198000000 cam đoan" in whole
    assert "SCT/CK, ĐC" in whole
    text = reading.words(make_stamps(desk, by, ids).pdf)
    assert "CHỨNG THỰC BẢN SAO ĐÚNG VỚI BẢN CHÍNH" in text
    assert "chưa đối chiếu với phụ lục NĐ 280/2025" in text


def test_what_is_not_known_is_dots(desk):
    _, copy = stamps(desk, officer(desk), take(desk))
    assert copy.lines[-1].text == DOTS


def test_the_office_may_set_its_own_words(desk):
    ids, admin = take(desk), officer(desk, "quantri")
    own = (StampLine("Bản sao đúng với bản chính, số {number}, quyển {volume}", strong=True),)
    set_wording(desk, admin, Kind.COPY, own)
    _, copy = stamps(desk, officer(desk), ids)
    assert copy.lines[0].text == "Bản sao đúng với bản chính, số 1, quyển 02/2026 - SCT/BS"
    assert copy.confirmed
    set_wording(desk, admin, Kind.COPY, ())
    assert not stamps(desk, officer(desk), ids)[1].confirmed


@pytest.mark.parametrize(
    "lines",
    [(StampLine("Số {sochungthuc}"),), (StampLine("x" * 601),), tuple(StampLine("x") for _ in range(31))],
)
def test_words_that_cannot_be_filled_or_printed(desk, lines):
    with pytest.raises(RuleError) as refused:
        set_wording(desk, officer(desk, "quantri"), Kind.COPY, lines)
    assert refused.value.field == "wording"
    with pytest.raises(RuleError):
        set_wording(desk, officer(desk), Kind.COPY, (StampLine("x"),))


def test_filling_is_literal():
    lines = (StampLine("{name} {{x}} {number}"),)
    assert filled(lines, {"name": "{number}", "number": "7"})[0].text == "{number} {" + DOTS + "} 7"
    assert unknown_places(lines) == ("x",)
