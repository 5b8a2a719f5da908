"""What is said of each obstacle and state: to the officer, and on the citizen's take-home card.

Only what DOMAIN §9 knows is stated. Terms that Công an or a message sets (approval, the activation
period) are not: the citizen goes by the message.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from app.domain.help_states import HelpState, Obstacle
from app.domain.typed_date import format_weekday_date
from app.text import t

VNEID_HOTLINE = "1900 0368"
"""Hotline of VNeID; the counter's own number is configuration."""

OTP_WARNING = t("Không đọc OTP cho bất kỳ ai, kể cả cán bộ")
OTP_WARNING_DETAIL = t("Công dân tự nhập mật khẩu, passcode, OTP trên máy mình.")


@dataclass(frozen=True)
class ObstacleWords:
    """What is said of an obstacle: chip, next advice for the officer, line on the take-home card.

    ``card_line`` is empty where the citizen has nothing to do about it.
    """

    label: str
    advice: str
    card_line: str


OBSTACLE_WORDS: dict[Obstacle, ObstacleWords] = {
    Obstacle.NO_SMARTPHONE: ObstacleWords(
        t("Không có máy riêng"),
        t("Hẹn lại khi có điện thoại thông minh của mình. Hôm nay vẫn nhận hồ sơ giấy tại quầy."),
        t("Mang điện thoại thông minh của mình."),
    ),
    Obstacle.SIM_NOT_OWNER: ObstacleWords(
        t("SIM không chính chủ"),
        t("Ra nhà mạng đổi SIM sang tên mình, mang thẻ căn cước."),
        t("Ra nhà mạng, đổi SIM sang tên mình."),
    ),
    Obstacle.CARD_EXPIRED: ObstacleWords(
        t("Thẻ hết hạn"),
        t("Đến Công an làm lại thẻ căn cước trước, rồi mới làm tài khoản."),
        t("Đến Công an, làm lại thẻ căn cước."),
    ),
    Obstacle.CARD_NO_CHIP: ObstacleWords(
        t("Thẻ không có chip"),
        t("Đến Công an đổi sang thẻ căn cước có chip."),
        t("Đến Công an, đổi thẻ căn cước có chip."),
    ),
    Obstacle.FINGERPRINT_UNREADABLE: ObstacleWords(
        t("Không lấy được vân tay"),
        t("Việc của Công an xã: công dân trực tiếp hỏi khi đến làm mức độ 2. Quầy không lấy vân tay."),
        t("Báo Công an xã là vân tay khó đọc."),
    ),
    Obstacle.DATA_MISMATCH: ObstacleWords(
        t("Dữ liệu không khớp"),
        t("Dữ liệu dân cư và hộ tịch khác nhau. Đối chiếu giấy tờ hộ tịch, rồi công dân đến Công an xã."),
        t("Mang giấy khai sinh và thẻ đến quầy."),
    ),
    Obstacle.ACTIVATION_LAPSED: ObstacleWords(
        t("Hết hạn kích hoạt"),
        t("Quá thời hạn ghi trong tin nhắn. Công dân đến Công an xã hoặc gọi 1900 0368 để hỏi cách làm lại."),
        t("Hỏi Công an xã hoặc gọi 1900 0368."),
    ),
    Obstacle.FORGOT_SECRET: ObstacleWords(
        t("Quên mật khẩu, passcode"),
        t("Công dân tự đặt lại trên máy mình, cần thì gọi 1900 0368. Cán bộ không nhập, không ghi lại."),
        t("Tự đặt lại mật khẩu, hoặc gọi 1900 0368."),
    ),
    Obstacle.LOCKED: ObstacleWords(
        t("Tài khoản bị khóa"),
        t("Khóa do nhập sai nhiều lần. Công dân gọi 1900 0368 để được hướng dẫn."),
        t("Gọi 1900 0368 hỏi cách mở khóa."),
    ),
    Obstacle.OTHER_DEVICE: ObstacleWords(
        t("Đang dùng trên máy khác"),
        t("Mang máy đang đăng nhập đến, hoặc công dân gọi 1900 0368."),
        t("Mang cả máy đang đăng nhập VNeID."),
    ),
    Obstacle.NO_SIGNAL: ObstacleWords(
        t("Sóng yếu"),
        t("Làm ở nơi có sóng, hoặc hẹn lại tại quầy."),
        t("Làm ở nơi có sóng điện thoại."),
    ),
    Obstacle.NO_EMAIL: ObstacleWords(
        t("Không có email"),
        t("Email không bắt buộc. Bỏ trống và làm tiếp."),
        "",
    ),
    Obstacle.CANNOT_READ: ObstacleWords(
        t("Khó đọc, khó thao tác"),
        t("Đọc to từng bước, công dân tự bấm. Nên đi cùng người nhà tin cậy."),
        t("Đi cùng người nhà tin cậy."),
    ),
    Obstacle.MINORITY_LANGUAGE: ObstacleWords(
        t("Cần tiếng dân tộc"),
        t("Mời người nói được tiếng của bà con cùng hướng dẫn, hoặc hẹn lại khi có người."),
        t("Báo quầy nếu cần người nói tiếng mình."),
    ),
    Obstacle.PORTAL_DOWN: ObstacleWords(
        t("Cổng DVC không vào được"),
        t("Hẹn lại. Việc gấp thì nhận hồ sơ giấy tại quầy ngay hôm nay."),
        t("Thử lại Cổng dịch vụ công sau."),
    ),
    Obstacle.OTHER: ObstacleWords(
        t("Vướng mắc khác"),
        t("Ghi ngắn gọn vào ghi chú, không ghi mật khẩu hay mã."),
        "",
    ),
}

_STATE_CARD_LINES: dict[HelpState, str] = {
    HelpState.REGISTERED: t("Mang thẻ căn cước đến quầy."),
    HelpState.NOT_ELIGIBLE: t("Đủ thẻ và điện thoại thì quay lại quầy."),
    HelpState.ELIGIBLE: t("Đến Công an xã, mang thẻ và điện thoại."),
    HelpState.SENT_TO_POLICE: t("Đến Công an xã, mang thẻ và điện thoại."),
    HelpState.AWAITING_APPROVAL: t("Chờ tin nhắn báo đã duyệt, đừng xóa."),
    HelpState.APPROVED: t("Mở VNeID, tự kích hoạt, tự nhập OTP."),
    HelpState.ACTIVATED: t("Vào dichvucong.gov.vn bằng VNeID."),
    HelpState.SIGNED_IN: t("Tự nộp hồ sơ đầu tiên, giữ mã hồ sơ."),
    HelpState.FIRST_DOSSIER: t("Theo dõi hồ sơ trên Cổng dịch vụ công."),
    HelpState.DECLINED: t("Cần giúp thì quay lại quầy lúc nào cũng được."),
    HelpState.FAILED: t("Cần giúp thì quay lại quầy lúc nào cũng được."),
    HelpState.BY_PROXY: t("Giữ giấy ủy quyền và giấy tiếp nhận."),
}


def next_advice(state: HelpState, obstacles: Collection[Obstacle]) -> tuple[str, ...]:
    """What the officer says next: the advice for each obstacle, else what the state asks."""
    advice = tuple(OBSTACLE_WORDS[o].advice for o in _ordered(obstacles))
    return advice or (_STATE_CARD_LINES[state],)


def card_lines(state: HelpState, obstacles: Collection[Obstacle], next_visit: date | None) -> tuple[str, ...]:
    """The numbered lines of the take-home card: mend the obstacles, do the step, come back."""
    lines = [OBSTACLE_WORDS[o].card_line for o in _ordered(obstacles)]
    lines.append(_STATE_CARD_LINES[state])
    if next_visit is not None:
        when = format_weekday_date(next_visit)
        lines.append(t("{when}: quay lại quầy, mang điện thoại này.").format(when=when))
    return tuple(dict.fromkeys(line for line in lines if line))


def _ordered(obstacles: Collection[Obstacle]) -> list[Obstacle]:
    return [o for o in Obstacle if o in obstacles]
