"""Free text takes no one-time code (DOMAIN §9)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.secret_guard import holds_code, refuse_secrets
from app.errors import RuleError

REFUSED = [
    "123456",
    "OTP 123456",
    "mã là 482913.",
    "OTP:482913",
    "(482913)",
    "otp482913",
    "Mã482913",
    "12 34 56",
    "123-456",
    "123 456",
    "1 2 3 4 5 6",
    "1-2-3-4-5-6",
    "1.2.3.4.5.6",
    "4, 8, 2, 9, 1, 3",
    "4,8,2,9,1,3",
    "99:99:99",
    "123-----456",
    "13-2026",
    "12-34-56",
    "12.34.56",
    "12/34/56",
    "123.456",
    "1234 56",
    "1 23456",
    "123\n456",
    "123\t456",
    "123\u00a0456",
    "123\u200b456",
    "12\u200b3456",
    "123 – 456",
    "123—456",
    "123_456",
    "221126",
    "hẹn 221126 quay lại",
    "１２３４５６",
    "१२३४५६",
    "1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣",
    "gọi 0912 345 678, mã 482913",
    "0912345678 482913",
    "482913 0912345678",
    "TN-02221-261123-2017 mã 482913",
    "482 913 0912 345 678",
    "ngày 22/11/2026 482-913",
    "1 2 3 4 5 6 7 8 482913",
    "22 11 26",
    "482913 và 120.000 đ",
    "22 482913",
    "482913-22",
    "tổ 5 482 913",
]

PASSED = [
    "tháng 11/2026",
    "tháng 11-2026",
    "tháng 12 2026",
    "từ thứ 2, 3, 4, 5, 6, 7",
    "thiếu giấy 1, 2, 3, 4, 5, 6",
    "",
    "Bà cần người phiên dịch tiếng Mông",
    "22/11/26",
    "22/11/2026",
    "22-11-2026",
    "22-11-26",
    "22.11.2026",
    "2026-11-22",
    "2/9/26",
    "22112026",
    "từ 22/11/2026 đến 30/11/2026",
    "TN-02221-261123-2017",
    "TN-02221-261123-2KMBHG017",
    "H60.12-261123-1001",
    "h60.12.5-261123-150001",
    "000.00.00.H60-261123-1001",
    "0912345678",
    "0912 345 678",
    "0912.345.678",
    "0912-345-678",
    "0912 345678",
    "09 12 34 56 78",
    "+84 912 345 678",
    "0207 3822 123",
    "02073822123",
    "028 7300 1234",
    "1900 0368",
    "008198001234",
    "008 198 001 234",
    "0081 9800 1234",
    "073123456",
    "120.000",
    "lệ phí 120.000 đ",
    "150.000 đồng",
    "1.250.000đ",
    "123.456 đ",
    "123456 đồng",
    "thủ tục 1.001193",
    "2.000635",
    "12345",
    "1234567",
    "thửa 12, tờ bản đồ 345, số nhà 67",
    "07:30 đến 11:30",
    "lúc 14:05:30",
    "AB123456",
    "Mẫu 01/2025, bước 4/6",
    "số nhà 123/456",
    "B1234567",
    "TT 03/2025/TT-VPCP, NĐ 118/2025",
]


@pytest.mark.parametrize("text", REFUSED)
def test_a_six_digit_code_is_refused_beside_its_field(text: str) -> None:
    with pytest.raises(RuleError) as refusal:
        refuse_secrets(text, "note")
    assert (refusal.value.code, refusal.value.field) == ("secret-code", "note")
    assert "482913" not in f"{refusal.value.title}{refusal.value.next_step}"


@pytest.mark.parametrize("text", PASSED)
def test_ordinary_notes_pass(text: str) -> None:
    refuse_secrets(text, "note")


@given(
    code=st.from_regex(r"[0-9]{6}", fullmatch=True),
    before=st.sampled_from(["", "OTP ", "mã: ", "Công dân đọc ", "0912345678, ", "22/11/2026 "]),
    after=st.sampled_from(["", ".", " nhé", " (VNeID)", ", 0912345678"]),
)
def test_any_six_digits_between_ordinary_words_are_found(code: str, before: str, after: str) -> None:
    assert holds_code(before + code + after)


@given(st.text(max_size=60))
def test_any_text_is_decided_without_a_crash(text: str) -> None:
    assert holds_code(text) in (True, False)
