"""Due dates against a table worked out by hand.

Days off used in the reckonings: weekends; 1/1 and 2/1/2026 (10/1 worked); Tết 16-20/2/2026; 27/4, 30/4 and
1/5/2026; 31/8/2026 (22/8 worked), 1-2/9/2026; 24/11/2026; 1/1/2027; Tết 4-10/2/2027 (estimate);
30/4-2/5/2025 (26/4 worked). Closing 17:00. Numbers in brackets count the working days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clock import VIETNAM
from app.domain.catalogue import TimeLimit, TimeUnit
from app.domain.deadline import check_manual_due, due_words, reckon_due
from app.domain.working_calendar import CalendarEdit, EditKind
from app.errors import RuleError
from tests.domain.calendars import at, shipped_calendar

CALENDAR = shipped_calendar()

SD15 = TimeLimit(0, TimeUnit.SAME_DAY, time(15, 0))  # khai sinh 1.001193, khai tử, trích lục, chứng thực
SD = TimeLimit(0, TimeUnit.SAME_DAY)  # kết hôn 1.000894
NO_TERM = TimeLimit(None, None)  # liên thông 3.000722, 2.002913, người có công 1.010833 …


def working(days: int) -> TimeLimit:
    return TimeLimit(days, TimeUnit.WORKING_DAY)


def calendar_days(days: int) -> TimeLimit:
    return TimeLimit(days, TimeUnit.DAY)


W2 = working(2)  # 2.001035, 2.001406, 1.004845
W3 = working(3)  # 1.004873 xác nhận tình trạng hôn nhân
W5 = working(5)  # 1.001653, 2.000806
W8 = working(8)  # 1.012796
W10 = working(10)  # 1.014027
W15 = working(15)  # 1.011607
W20 = working(20)  # 1.013978
W25 = working(25)  # 1.001699
D10 = calendar_days(10)  # 2.000779
D30 = calendar_days(30)  # 2.001263, 1.012812
M1 = TimeLimit(1, TimeUnit.MONTH)
M3 = TimeLimit(3, TimeUnit.MONTH)
CULTURE = "thứ Ba 24/11 nghỉ Ngày Văn hóa Việt Nam"
GUESS = "lịch năm 2027 chưa được công bố"


@dataclass(frozen=True)
class Row:
    """``hand`` is the reckoning by hand; ``reason`` the whole sentence where it is asserted."""

    received: str
    limit: TimeLimit
    due: str
    hand: str
    reason: str | None = None
    confirmed: bool = True


def hours(count: int) -> TimeLimit:
    return TimeLimit(count, TimeUnit.HOUR)


def working_hours(count: int) -> TimeLimit:
    return TimeLimit(count, TimeUnit.WORKING_HOUR)


TABLE = [
    # Same day, cutoff 15:00
    Row(
        "2026-11-23 09:00",
        SD15,
        "2026-11-23 17:00",
        "Mon, before 15:00: today",
        "Trả trong ngày: nhận lúc 09:00, trước 15 giờ.",
    ),
    Row(
        "2026-11-23 14:59",
        SD15,
        "2026-11-23 17:00",
        "a minute before 15:00: today",
        "Trả trong ngày: nhận lúc 14:59, trước 15 giờ.",
    ),
    Row("2026-11-23 14:59:59", SD15, "2026-11-23 17:00", "a second before 15:00: today"),
    Row(
        "2026-11-23 15:00",
        SD15,
        "2026-11-25 17:00",
        "at 15:00: next working day; Tue 24 off: Wed 25",
        f"Vì nhận từ 15 giờ (15:00) và {CULTURE}.",
    ),
    Row(
        "2026-11-23 15:12",
        SD15,
        "2026-11-25 17:00",
        "after 15:00; Tue 24 off: Wed 25 (the picture)",
        "Vì nhận sau 15 giờ (15:12) và thứ Ba 24/11 nghỉ Ngày Văn hóa Việt Nam.",
    ),
    Row("2026-11-23 16:59", SD15, "2026-11-25 17:00", "after 15:00; Tue 24 off: Wed 25"),
    Row(
        "2026-11-23 18:30",
        SD15,
        "2026-11-25 17:00",
        "after closing; Tue 24 off: Wed 25",
        f"Vì nhận sau 15 giờ (18:30) và {CULTURE}.",
    ),
    Row(
        "2026-11-23 06:10",
        SD15,
        "2026-11-23 17:00",
        "before opening of a working day: today",
        "Trả trong ngày: nhận lúc 06:10, trước 15 giờ.",
    ),
    Row("2026-11-23 12:15", SD15, "2026-11-23 17:00", "during lunch, before 15:00: today"),
    Row(
        "2026-11-20 15:12",
        SD15,
        "2026-11-23 17:00",
        "Fri after 15:00; Sat, Sun off: Mon 23",
        "Vì nhận sau 15 giờ (15:12) và thứ Bảy, Chủ nhật nghỉ.",
    ),
    Row(
        "2026-11-21 09:00",
        SD15,
        "2026-11-23 17:00",
        "Sat: next working day Mon 23",
        "Vì nhận vào ngày nghỉ (thứ Bảy 21/11) và Chủ nhật nghỉ.",
    ),
    Row(
        "2026-11-22 16:00",
        SD15,
        "2026-11-23 17:00",
        "Sun: next working day Mon 23",
        "Vì nhận vào ngày nghỉ (Chủ nhật 22/11), trả vào ngày làm việc tiếp theo.",
    ),
    Row(
        "2026-11-24 10:00",
        SD15,
        "2026-11-25 17:00",
        "holiday: Wed 25",
        "Vì nhận vào ngày nghỉ (thứ Ba 24/11, Ngày Văn hóa Việt Nam), trả vào ngày làm việc tiếp theo.",
    ),
    Row(
        "2026-11-25 15:30",
        SD15,
        "2026-11-26 17:00",
        "Wed after 15:00: Thu 26",
        "Vì nhận sau 15 giờ (15:30), trả vào ngày làm việc tiếp theo.",
    ),
    Row("2026-02-13 14:00", SD15, "2026-02-13 17:00", "Fri before Tết, before 15:00: today"),
    Row(
        "2026-02-13 15:01",
        SD15,
        "2026-02-23 17:00",
        "Fri before Tết, late; 14-15 weekend, 16-20 Tết, 21-22 weekend: Mon 23/2",
        "Vì nhận sau 15 giờ (15:01); thứ Bảy, Chủ nhật nghỉ; 16/2–20/2 nghỉ Tết Nguyên đán.",
    ),
    Row(
        "2026-02-18 09:00",
        SD15,
        "2026-02-23 17:00",
        "second day of Tết, Wed; 19-20 Tết, 21-22 weekend: Mon 23/2",
        "Vì nhận vào ngày nghỉ (thứ Tư 18/2, Tết Nguyên đán); thứ Bảy, Chủ nhật nghỉ; "
        "19/2–20/2 nghỉ Tết Nguyên đán.",
    ),
    Row(
        "2026-08-21 15:30",
        SD15,
        "2026-08-22 17:00",
        "Fri late; Sat 22/8 is worked",
        "Vì nhận sau 15 giờ (15:30), trả vào ngày làm việc tiếp theo (thứ Bảy 22/8 làm bù).",
    ),
    Row("2026-08-22 10:00", SD15, "2026-08-22 17:00", "make-up Saturday: today"),
    Row(
        "2026-08-22 15:00",
        SD15,
        "2026-08-24 17:00",
        "make-up Saturday at 15:00; Sun off: Mon 24/8",
        "Vì nhận từ 15 giờ (15:00) và Chủ nhật nghỉ.",
    ),
    Row(
        "2026-08-28 16:00",
        SD15,
        "2026-09-03 17:00",
        "Fri late; 29-30 weekend, 31/8 swapped, 1-2/9: Thu 3/9",
        "Vì nhận sau 15 giờ (16:00); thứ Bảy, Chủ nhật nghỉ; "
        "thứ Hai 31/8 nghỉ hoán đổi với thứ Bảy 22/8; 1/9–2/9 nghỉ Quốc khánh.",
    ),
    Row("2026-08-31 08:00", SD15, "2026-09-03 17:00", "swapped day off; 1-2/9 off: Thu 3/9"),
    Row(
        "2026-04-24 15:05",
        SD15,
        "2026-04-28 17:00",
        "Fri late; 25-26 weekend, Mon 27 in lieu of Giỗ Tổ: Tue 28/4",
        "Vì nhận sau 15 giờ (15:05); thứ Bảy, Chủ nhật nghỉ; thứ Hai 27/4 nghỉ bù Giỗ Tổ Hùng Vương.",
    ),
    Row(
        "2026-04-29 15:20",
        SD15,
        "2026-05-04 17:00",
        "Wed late; 30/4, 1/5 off, 2-3/5 weekend: Mon 4/5",
        "Vì nhận sau 15 giờ (15:20); thứ Bảy, Chủ nhật nghỉ; thứ Năm 30/4 nghỉ Ngày Chiến thắng; "
        "thứ Sáu 1/5 nghỉ Ngày Quốc tế Lao động.",
    ),
    Row("2026-12-31 10:00", SD15, "2026-12-31 17:00", "last day of the year, today: 2026 is published"),
    Row(
        "2026-12-31 15:10",
        SD15,
        "2027-01-04 17:00",
        "late; Fri 1/1 off, 2-3 weekend: Mon 4/1/2027, a guess",
        f"Vì nhận sau 15 giờ (15:10); thứ Bảy, Chủ nhật nghỉ; thứ Sáu 1/1/2027 nghỉ Tết Dương lịch; {GUESS}.",
        confirmed=False,
    ),
    Row("2026-12-31 23:59", SD15, "2027-01-04 17:00", "after closing: Mon 4/1/2027", confirmed=False),
    Row(
        "2027-02-03 16:00",
        SD15,
        "2027-02-11 17:00",
        "Wed late; Tết 4-10/2 (weekend within): Thu 11/2, a guess",
        f"Vì nhận sau 15 giờ (16:00) và 4/2–10/2 nghỉ Tết Nguyên đán; {GUESS}.",
        confirmed=False,
    ),
    Row("2026-01-01 09:00", SD15, "2026-01-05 17:00", "1/1 off, 2/1 swapped, 3-4 weekend: Mon 5/1"),
    Row("2026-01-09 15:30", SD15, "2026-01-10 17:00", "Fri late; Sat 10/1 is worked"),
    Row("2025-04-29 15:30", SD15, "2025-05-05 17:00", "Tue late; 30/4, 1/5, 2/5 off, weekend: Mon 5/5/2025"),
    Row("2025-04-25 16:00", SD15, "2025-04-26 17:00", "Fri late; Sat 26/4/2025 is worked"),
    Row(
        "2024-12-30 09:00",
        W3,
        "2025-01-03 17:00",
        "Mon: 31/12(1), 1/1 off, 2/1(2) 3/1(3); 31/12/2024 has no file",
        "3 ngày làm việc, không tính ngày nhận; bỏ qua thứ Tư 1/1/2025 nghỉ Tết Dương lịch; "
        "lịch năm 2024 chưa được công bố.",
        confirmed=False,
    ),
    # Same day without a cutoff: kết hôn 1.000894
    Row(
        "2026-11-23 15:12",
        SD,
        "2026-11-23 17:00",
        "no cutoff, before closing: today",
        "Trả trong ngày: nhận lúc 15:12, trước khi hết giờ làm việc.",
    ),
    Row("2026-11-23 16:59", SD, "2026-11-23 17:00", "a minute before closing: today"),
    Row(
        "2026-11-23 17:00",
        SD,
        "2026-11-25 17:00",
        "at closing: next working day; Tue 24 off: Wed 25",
        f"Vì nhận lúc hết giờ làm việc (17:00) và {CULTURE}.",
    ),
    Row(
        "2026-11-23 19:45",
        SD,
        "2026-11-25 17:00",
        "after closing; Tue 24 off: Wed 25",
        f"Vì nhận sau giờ làm việc (19:45) và {CULTURE}.",
    ),
    Row("2026-11-22 10:00", SD, "2026-11-23 17:00", "Sun: Mon 23"),
    Row("2026-11-20 16:30", SD, "2026-11-20 17:00", "Fri before closing: today"),
    Row("2026-11-20 17:01", SD, "2026-11-23 17:00", "Fri after closing; weekend: Mon 23"),
    # Working days
    Row(
        "2026-11-23 09:00",
        W2,
        "2026-11-26 17:00",
        "25(1) 26(2)",
        f"2 ngày làm việc, không tính ngày nhận; bỏ qua {CULTURE}.",
    ),
    Row("2026-11-23 16:30", W2, "2026-11-26 17:00", "the cutoff is for same-day only: 25(1) 26(2)"),
    Row(
        "2026-11-19 09:00",
        W2,
        "2026-11-23 17:00",
        "Thu: Fri 20(1) Mon 23(2)",
        "2 ngày làm việc, không tính ngày nhận; bỏ qua thứ Bảy, Chủ nhật.",
    ),
    Row(
        "2026-11-30 08:00",
        W2,
        "2026-12-02 17:00",
        "Mon: 1/12(1) 2/12(2)",
        "2 ngày làm việc, không tính ngày nhận.",
    ),
    Row("2026-11-23 09:00", W3, "2026-11-27 17:00", "25(1) 26(2) 27(3)"),
    Row("2026-11-23 20:30", W3, "2026-11-27 17:00", "after closing, the day is not counted anyway"),
    Row(
        "2026-11-20 10:00",
        W3,
        "2026-11-26 17:00",
        "Fri: Mon 23(1) 25(2) 26(3)",
        f"3 ngày làm việc, không tính ngày nhận; bỏ qua thứ Bảy, Chủ nhật và {CULTURE}.",
    ),
    Row(
        "2026-11-22 09:00",
        W3,
        "2026-11-26 17:00",
        "Sun: 23(1) 25(2) 26(3)",
        "3 ngày làm việc, không tính ngày nhận; nhận vào ngày nghỉ (Chủ nhật 22/11) nên ngày đầu tiên là "
        f"thứ Hai 23/11; bỏ qua {CULTURE}.",
    ),
    Row(
        "2026-11-21 09:00",
        W3,
        "2026-11-26 17:00",
        "Sat: 23(1) 25(2) 26(3)",
        "3 ngày làm việc, không tính ngày nhận; nhận vào ngày nghỉ (thứ Bảy 21/11) nên ngày đầu tiên là "
        f"thứ Hai 23/11; bỏ qua Chủ nhật và {CULTURE}.",
    ),
    Row("2026-11-24 09:00", W3, "2026-11-27 17:00", "holiday: 25(1) 26(2) 27(3)"),
    Row(
        "2026-08-20 09:00",
        W3,
        "2026-08-24 17:00",
        "Thu: 21(1) Sat 22 worked(2) Mon 24(3)",
        "3 ngày làm việc, không tính ngày nhận; bỏ qua Chủ nhật; tính cả thứ Bảy 22/8 làm bù.",
    ),
    Row("2026-08-27 09:00", W3, "2026-09-04 17:00", "Thu: 28(1), off 29/8-2/9, 3/9(2) 4/9(3)"),
    Row(
        "2026-02-12 09:00",
        W3,
        "2026-02-24 17:00",
        "Thu: 13(1), off 14-22, 23(2) 24(3)",
        "3 ngày làm việc, không tính ngày nhận; bỏ qua thứ Bảy, Chủ nhật và 16/2–20/2 nghỉ Tết Nguyên đán.",
    ),
    Row(
        "2026-04-24 09:00",
        W3,
        "2026-05-04 17:00",
        "Fri: Tue 28(1) 29(2), off 30/4-3/5, 4/5(3)",
        "3 ngày làm việc, không tính ngày nhận; bỏ qua thứ Bảy, Chủ nhật, "
        "thứ Hai 27/4 nghỉ bù Giỗ Tổ Hùng Vương, thứ Năm 30/4 nghỉ Ngày Chiến thắng và "
        "thứ Sáu 1/5 nghỉ Ngày Quốc tế Lao động.",
    ),
    Row("2026-12-28 09:00", W3, "2026-12-31 17:00", "Mon: 29(1) 30(2) 31(3), still 2026"),
    Row(
        "2026-12-29 09:00",
        W3,
        "2027-01-04 17:00",
        "Tue: 30(1) 31(2), off 1-3/1, 4/1(3), a guess",
        "3 ngày làm việc, không tính ngày nhận; bỏ qua thứ Bảy, Chủ nhật và "
        f"thứ Sáu 1/1/2027 nghỉ Tết Dương lịch; {GUESS}.",
        confirmed=False,
    ),
    Row("2026-11-23 09:00", W5, "2026-12-01 17:00", "25 26 27(3) 30(4) 1/12(5)"),
    Row("2026-12-25 09:00", W5, "2027-01-04 17:00", "Fri: 28 29 30 31(4) 4/1(5)", confirmed=False),
    Row(
        "2026-01-05 09:00",
        W5,
        "2026-01-10 17:00",
        "Mon: 6 7 8 9(4) Sat 10 worked(5)",
        "5 ngày làm việc, không tính ngày nhận; tính cả thứ Bảy 10/1 làm bù.",
    ),
    Row("2026-02-13 17:30", W5, "2026-02-27 17:00", "Fri before Tết: 23 24 25 26 27(5)"),
    Row("2026-11-23 09:00", W8, "2026-12-04 17:00", "25 26 27(3) 30(4) 1 2 3 4/12(8)"),
    Row("2026-08-19 09:00", W8, "2026-08-28 17:00", "Wed: 20 21 22(3) 24 25 26 27 28(8)"),
    Row("2026-11-23 09:00", W10, "2026-12-08 17:00", "as W8 to 4/12(8), 7(9) 8(10)"),
    Row(
        "2026-08-20 09:00",
        W10,
        "2026-09-07 17:00",
        "Thu: 21 22(2) 24-28(7) 3/9(8) 4/9(9) Mon 7/9(10)",
        "10 ngày làm việc, không tính ngày nhận; bỏ qua thứ Bảy, Chủ nhật, "
        "thứ Hai 31/8 nghỉ hoán đổi với thứ Bảy 22/8 và 1/9–2/9 nghỉ Quốc khánh; "
        "tính cả thứ Bảy 22/8 làm bù.",
    ),
    Row("2026-12-21 09:00", W10, "2027-01-05 17:00", "22-25(4) 28-31(8) 4/1(9) 5/1(10)", confirmed=False),
    Row("2026-11-23 09:00", W15, "2026-12-15 17:00", "4/12(8) 7-11(13) 14(14) 15(15)"),
    Row("2026-04-13 09:00", W15, "2026-05-07 17:00", "14-17(4) 20-24(9) 28 29(11) 4-7/5(15)"),
    Row("2026-11-23 09:00", W20, "2026-12-22 17:00", "15/12(15) 16 17 18(18) 21 22(20)"),
    Row("2026-01-26 09:00", W20, "2026-03-02 17:00", "27-30(4) 2-6/2(9) 9-13(14) 23-27(19) 2/3(20)"),
    Row("2026-11-23 09:00", W25, "2026-12-29 17:00", "22/12(20) 23 24 25(23) 28 29(25)"),
    Row(
        "2026-02-10 09:00",
        W25,
        "2026-03-24 17:00",
        "11-13(3) 23-27(8) 2-6/3(13) 9-13(18) 16-20(23) 24(25)",
    ),
    Row(
        "2026-12-07 09:00",
        W25,
        "2027-01-12 17:00",
        "8-11(4) 14-18(9) 21-25(14) 28-31(18) 4-8/1(23) 11 12(25)",
        confirmed=False,
    ),
    # Calendar days
    Row(
        "2026-11-23 09:00",
        D10,
        "2026-12-03 17:00",
        "23/11 + 10 = Thu 3/12",
        "10 ngày kể cả ngày nghỉ, không tính ngày nhận.",
    ),
    Row("2026-11-20 09:00", D10, "2026-11-30 17:00", "Fri 20/11 + 10 = Mon 30/11"),
    Row(
        "2026-11-19 09:00",
        D10,
        "2026-11-30 17:00",
        "19/11 + 10 = Sun 29/11: Mon 30",
        "10 ngày kể cả ngày nghỉ, không tính ngày nhận; hạn rơi vào ngày nghỉ nên bỏ qua Chủ nhật.",
    ),
    Row(
        "2026-11-14 09:00",
        D10,
        "2026-11-25 17:00",
        "Sat: day 1 = Mon 16, day 10 = Wed 25",
        "10 ngày kể cả ngày nghỉ, không tính ngày nhận; nhận vào ngày nghỉ (thứ Bảy 14/11) nên ngày đầu tiên "
        "là thứ Hai 16/11.",
    ),
    Row(
        "2026-02-06 09:00",
        D10,
        "2026-02-23 17:00",
        "6/2 + 10 = Mon 16/2, Tết to 20, weekend: Mon 23",
        "10 ngày kể cả ngày nghỉ, không tính ngày nhận; hạn rơi vào ngày nghỉ nên bỏ qua "
        "thứ Bảy, Chủ nhật và 16/2–20/2 nghỉ Tết Nguyên đán.",
    ),
    Row("2026-04-15 09:00", D10, "2026-04-28 17:00", "15/4 + 10 = Sat 25; Sun 26, Mon 27 off: Tue 28"),
    Row("2026-08-12 09:00", D10, "2026-08-22 17:00", "12/8 + 10 = Sat 22/8, worked"),
    Row("2026-11-23 09:00", D30, "2026-12-23 17:00", "23/11 + 30 = Wed 23/12"),
    Row("2026-10-23 16:00", D30, "2026-11-23 17:00", "23/10 + 30 = Sun 22/11: Mon 23"),
    Row(
        "2026-10-25 09:00",
        D30,
        "2026-11-25 17:00",
        "Sun: day 1 = Mon 26/10, day 30 = Tue 24/11 off: Wed 25",
        "30 ngày kể cả ngày nghỉ, không tính ngày nhận; nhận vào ngày nghỉ (Chủ nhật 25/10) nên "
        f"ngày đầu tiên là thứ Hai 26/10; hạn rơi vào ngày nghỉ nên bỏ qua {CULTURE}.",
    ),
    Row(
        "2026-12-02 09:00",
        D30,
        "2027-01-04 17:00",
        "2/12 + 30 = Fri 1/1/2027 off, weekend: Mon 4/1",
        confirmed=False,
    ),
    # Months
    Row("2026-03-31 09:00", M1, "2026-05-04 17:00", "no 31/4: Thu 30/4 off, 1/5, weekend: Mon 4/5"),
    Row(
        "2026-11-30 09:00",
        M3,
        "2027-03-01 17:00",
        "no 30/2: Sun 28/2/2027: Mon 1/3, a guess",
        f"3 tháng, không tính ngày nhận; hạn rơi vào ngày nghỉ nên bỏ qua Chủ nhật; {GUESS}.",
        confirmed=False,
    ),
    # Hours
    Row(
        "2026-11-23 09:00",
        working_hours(8),
        "2026-11-25 09:30",
        "Mon 2 h 30 + 3 h 30 = 6 h; Tue off; Wed 2 h from 07:30",
        f"8 giờ làm việc, tính từ 09:00 thứ Hai 23/11; bỏ qua {CULTURE}.",
    ),
    Row("2026-11-23 11:00", working_hours(2), "2026-11-23 15:00", "30 min, lunch, 1 h 30 from 13:30"),
    Row("2026-11-22 09:00", working_hours(1), "2026-11-23 08:30", "Sun: from Mon 07:30"),
    Row("2026-11-23 16:00", working_hours(1), "2026-11-23 17:00", "ends exactly at closing"),
    Row("2026-11-25 09:00", hours(24), "2026-11-26 09:00", "Wed 09:00 + 24 h"),
    Row("2026-11-23 09:00", hours(24), "2026-11-25 17:00", "ends Tue 24 off: end of Wed 25"),
    Row("2026-11-25 16:00", hours(3), "2026-11-26 07:30", "ends 19:00: counter opens Thu 07:30"),
    Row("2026-11-21 16:00", hours(2), "2026-11-23 09:30", "Sat: from Mon 07:30"),
]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.received} {row.limit.amount} {row.limit.unit}")
def test_due_date_is_the_one_reckoned_by_hand(row: Row) -> None:
    told = reckon_due(at(row.received), row.limit, CALENDAR)
    assert told.due_at == at(row.due), row.hand
    assert told.confirmed is row.confirmed
    assert told.reason.endswith(".")
    assert ("chưa được công bố" in told.reason) is not row.confirmed
    if row.reason is not None:
        assert told.reason == row.reason


def test_the_table_is_as_large_as_promised() -> None:
    assert len(TABLE) >= 85
    assert sum(row.reason is not None for row in TABLE) >= 40


@pytest.mark.parametrize(
    "limit",
    [
        NO_TERM,
        TimeLimit(3, None),
        TimeLimit(None, TimeUnit.SAME_DAY, time(15, 0)),
        TimeLimit(None, TimeUnit.WORKING_DAY),
        TimeLimit(0, TimeUnit.WORKING_DAY),
        TimeLimit(-1, TimeUnit.DAY),
        TimeLimit(10**9, TimeUnit.WORKING_DAY),
        TimeLimit(10**9, TimeUnit.HOUR),
        TimeLimit(10**9, TimeUnit.MONTH),
    ],
)
def test_a_term_that_is_unknown_or_impossible_is_asked_for(limit: TimeLimit) -> None:
    told = reckon_due(at("2026-11-23 09:00"), limit, CALENDAR)
    assert told.due_at is None
    assert told.confirmed is False
    assert told.reason == "Danh mục chưa có thời hạn của thủ tục này: nhập ngày hẹn và ghi lý do."


def test_a_moment_in_another_zone_is_the_same_moment() -> None:
    utc = datetime(2026, 11, 23, 8, 12, tzinfo=UTC)
    assert reckon_due(utc, SD15, CALENDAR) == reckon_due(at("2026-11-23 15:12"), SD15, CALENDAR)


def test_a_moment_without_zone_is_a_defect() -> None:
    with pytest.raises(ValueError, match="zone"):
        reckon_due(datetime(2026, 11, 23, 9, 0), SD15, CALENDAR)  # noqa: DTZ001


@pytest.mark.parametrize("year", [1, 1989, 2200, 9999])
def test_an_impossible_year_is_refused_in_words(year: int) -> None:
    with pytest.raises(RuleError) as refused:
        reckon_due(datetime(year, 12, 31, 23, 0, tzinfo=VIETNAM), W3, CALENDAR)
    assert refused.value.field == "received_at"
    assert str(year) in refused.value.title


def test_a_day_the_office_closes_is_passed_over_and_named() -> None:
    flood = CalendarEdit(date(2026, 11, 26), EditKind.OFF, "nghỉ tránh lũ")
    told = reckon_due(at("2026-11-25 15:30"), SD15, shipped_calendar([flood]))
    assert told.due_at == at("2026-11-27 17:00")
    assert told.reason == "Vì nhận sau 15 giờ (15:30) và thứ Năm 26/11 nghỉ tránh lũ."


def test_days_off_apart_are_named_apart() -> None:
    flood = [CalendarEdit(date(2026, 12, day), EditKind.OFF, "nghỉ tránh lũ") for day in (1, 3, 4)]
    told = reckon_due(at("2026-11-30 09:00"), W2, shipped_calendar(flood))
    assert told.due_at == at("2026-12-07 17:00")  # Wed 2(1) Mon 7(2)
    assert told.reason.endswith(
        "bỏ qua thứ Bảy, Chủ nhật, thứ Ba 1/12 nghỉ tránh lũ và 3/12–4/12 nghỉ tránh lũ."
    )


def test_a_saturday_the_office_works_is_counted_and_named() -> None:
    duty = CalendarEdit(date(2026, 11, 28), EditKind.WORKING, "trực")
    told = reckon_due(at("2026-11-27 09:00"), W2, shipped_calendar([duty]))
    assert told.due_at == at("2026-11-30 17:00")
    assert told.reason.endswith("bỏ qua Chủ nhật; tính cả thứ Bảy 28/11 làm việc.")


def test_a_year_without_file_is_a_guess_that_says_so() -> None:
    told = reckon_due(at("2029-12-31 09:00"), W2, CALENDAR)
    assert told.due_at == at("2030-01-03 17:00")  # Tue 1/1 off, Wed 2(1), Thu 3(2)
    assert told.reason.endswith("; lịch năm 2030 chưa được công bố.")
    assert told.confirmed is False


def test_due_words_are_those_of_the_picture() -> None:
    assert due_words(at("2026-11-25 17:00")) == "Thứ Tư 25/11/2026 · 17:00"
    assert due_words(datetime(2026, 12, 6, 1, 5, tzinfo=UTC)) == "Chủ nhật 06/12/2026 · 08:05"


MOMENTS = st.datetimes(datetime(2019, 1, 1), datetime(2039, 12, 31)).map(  # noqa: DTZ001
    lambda moment: moment.replace(tzinfo=VIETNAM)
)
DAY_LIMITS = st.one_of(
    st.builds(TimeLimit, st.integers(1, 60), st.sampled_from([TimeUnit.WORKING_DAY, TimeUnit.DAY])),
    st.builds(TimeLimit, st.integers(1, 6), st.just(TimeUnit.MONTH)),
    st.builds(TimeLimit, st.integers(1, 40), st.just(TimeUnit.WORKING_HOUR)),
    st.builds(TimeLimit, st.just(0), st.just(TimeUnit.SAME_DAY), st.none() | st.times()),
)
LIMITS = DAY_LIMITS | st.builds(TimeLimit, st.integers(1, 400), st.just(TimeUnit.HOUR))


@given(MOMENTS, LIMITS)
def test_a_due_date_is_never_a_day_off_nor_before_reception(received: datetime, limit: TimeLimit) -> None:
    due = reckon_due(received, limit, CALENDAR).due_at
    assert due is not None
    assert due > received
    assert CALENDAR.is_working_day(due.date())
    assert CALENDAR.opening(due.date()) <= due <= CALENDAR.closing(due.date())


@given(MOMENTS, DAY_LIMITS, st.timedeltas(timedelta(0), timedelta(days=12)))
def test_who_comes_later_is_never_due_sooner(received: datetime, limit: TimeLimit, later: timedelta) -> None:
    first = reckon_due(received, limit, CALENDAR).due_at
    second = reckon_due(received + later, limit, CALENDAR).due_at
    assert first is not None
    assert second is not None
    assert first <= second


@given(MOMENTS, LIMITS)
def test_it_is_confirmed_exactly_where_every_day_counted_is_published(
    received: datetime, limit: TimeLimit
) -> None:
    told = reckon_due(received, limit, CALENDAR)
    assert told.due_at is not None
    first = min(received.date() + timedelta(days=1), told.due_at.date())
    assert told.confirmed is (first.year >= 2025 and told.due_at.year <= 2026)


# A date an officer gives


def test_a_manual_due_date_after_reception_on_a_working_day_with_a_reason_is_taken() -> None:
    check_manual_due(at("2026-11-25 17:00"), at("2026-11-23 09:00"), "Chờ xác minh", CALENDAR)


@pytest.mark.parametrize(
    ("due", "reason", "field", "words"),
    [
        ("2026-11-23 08:59", "Chờ xác minh", "due", "Thứ Hai 23/11/2026 · 09:00"),
        ("2026-11-23 09:00", "Chờ xác minh", "due", "sau lúc nhận"),
        ("2026-11-24 17:00", "Chờ xác minh", "due", "thứ Tư 25/11"),
        ("2026-11-24 17:00", "Chờ xác minh", "due", "Ngày Văn hóa Việt Nam"),
        ("2026-11-28 10:00", "Chờ xác minh", "due", "thứ Hai 30/11"),
        ("2026-12-31 17:00", "", "reason", "lý do"),
        ("2026-12-31 17:00", "  \u00a0 ", "reason", "lý do"),
        ("2026-12-31 17:00", "...", "reason", "lý do"),
    ],
)
def test_a_manual_due_date_is_refused_beside_its_field(due: str, reason: str, field: str, words: str) -> None:
    with pytest.raises(RuleError) as refused:
        check_manual_due(at(due), at("2026-11-23 09:00"), reason, CALENDAR)
    assert refused.value.field == field
    assert words in f"{refused.value.title} {refused.value.next_step}"
    assert refused.value.next_step
