"""Short sentences of the intake page, made from data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from app.clock import VIETNAM
from app.domain.deadline_words import due_words
from app.domain.dossier_status import Status
from app.domain.people import IdKind, Sex
from app.domain.typed_date import format_date, parse_typed_date
from app.errors import AppError, RuleError
from app.services.finding.search import Hit, Visits
from app.services.intake.received_parts import FeeLine
from app.services.intake.reception import Received
from app.text import t
from app.ui.reception.form import Form, PersonText

SEXES = {Sex.FEMALE.value: t("Nữ"), Sex.MALE.value: t("Nam")}
ID_KINDS = {
    IdKind.PERSONAL_NUMBER.value: t("Số định danh"),
    IdKind.PASSPORT.value: t("Hộ chiếu"),
    IdKind.ID_CARD_9.value: t("CMND 9 số"),
    IdKind.NONE.value: t("Chưa có giấy tờ"),
}


def grouped_id(number: str) -> str:
    """``008198 000000``; other numbers unchanged."""
    return f"{number[:6]} {number[6:]}" if len(number) == 12 and number.isdigit() else number


def person_line(person: PersonText, *, with_id: bool = False) -> str:
    """``Nữ · 14/08/1998``, with the number at the end for one line."""
    parts = [SEXES.get(person.sex, ""), person.birth_date, person.nationality]
    if with_id:
        parts[2:] = [grouped_id(person.id_value)]
    return " · ".join(part for part in parts if part)


def birth_of(text: str, today: date) -> date:
    """A birth date as typed. Raises ``RuleError`` also for a day to come."""
    day = parse_typed_date(text, today, "birth_date")
    if day > today:
        raise RuleError(
            "birth-date-range",
            t("Ngày sinh {day} ở sau hôm nay.").format(day=format_date(day)),
            t("Gõ lại, ví dụ 14081998."),
            field="birth_date",
        )
    return day


def money(amount: int | None) -> str:
    """``16.000 đ``, ``Miễn``, or that nobody has told the amount."""
    if amount is None:
        return t("Chưa có mức thu")
    return t("{amount} đ").format(amount=f"{amount:,}".replace(",", ".")) if amount else t("Miễn")


def fee_name(line: FeeLine) -> str:
    """The fee with its count where more than one."""
    return f"{line.name} × {line.count}" if line.count > 1 else line.name


def visits_words(visits: Visits) -> tuple[str, str]:
    """``Đã đến 3 lần`` and what the last visit was for."""
    if visits.last is None:
        return t("Lần đầu đến đây"), ""
    day = format_date(visits.last.received_at.astimezone(VIETNAM).date())
    what = visits.last.procedure_name
    what = what[:1].lower() + what[1:]
    return (
        t("Đã đến {count} lần").format(count=visits.count),
        t("gần nhất {day}: {what}").format(day=day, what=what),
    )


def together_words(form: Form) -> tuple[str, str]:
    """Which dossier of the visit this is, and what it has brought so far."""
    return (
        t("Hồ sơ thứ {n} của lượt này").format(n=form.together_count + 1),
        t("đã nhận {count}, mới nhất {number} · F10 xong lượt").format(
            count=form.together_count, number=form.together_last
        ),
    )


def visits_link(visits: Visits) -> str:
    """The link beside the visits; empty for a first visit."""
    if visits.last is None:
        return ""
    if visits.count == 1:
        return t("Xem hồ sơ trước")
    return t("Xem {count} hồ sơ trước").format(count=visits.count)


def same_words(hits: Sequence[Hit]) -> tuple[str, str]:
    """Title and body of the notice that the same dossier is already open."""
    newest = hits[0]
    title = t("Đang có hồ sơ cùng thủ tục của người này")
    day = newest.received_at.astimezone(VIETNAM)
    body = t("{number}, nhận {day}. Xem lại; nếu vẫn nhận hồ sơ mới, bấm F9 lần nữa.")
    return title, body.format(number=newest.number, day=f"{day:%H:%M %d/%m}")


def due_line(due_at: datetime | None) -> str:
    """``Thứ Tư 25/11/2026 · 17:00``, or that the officer gives it."""
    return due_words(due_at) if due_at else t("Chưa có ngày hẹn")


def accepted_words(received: Received) -> tuple[str, str]:
    """What is said at once after F9."""
    if received.status == Status.NEW:
        strong = t("Đã ghi đã đến {number}").format(number=received.number)
        return strong, t("chưa tiếp nhận, chưa hẹn ngày trả · mở hồ sơ để nhận hoặc từ chối")
    strong = t("Đã tiếp nhận {number}").format(number=received.number)
    when = due_words(received.due_at) if received.due_at else ""
    return strong, t("hẹn trả {when}").format(when=when[:1].lower() + when[1:]) if when else ""


def sentence(error: AppError) -> str:
    """What happened and what next."""
    return f"{error.title} {error.next_step}".strip()
