"""Words of account help that depend on what is on screen."""

from __future__ import annotations

from datetime import date, datetime

from app.clock import VIETNAM
from app.domain.account_help import (
    EXITS,
    OBSTACLE_WORDS,
    STATE_LABELS,
    STEPS,
    ConsentPurpose,
    HelpState,
    Obstacle,
    step_of,
)
from app.domain.deadline_words import weekday_words
from app.domain.people import Sex
from app.domain.phone import display_phone
from app.domain.typed_date import format_date, parse_typed_date
from app.errors import RuleError
from app.services.help.account_help import Case, CaseLine
from app.text import t
from app.ui.account_help.visit import Visit, reachable
from app.ui.widgets import Choice, Step, When

_USUAL: dict[int, tuple[Obstacle, ...]] = {
    1: (Obstacle.NO_SMARTPHONE, Obstacle.SIM_NOT_OWNER, Obstacle.CARD_EXPIRED, Obstacle.CARD_NO_CHIP),
    2: (Obstacle.DATA_MISMATCH, Obstacle.FINGERPRINT_UNREADABLE, Obstacle.SIM_NOT_OWNER, Obstacle.NO_EMAIL),
    3: (Obstacle.DATA_MISMATCH, Obstacle.NO_SIGNAL, Obstacle.SIM_NOT_OWNER),
    4: (Obstacle.SIM_NOT_OWNER, Obstacle.ACTIVATION_LAPSED, Obstacle.FORGOT_SECRET, Obstacle.NO_SIGNAL),
    5: (Obstacle.FORGOT_SECRET, Obstacle.LOCKED, Obstacle.OTHER_DEVICE, Obstacle.PORTAL_DOWN),
    6: (Obstacle.PORTAL_DOWN, Obstacle.NO_SIGNAL, Obstacle.CANNOT_READ, Obstacle.MINORITY_LANGUAGE),
}
_EFFECTS = {
    ConsentPurpose.TRACKING: t(
        "Tên, số định danh và các bước đã ghi bị xóa ngay; tỉnh được báo là yêu cầu không còn. "
        "Công dân vẫn được hướng dẫn đầy đủ."
    ),
    ConsentPurpose.REMINDER: t(
        "Quầy thôi nhắn tin. Số điện thoại cũng bị xóa nếu công dân không đồng ý giữ số cho lần sau."
    ),
    ConsentPurpose.CONTACT: t("Số điện thoại bị xóa ngay, trừ khi công dân vẫn đồng ý nhận tin nhắc hẹn."),
}


def usual_obstacles(state: HelpState) -> tuple[Obstacle, ...]:
    """What most often stands in the way at this step; shown first, the rest on demand."""
    step = step_of(state)
    return _USUAL[step.number if step else 1]


def obstacle_label(obstacle: Obstacle) -> str:
    """The chip's word."""
    return OBSTACLE_WORDS[obstacle].label


def withdrawal_effect(purpose: ConsentPurpose) -> str:
    """What withdrawing does, read to the citizen before it is done."""
    return _EFFECTS[purpose]


def step_title(state: HelpState) -> str:
    """ "Bước 4 / 6: Kích hoạt VNeID", or the end a case has come to."""
    step = step_of(state)
    if step is None or state is HelpState.FIRST_DOSSIER:
        return STATE_LABELS[state]
    return t("Bước {n} / {all}: {name}").format(n=step.number, all=len(STEPS), name=step.name)


def outcome_choices(state: HelpState, next_visit: date | None) -> list[Choice]:
    """What may have come of today, the visit without progress first."""
    choices = [Choice(state.value, _no_progress(state, next_visit))]
    for each in reachable(state):
        if each is not state:
            choices.append(Choice(each.value, STATE_LABELS[each], _step_words(each)))
    return choices


def steps_shown(visit: Visit) -> list[Step]:
    """The six steps: done with their day, the one worked at, those to come."""
    now = step_of(visit.outcome)
    ended = visit.outcome is HelpState.FIRST_DOSSIER
    at = len(STEPS) + 1 if ended else (now.number if now else 0)
    steps = []
    for step in STEPS:
        when = When.PAST if step.number < at else When.NOW if step.number == at else When.FUTURE
        day = _day_done(visit.case, step.number) if when is When.PAST else None
        steps.append(Step(step.name, t("Xong {day}").format(day=_day(day)) if day else step.hint, when))
    return steps


def person_line(visit: Visit) -> str:
    """ "Nữ · 14/08/1998 · 0900 000 123"."""
    person, case = visit.person, visit.case
    sex = person.sex if person else (Sex(case.sex) if case and case.sex else None)
    born = person.birth_date if person else (case.birth_date if case else None)
    words = {Sex.FEMALE: t("Nữ"), Sex.MALE: t("Nam"), None: ""}[sex]
    phone = display_phone(visit.kept_phone) if visit.kept_phone else ""
    return " · ".join(part for part in (words, format_date(born), phone) if part)


def case_row_words(line: CaseLine) -> tuple[str, str]:
    """Title and detail of a case in the list; numbers stay masked."""
    title = line.name or t("Không lưu tên · {phone}").format(phone=line.masked_phone)
    parts = [step_title(line.state)]
    if line.next_visit is not None:
        parts.append(t("hẹn {day}").format(day=_day(line.next_visit)))
    return title, " · ".join(parts)


def given_words(at: datetime, version: int, officer_name: str) -> str:
    """When, by which wording and to whom a consent was given."""
    local = at.astimezone(VIETNAM)
    return t("Đồng ý lúc {time} · lời đọc bản {version} · {officer}").format(
        time=f"{local:%H:%M %d/%m}", version=version, officer=officer_name
    )


def unsaved_words(visit: Visit) -> str:
    """What leaving now would mean."""
    if not visit.keeps_something:
        return t("Chưa lưu. Chưa đồng ý thì chỉ đếm một lượt.")
    return t("Chưa lưu. Gặp lần {n}.").format(n=visit.case.visits if visit.case else 1)


def saved_words(visit: Visit) -> tuple[str, str]:
    """When it was saved and what that kept."""
    at = f"{visit.saved_at.astimezone(VIETNAM):%H:%M:%S}" if visit.saved_at else ""
    if visit.case_id is None:
        return t("Đã đếm lượt này {at}").format(at=at), t("Không lưu tên, không gửi tỉnh")
    if not visit.tracked:
        return t("Đã lưu {at}").format(at=at), t("Không lưu tiến trình")
    return t("Đã lưu {at}").format(at=at), t("Gặp lần {n}").format(n=visit.case.visits if visit.case else 1)


def parse_next_visit(text: str, today: date) -> date:
    """The day typed. Raises ``RuleError`` (field ``next``), also for a day that has passed."""
    day = parse_typed_date(text, today, "next")
    if day < today:
        raise RuleError(
            "next-visit-past",
            t("Ngày hẹn quay lại đã qua."),
            t("Gõ ngày từ hôm nay trở đi, hoặc để trống."),
            field="next",
        )
    return day


def _no_progress(state: HelpState, next_visit: date | None) -> str:
    if state is HelpState.FIRST_DOSSIER or state in EXITS:
        return STATE_LABELS[state]
    return t("Chưa xong, có hẹn") if next_visit else t("Chưa xong, làm tiếp")


def _step_words(state: HelpState) -> str:
    step = step_of(state)
    return t("bước {n}").format(n=step.number) if step else ""


def _day_done(case: Case | None, number: int) -> date | None:
    """The day the case was first seen beyond this step."""
    for taken in case.steps if case else ():
        step = step_of(taken.state)
        if taken.state is HelpState.FIRST_DOSSIER or (step is not None and step.number > number):
            return taken.at.astimezone(VIETNAM).date()
    return None


def _day(day: date | None) -> str:
    if day is None:
        return ""
    return f"{weekday_words(day)} {day:%d/%m}"
