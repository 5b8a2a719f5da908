"""Declarations as another program reads them, in the order of the form."""

from __future__ import annotations

import pytest

from app.domain.eform.form import FieldType
from app.printing.declaration import draw_declaration
from tests.domain.eform.field_list import FIELDS
from tests.printing import declaration_samples as samples
from tests.printing import reading
from tests.printing.order import HEAD, assert_in_order


def labels(form_id: str) -> list[str]:
    """Every label of the form in its order; signatures stand at the foot, place and date above them."""
    form = samples.form(form_id)
    assert [field.id for field in form.fields] == [row[0] for row in FIELDS[form_id]]
    apart = ("kinh_gui", "lam_tai", "ngay_lam")
    fields = [field for field in form.fields if field.id not in apart]
    lines = [field.printed_label for field in fields if field.type is not FieldType.WET_SIGNATURE]
    return ["Kính gửi:", *lines, "Làm tại:", ", ngày", "tháng", "năm"]


@pytest.mark.parametrize("form_id", samples.FORMS)
@pytest.mark.parametrize("blank", [False, True], ids=["filled", "blank"])
def test_every_field_in_the_order_of_the_form(form_id: str, blank: bool) -> None:
    pdf = samples.draw_sample(f"declaration-{form_id}{'-blank' if blank else ''}")
    title = samples.form(form_id).title
    assert_in_order(reading.text(pdf), [*HEAD, title, *labels(form_id)])
    assert reading.info(pdf)["Pages"] == "1"
    assert all(font.embedded and font.unicode for font in reading.fonts(pdf))


@pytest.mark.parametrize("form_id", samples.FORMS)
def test_every_signature_has_its_place(form_id: str) -> None:
    words = reading.words(samples.draw_sample(f"declaration-{form_id}"))
    end = words[words.index("Làm tại") :]
    if form_id == "ket_hon":
        assert "BÊN NỮ BÊN NAM" in end and end.count("(Ký, ghi rõ họ tên)") == 2
    else:
        assert "NGƯỜI YÊU CẦU (Ký, ghi rõ họ, chữ đệm, tên)" in end


@pytest.mark.parametrize("form_id", samples.FORMS)
def test_every_answer_is_on_the_paper(form_id: str) -> None:
    whole = reading.squeezed(reading.raw(samples.draw_sample(f"declaration-{form_id}"))).casefold()
    for section in samples.paper(form_id).sections:
        for field in section.fields:
            if field.words and field.yes is None:
                assert reading.squeezed(field.words).casefold() in whole, field.id


def test_birth_reads_like_the_form() -> None:
    text = reading.words(samples.draw_sample("declaration-khai_sinh"))
    for line in (
        "Kính gửi: Ủy ban nhân dân xã Nà Hang, tỉnh Tuyên Quang",
        "Giấy tờ tùy thân: Căn cước/CCCD số 008198000000, do Bộ Công an cấp ngày 12/09/2025",
        "Họ, chữ đệm, tên: HOÀNG MA NGỌC ÁNH",
        "Ghi bằng chữ: Ngày mồng hai tháng mười một năm hai nghìn không trăm hai mươi sáu",
        "Giới tính: Nữ; Dân tộc: Tày; Quốc tịch: Việt Nam",
        "Đề nghị cấp bản sao: Có x Không Số lượng bản sao: 2",
        "Làm tại: Nà Hang, ngày 23 tháng 11 năm 2026",
    ):
        assert line in text, line


def test_what_is_not_known_is_dots() -> None:
    text = reading.words(samples.draw_sample("declaration-khai_tu-blank"))
    for line in (
        "Kính gửi: .....",
        "Nơi cư trú: .....",
        "Giới tính: .....",
        "Làm tại: ....",
        "ngày ..... tháng",
    ):
        assert line in text, line
    assert "None" not in text and " x " not in text


def test_long_answers_go_on_whole_with_the_signature_last() -> None:
    pages = reading.text(samples.draw_sample("declaration-khai_sinh-long")).split("\f")[:-1]
    assert len(pages) == 2
    assert_in_order("".join(pages), labels("khai_sinh"))
    assert "NGƯỜI YÊU CẦU" in pages[-1] and "Người mẹ" in pages[0]


def test_nothing_leaves_the_margins() -> None:
    for name in samples.SAMPLES:
        for x_min, _, x_max, _, word in reading.ink_boxes(samples.draw_sample(name)):
            assert x_min >= 84 and x_max <= 595.3 - 47, (name, word)


def test_the_same_bytes_each_time() -> None:
    for name in ("declaration-khai_sinh", "declaration-ket_hon-blank"):
        assert samples.draw_sample(name) == samples.draw_sample(name)


def test_hostile_words_print_as_they_stand() -> None:
    done = samples.filled(
        "khai_tu", {**samples.ANSWERS["khai_tu"], "nguyen_nhan": "<b>&amp; </para>" + "x" * 300}
    )
    from app.domain.eform.paper import declaration_paper

    text = reading.raw(draw_declaration(declaration_paper(done.form, done.answers), samples.MADE_AT))
    assert "<b>&amp; </para>" in text
