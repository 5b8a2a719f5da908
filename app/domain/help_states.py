"""States, steps and obstacles of an account-help case, and which step follows which (DOMAIN §9)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from app.errors import RuleError
from app.text import t

E = TypeVar("E", bound=StrEnum)


class HelpState(StrEnum):
    """Where a case stands; the values are those of the command line and the table."""

    REGISTERED = "dang_ky_ho_tro"
    ELIGIBLE = "du_dieu_kien"
    NOT_ELIGIBLE = "thieu_dieu_kien"
    SENT_TO_POLICE = "da_chuyen_cong_an"
    AWAITING_APPROVAL = "cho_phe_duyet"
    APPROVED = "da_duyet_cho_kich_hoat"
    ACTIVATED = "da_kich_hoat"
    SIGNED_IN = "da_dang_nhap_cong"
    FIRST_DOSSIER = "da_nop_ho_so_dau_tien"
    DECLINED = "tu_choi_ho_tro"
    FAILED = "that_bai"
    BY_PROXY = "nop_thay_uy_quyen"


class Obstacle(StrEnum):
    """What stands in the way; the order is that of the chips on screen."""

    NO_SMARTPHONE = "no_smartphone"
    SIM_NOT_OWNER = "sim_not_owner"
    CARD_EXPIRED = "card_expired"
    CARD_NO_CHIP = "card_no_chip"
    FINGERPRINT_UNREADABLE = "fingerprint_unreadable"
    DATA_MISMATCH = "data_mismatch"
    ACTIVATION_LAPSED = "activation_lapsed"
    FORGOT_SECRET = "forgot_secret"
    LOCKED = "locked"
    OTHER_DEVICE = "other_device"
    NO_SIGNAL = "no_signal"
    NO_EMAIL = "no_email"
    CANNOT_READ = "cannot_read"
    MINORITY_LANGUAGE = "minority_language"
    PORTAL_DOWN = "portal_down"
    OTHER = "other"


@dataclass(frozen=True)
class HelpStep:
    """One of the six steps; ``hint`` says where it happens."""

    number: int
    name: str
    hint: str


STEPS: tuple[HelpStep, ...] = (
    HelpStep(1, t("Kiểm tra thẻ"), t("Tại quầy, thẻ còn hạn")),
    HelpStep(2, t("Chuyển Công an xã"), t("Công dân tự đến, làm mức độ 2")),
    HelpStep(3, t("Công an duyệt"), t("Chờ tin nhắn đến điện thoại")),
    HelpStep(4, t("Kích hoạt VNeID"), t("Trên máy của công dân")),
    HelpStep(5, t("Đăng nhập Cổng DVC"), t("Quét QR bằng VNeID")),
    HelpStep(6, t("Nộp hồ sơ đầu tiên"), t("Công dân tự bấm nộp")),
)

STATE_LABELS: dict[HelpState, str] = {
    HelpState.REGISTERED: t("Đăng ký hỗ trợ"),
    HelpState.ELIGIBLE: t("Đủ điều kiện"),
    HelpState.NOT_ELIGIBLE: t("Thiếu điều kiện"),
    HelpState.SENT_TO_POLICE: t("Đã chuyển Công an xã"),
    HelpState.AWAITING_APPROVAL: t("Chờ Công an phê duyệt"),
    HelpState.APPROVED: t("Đã duyệt, chờ kích hoạt"),
    HelpState.ACTIVATED: t("Đã kích hoạt"),
    HelpState.SIGNED_IN: t("Đã đăng nhập Cổng DVC"),
    HelpState.FIRST_DOSSIER: t("Đã nộp hồ sơ đầu tiên"),
    HelpState.DECLINED: t("Từ chối hỗ trợ"),
    HelpState.FAILED: t("Chưa thành công"),
    HelpState.BY_PROXY: t("Nộp thay theo ủy quyền"),
}

_STEP_OF: dict[HelpState, int] = {
    HelpState.REGISTERED: 1,
    HelpState.NOT_ELIGIBLE: 1,
    HelpState.ELIGIBLE: 2,
    HelpState.SENT_TO_POLICE: 2,
    HelpState.AWAITING_APPROVAL: 3,
    HelpState.APPROVED: 4,
    HelpState.ACTIVATED: 5,
    HelpState.SIGNED_IN: 6,
    HelpState.FIRST_DOSSIER: 6,
}

EXITS: frozenset[HelpState] = frozenset({HelpState.DECLINED, HelpState.FAILED, HelpState.BY_PROXY})
"""Side exits, open from every state that is not an end."""

ENDS: frozenset[HelpState] = EXITS | {HelpState.FIRST_DOSSIER}
"""States nothing follows; a citizen who comes again gets a new case."""

_FORWARD: dict[HelpState, frozenset[HelpState]] = {
    HelpState.REGISTERED: frozenset({HelpState.ELIGIBLE, HelpState.NOT_ELIGIBLE}),
    HelpState.ELIGIBLE: frozenset({HelpState.SENT_TO_POLICE}),
    HelpState.NOT_ELIGIBLE: frozenset({HelpState.ELIGIBLE, HelpState.SENT_TO_POLICE}),
    HelpState.SENT_TO_POLICE: frozenset({HelpState.AWAITING_APPROVAL}),
    HelpState.AWAITING_APPROVAL: frozenset({HelpState.APPROVED}),
    HelpState.APPROVED: frozenset({HelpState.ACTIVATED}),
    HelpState.ACTIVATED: frozenset({HelpState.SIGNED_IN}),
    HelpState.SIGNED_IN: frozenset({HelpState.FIRST_DOSSIER}),
}
_BACK: dict[HelpState, frozenset[HelpState]] = {
    # Not in DOMAIN §9: what an obstacle found late (card, data, lapsed activation) sends back.
    HelpState.ELIGIBLE: frozenset({HelpState.NOT_ELIGIBLE}),
    HelpState.SENT_TO_POLICE: frozenset({HelpState.NOT_ELIGIBLE}),
    HelpState.AWAITING_APPROVAL: frozenset({HelpState.NOT_ELIGIBLE, HelpState.SENT_TO_POLICE}),
    HelpState.APPROVED: frozenset({HelpState.SENT_TO_POLICE}),
}


def step_of(state: HelpState) -> HelpStep | None:
    """The step being worked on, ``None`` for a side exit."""
    number = _STEP_OF.get(state)
    return STEPS[number - 1] if number else None


def steps_done(state: HelpState) -> int:
    """How many of the six steps are behind: 6 once the first dossier is filed, 0 for a side exit."""
    if state is HelpState.FIRST_DOSSIER:
        return len(STEPS)
    return max(0, _STEP_OF.get(state, 1) - 1)


def next_states(state: HelpState) -> tuple[HelpState, ...]:
    """The lawful next states in the order of ``HelpState``; empty at an end.

    The state itself is not among them: a visit without progress is a note, not a step.
    """
    if state in ENDS:
        return ()
    allowed = _FORWARD[state] | _BACK.get(state, frozenset()) | EXITS
    return tuple(s for s in HelpState if s in allowed)


def require_help_step(
    old: HelpState, new: HelpState, obstacles: Collection[Obstacle] = (), note: str = ""
) -> None:
    """Let a step pass, or raise ``RuleError``.

    The same state again records another visit while the case is open. ``help-step`` (field ``state``):
    the step is not lawful; ``help-reason`` (field ``obstacle``): a failure needs its reason;
    ``help-note`` (field ``note``): the obstacle "other" needs a word.
    """
    if new not in next_states(old) and (new is not old or old in ENDS):
        raise _unlawful(old)
    if new is HelpState.FAILED and not obstacles:
        raise RuleError(
            "help-reason",
            t("Chưa chọn lý do chưa thành công."),
            t("Chọn ít nhất một vướng mắc ở trên."),
            field="obstacle",
        )
    if Obstacle.OTHER in obstacles and not note.strip():
        raise RuleError(
            "help-note",
            t("Vướng mắc khác cần vài chữ ghi rõ."),
            t("Ghi ngắn gọn vào ghi chú, không ghi mật khẩu hay mã."),
            field="note",
        )


def _unlawful(old: HelpState) -> RuleError:
    allowed = next_states(old)
    if not allowed:
        return RuleError(
            "help-step",
            t("Lượt hỗ trợ này đã kết thúc."),
            t("Mở lượt mới nếu công dân cần giúp tiếp."),
            field="state",
        )
    names = ", ".join(STATE_LABELS[s] for s in allowed if s not in EXITS)
    return RuleError(
        "help-step",
        t("Chưa chuyển thẳng đến bước này được."),
        t("Bước tiếp theo có thể là: {names}.").format(names=names),
        field="state",
    )


def parse_state(text: str) -> HelpState:
    """The state of that value; ``RuleError`` ``help-state-unknown`` (field ``state``) otherwise."""
    return parse_choice(HelpState, text, "help-state-unknown", t("Không có trạng thái hỗ trợ này."), "state")


def parse_obstacle(text: str) -> Obstacle:
    """The obstacle of that code; ``RuleError`` ``help-obstacle-unknown`` (field ``obstacle``) otherwise."""
    return parse_choice(Obstacle, text, "help-obstacle-unknown", t("Không có mã vướng mắc này."), "obstacle")


def parse_choice(kind: type[E], text: str, code: str, title: str, field: str) -> E:
    """The member of that value, or a ``RuleError`` that names the choices."""
    try:
        return kind(text)
    except ValueError:
        choices = ", ".join(member.value for member in kind)
        raise RuleError(
            code, title, t("Chọn một trong: {choices}.").format(choices=choices), field=field
        ) from None
