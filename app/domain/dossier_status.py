"""Life of a dossier: national statuses, acts of the counter, and which step follows which.

``TRANSITIONS`` is SYNC-PROTOCOL-CHOICES §3.4 to the letter and is what desk and gateway refuse by; ``STEPS``
is what an officer may do in each status and never leads outside of it. Times of the term follow DOMAIN §3.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import IntEnum, StrEnum

from app.clock import VIETNAM
from app.domain.roles import PERMISSIONS, Permission, Role
from app.domain.working_calendar import WorkingCalendar
from app.errors import RuleError
from app.text import t

_NEAR_DAYS = 1
_NEAR_MINUTES = 120


class Status(IntEnum):
    """National status codes (DOMAIN §3)."""

    NEW = 1
    RECEIVED = 2
    REFUSED = 3
    PROCESSING = 4
    SUPPLEMENT_REQUESTED = 5
    FEE_REQUESTED = 6
    WITHDRAWN = 7
    STOPPED = 8
    COMPLETED = 9
    RETURNED = 10

    @property
    def label(self) -> str:
        """The national name, as screens and reports show it."""
        return t(_STATUS_LABELS[self])


class Act(StrEnum):
    """Acts of a dossier's life, as the command line names them."""

    ACCEPT = "accept"
    START = "start"
    REQUEST_SUPPLEMENT = "request-supplement"
    SUPPLEMENT = "supplement"
    REQUEST_FEE = "request-fee"
    PAY = "pay"
    EXTEND = "extend"
    COMPLETE = "complete"
    RETURN = "return"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    STOP = "stop"
    REOPEN = "reopen"
    TRANSFER = "transfer"
    ACCEPT_CUSTODY = "accept-custody"

    @property
    def label(self) -> str:
        """What the button says."""
        return t(_ACT_LABELS[self])


class TermClock(StrEnum):
    """What the legal term does in a status."""

    NOT_STARTED = "not_started"
    RUNS = "runs"
    STOPPED = "stopped"
    ENDED = "ended"


class Urgency(StrEnum):
    """How a running term stands."""

    ON_TIME = "on_time"
    NEAR = "near"
    LATE = "late"

    @property
    def label(self) -> str:
        """The word beside the sign."""
        return t(_URGENCY_LABELS[self])


_STATUS_LABELS = {
    Status.NEW: "Mới đăng ký",
    Status.RECEIVED: "Được tiếp nhận",
    Status.REFUSED: "Không được tiếp nhận",
    Status.PROCESSING: "Đang xử lý",
    Status.SUPPLEMENT_REQUESTED: "Yêu cầu bổ sung giấy tờ",
    Status.FEE_REQUESTED: "Yêu cầu thực hiện nghĩa vụ tài chính",
    Status.WITHDRAWN: "Công dân yêu cầu rút hồ sơ",
    Status.STOPPED: "Dừng xử lý",
    Status.COMPLETED: "Đã xử lý xong",
    Status.RETURNED: "Đã trả kết quả",
}

_ACT_LABELS = {
    Act.ACCEPT: "Tiếp nhận",
    Act.START: "Chuyển xử lý",
    Act.REQUEST_SUPPLEMENT: "Yêu cầu bổ sung",
    Act.SUPPLEMENT: "Nhận giấy tờ bổ sung",
    Act.REQUEST_FEE: "Nghĩa vụ tài chính",
    Act.PAY: "Thu phí, lệ phí",
    Act.EXTEND: "Xin lỗi và gia hạn",
    Act.COMPLETE: "Đã xử lý xong",
    Act.RETURN: "Trả kết quả",
    Act.REFUSE: "Từ chối tiếp nhận",
    Act.WITHDRAW: "Công dân rút hồ sơ",
    Act.STOP: "Dừng giải quyết",
    Act.REOPEN: "Mở lại hồ sơ",
    Act.TRANSFER: "Chuyển đơn vị khác",
    Act.ACCEPT_CUSTODY: "Nhận hồ sơ chuyển đến",
}

_URGENCY_LABELS = {
    Urgency.ON_TIME: "Đúng hạn",
    Urgency.NEAR: "Sắp đến hạn",
    Urgency.LATE: "Quá hạn",
}

_OPEN = (
    Status.PROCESSING,
    Status.SUPPLEMENT_REQUESTED,
    Status.FEE_REQUESTED,
    Status.WITHDRAWN,
    Status.STOPPED,
    Status.COMPLETED,
)

TRANSITIONS: Mapping[Status | None, frozenset[Status]] = {
    None: frozenset({Status.RECEIVED, Status.REFUSED}),
    Status.NEW: frozenset({Status.RECEIVED, Status.REFUSED}),
    Status.RECEIVED: frozenset(_OPEN),
    Status.REFUSED: frozenset({Status.RECEIVED}),
    Status.PROCESSING: frozenset(_OPEN),
    Status.SUPPLEMENT_REQUESTED: frozenset({Status.PROCESSING, Status.WITHDRAWN, Status.STOPPED}),
    Status.FEE_REQUESTED: frozenset({Status.PROCESSING, Status.WITHDRAWN, Status.STOPPED}),
    Status.WITHDRAWN: frozenset({Status.STOPPED, Status.RETURNED, Status.PROCESSING}),
    Status.STOPPED: frozenset({Status.RETURNED}),
    Status.COMPLETED: frozenset({Status.RETURNED, Status.PROCESSING}),
    Status.RETURNED: frozenset(),
}
"""Lawful next statuses; ``None`` is a dossier the other side has not heard of."""

NEEDS_APPROVAL = frozenset({(Status.REFUSED, Status.RECEIVED), (Status.COMPLETED, Status.PROCESSING)})
"""Steps that carry a leader's approval."""

_RUNNING = (Status.RECEIVED, Status.PROCESSING)
_UNFINISHED = (*_RUNNING, Status.SUPPLEMENT_REQUESTED, Status.FEE_REQUESTED)


def _to(after: Status, *before: Status) -> Mapping[Status, Status]:
    return dict.fromkeys(before, after)


def _keeping(*statuses: Status) -> Mapping[Status, Status]:
    return {status: status for status in statuses}


STEPS: Mapping[Act, Mapping[Status, Status]] = {
    Act.ACCEPT: _to(Status.RECEIVED, Status.NEW),
    Act.START: _to(Status.PROCESSING, Status.RECEIVED),
    Act.REQUEST_SUPPLEMENT: _to(Status.SUPPLEMENT_REQUESTED, *_RUNNING),
    Act.SUPPLEMENT: _to(Status.PROCESSING, Status.SUPPLEMENT_REQUESTED),
    Act.REQUEST_FEE: _to(Status.FEE_REQUESTED, *_RUNNING),
    Act.PAY: {
        **_keeping(*_RUNNING, Status.COMPLETED),
        **_to(Status.PROCESSING, Status.FEE_REQUESTED),
    },
    Act.EXTEND: _keeping(*_RUNNING),
    Act.COMPLETE: _to(Status.COMPLETED, *_RUNNING),
    Act.RETURN: _to(Status.RETURNED, Status.WITHDRAWN, Status.STOPPED, Status.COMPLETED),
    Act.REFUSE: _to(Status.REFUSED, Status.NEW),
    Act.WITHDRAW: _to(Status.WITHDRAWN, *_UNFINISHED),
    Act.STOP: _to(Status.STOPPED, *_UNFINISHED, Status.WITHDRAWN),
    Act.REOPEN: {
        **_to(Status.RECEIVED, Status.REFUSED),
        **_to(Status.PROCESSING, Status.WITHDRAWN, Status.COMPLETED),
    },
    Act.TRANSFER: _keeping(*_UNFINISHED),
    Act.ACCEPT_CUSTODY: _keeping(*_UNFINISHED),
}
"""Status before and after each act; fee, due date and custody may change while the status stays."""

_PERMISSION = {
    Act.ACCEPT: Permission.RECEIVE,
    Act.REFUSE: Permission.RECEIVE,
    Act.SUPPLEMENT: Permission.RECEIVE,
    Act.PAY: Permission.RECEIVE,
    Act.WITHDRAW: Permission.RECEIVE,
    Act.RETURN: Permission.RETURN,
    Act.REOPEN: Permission.REOPEN,
}

_TERM = {
    Status.NEW: TermClock.NOT_STARTED,
    Status.RECEIVED: TermClock.RUNS,
    Status.REFUSED: TermClock.NOT_STARTED,
    Status.PROCESSING: TermClock.RUNS,
    Status.SUPPLEMENT_REQUESTED: TermClock.STOPPED,
    Status.FEE_REQUESTED: TermClock.STOPPED,
    Status.WITHDRAWN: TermClock.ENDED,
    Status.STOPPED: TermClock.ENDED,
    Status.COMPLETED: TermClock.ENDED,
    Status.RETURNED: TermClock.ENDED,
}


def is_transition(old: Status | None, new: Status, *, approved: bool) -> bool:
    """Whether the step is lawful; reversing a refusal or reopening a finished dossier needs approval."""
    return new in TRANSITIONS[old] and (approved or (old, new) not in NEEDS_APPROVAL)


def require_transition(old: Status | None, new: Status, approved: bool) -> None:
    """Raise ``RuleError`` ``illegal-transition`` or ``approval-missing`` (field ``status``)."""
    if is_transition(old, new, approved=approved):
        return
    if new in TRANSITIONS[old]:
        raise RuleError(
            "approval-missing",
            t("Bước này cần lãnh đạo đồng ý."),
            t("Hồ sơ giữ nguyên. Nhờ lãnh đạo đăng nhập và làm bước này."),
            field="status",
        )
    before = old.label if old is not None else t("chưa tiếp nhận")
    raise RuleError(
        "illegal-transition",
        t("Hồ sơ đang ở bước “{old}”, chưa chuyển sang “{new}” được.").format(old=before, new=new.label),
        t("Hồ sơ giữ nguyên. Mở hồ sơ để xem các việc làm được lúc này."),
        field="status",
    )


def status_after(act: Act, status: Status) -> Status:
    """The status the act leads to; ``RuleError`` ``illegal-transition`` (field ``act``) where none is."""
    after = STEPS[act].get(status)
    if after is None:
        raise RuleError(
            "illegal-transition",
            t("Hồ sơ đang ở bước “{status}” nên chưa làm được việc “{act}”.").format(
                status=status.label, act=act.label
            ),
            _possible_words(status),
            field="act",
        )
    return after


def permission_for(act: Act) -> Permission:
    """What the officer must be allowed to do."""
    return _PERMISSION.get(act, Permission.PROCESS)


def lawful_acts(status: Status, role: Role) -> tuple[Act, ...]:
    """What this role may do with a dossier in this status, in the order of ``Act``."""
    allowed = PERMISSIONS[role]
    return tuple(act for act in Act if status in STEPS[act] and permission_for(act) in allowed)


def term_clock(status: Status) -> TermClock:
    """Whether the legal term runs in the status (DOMAIN §3)."""
    return _TERM[status]


def urgency(
    due_at: datetime | None,
    now: datetime,
    status: Status,
    calendar: WorkingCalendar,
    *,
    same_day: bool = False,
) -> Urgency | None:
    """How near the end is; ``None`` without a due date or while no term runs.

    Near: at most one working day left, for a same-day procedure at most two working hours (product choice,
    DOMAIN §3). Late: after the due moment; at it is on time.
    """
    if due_at is None or term_clock(status) is not TermClock.RUNS:
        return None
    if now > due_at:
        return Urgency.LATE
    if same_day:
        near = calendar.working_minutes_between(now, due_at) <= _NEAR_MINUTES
    else:
        today, last = now.astimezone(VIETNAM).date(), due_at.astimezone(VIETNAM).date()
        near = calendar.working_days_between(today, last) <= _NEAR_DAYS
    return Urgency.NEAR if near else Urgency.ON_TIME


def ended_on_time(due_at: datetime | None, ended_at: datetime) -> bool:
    """Whether a finished dossier counts as on time: its end is not after its due date (DOMAIN §3)."""
    return due_at is None or ended_at <= due_at


def _possible_words(status: Status) -> str:
    possible = [act.label for act in Act if status in STEPS[act]]
    if not possible:
        return t("Hồ sơ này đã kết thúc, không còn bước nào nữa.")
    return t("Hồ sơ giữ nguyên. Việc làm được lúc này: {acts}.").format(acts=", ".join(possible))
