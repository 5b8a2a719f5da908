"""What a procedure says: nothing unknown is shown as nought, no paper is left out."""

from __future__ import annotations

import pytest

from app.domain.catalogue import ComponentRule, Detail, FeeRule, ProcedureVersion, TimeLimit, TimeUnit
from app.ui.procedures.referrals import referral_for
from app.ui.procedures.words import (
    fee_lines,
    fee_notes,
    paper_groups,
    replaced_words,
    source_lines,
    term_lines,
    term_words,
)
from tests.support.desk import reference


def version(code: str) -> ProcedureVersion:
    return reference().catalogue.find(code)[0]


def test_every_procedure_of_the_catalogue_can_be_told() -> None:
    catalogue = reference().catalogue
    for each in catalogue.versions:
        groups = paper_groups(each)
        assert sum(len(group.rows) for group in groups) == len(each.components), each.code
        assert all(row.name and row.kind for group in groups for row in group.rows), each.code
        assert term_lines(each)[0] and source_lines(each) and fee_lines(each), each.code


def test_an_amount_nobody_supplied_is_never_nought() -> None:
    for each in reference().catalogue.versions:
        for fee, (_, amount) in zip(each.fees, fee_lines(each), strict=False):
            assert (fee.amount_vnd is None) == (amount == "chưa có mức thu của tỉnh"), each.code


def test_a_procedure_known_by_name_only_claims_no_fee_and_no_term() -> None:
    indexed = next(v for v in reference().catalogue.versions if v.detail is Detail.INDEX)
    assert fee_lines(indexed) == (("Phí, lệ phí", "chưa có trong danh mục"),)
    assert "Chưa có thời hạn" in term_lines(indexed)[0]
    assert "chưa có chi tiết" in " ".join(source_lines(indexed))


def test_birth_registration_reads_as_the_officer_says_it() -> None:
    birth = version("1.001193")
    titles = [group.title for group in paper_groups(birth)]
    assert titles == [
        "Bắt buộc nộp",
        "Nộp một trong các giấy sau",
        "Chỉ nộp khi có trường hợp này",
        "Xuất trình để đối chiếu, không nộp",
    ]
    conditional = paper_groups(birth)[2].rows
    assert conditional[0].why == "Khi trẻ bị bỏ rơi"
    assert conditional[2].why == "Khi nộp thay qua ủy quyền"
    assert term_lines(birth)[0] == (
        "Trong ngày làm việc. Nhận từ 15 giờ thì trả vào ngày làm việc tiếp theo."
    )


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        (TimeLimit(5, TimeUnit.WORKING_DAY), "5 ngày làm việc"),
        (TimeLimit(30, TimeUnit.DAY), "30 ngày"),
        (TimeLimit(0, TimeUnit.SAME_DAY), "Trong ngày làm việc"),
        (TimeLimit(None, None), "Chưa có thời hạn trong danh mục. Khi tiếp nhận, gõ ngày hẹn và lý do."),
    ],
)
def test_terms(limit: TimeLimit, words: str) -> None:
    assert term_words(limit) == words


def test_longer_cases_stand_below_the_term() -> None:
    assert "Cần xác minh điều kiện kết hôn: 5 ngày làm việc" in term_lines(version("1.000894"))


def test_an_exemption_said_in_the_rule_is_not_said_twice() -> None:
    rule = "Miễn: hộ nghèo, người khuyết tật"
    fee = FeeRule("LP", "Lệ phí", None, rule=rule, exemptions=("hộ nghèo", "gia đình có công"))
    base = version("1.001193")
    changed = ProcedureVersion(**{**base.__dict__, "fees": (fee,)})
    assert fee_notes(changed) == (rule, "Miễn: gia đình có công")


def test_a_code_that_took_others_over_names_them() -> None:
    assert replaced_words(version("3.000722")) == "thay mã 2.001023, 2.000986, 2.002621"
    assert replaced_words(version("1.001193")) == ""


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("tạm trú", "Cư trú không nhận ở quầy này"),
        ("dang ky thuong tru", "Cư trú không nhận ở quầy này"),
        ("làm CCCD", "Thẻ căn cước không làm ở quầy này"),
        ("đổi bằng lái", "Giấy phép lái xe không nhận ở quầy này"),
        ("vneid", "Tài khoản định danh: Công an duyệt, quầy chỉ hướng dẫn"),
    ],
)
def test_what_is_done_elsewhere_is_sent_there(typed: str, title: str) -> None:
    referral = referral_for(typed)
    assert referral is not None and referral.title == title


@pytest.mark.parametrize("typed", ["", "ks", "kết hôn", "chứng thực", "đất", "khai tử"])
def test_what_the_counter_does_itself_is_not_sent_away(typed: str) -> None:
    assert referral_for(typed) is None


def test_a_paper_taken_from_a_store_of_data_says_so() -> None:
    rules: list[ComponentRule] = [r for v in reference().catalogue.versions for r in v.components]
    assert any(rule.reuse_source for rule in rules)
    shown = paper_groups(version("1.001193"))[3].rows[0]
    assert shown.why == "Tra được từ CSDL quốc gia về dân cư thì không phải xuất trình"
