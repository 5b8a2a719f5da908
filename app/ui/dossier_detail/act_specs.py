"""What each act asks the officer for, and how its button and form speak."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.dossier_status import Act, Status
from app.text import t

REASON, ITEMS, DUE, AMOUNT, UNIT, RESULT = "reason", "item", "due", "amount", "to", "result_no"
SIGNER, FILE = "signer", "file"
"""Fields of the form, named as the errors of ``services.life`` name them."""


@dataclass(frozen=True)
class ActSpec:
    """One act on screen. ``labels``: its fields in order, none where no words are asked; ``at_once``: done
    by the press itself; ``do``: the blue button of its form; ``done``: said afterwards."""

    icon: str
    intro: str
    labels: dict[str, str]
    do: str
    done: str
    cap: str = ""
    at_once: bool = False
    hints: tuple[tuple[str, str], ...] = ()
    placeholders: tuple[tuple[str, str], ...] = ()


SPECS: dict[Act, ActSpec] = {
    Act.ACCEPT: ActSpec(
        "inbox-down",
        t("Giấy tờ đã đủ thì tiếp nhận; thời hạn tính từ lúc này."),
        {ITEMS: t("Giấy tờ nộp thêm hôm nay"), DUE: t("Ngày hẹn trả"), REASON: t("Lý do chọn ngày")},
        t("Tiếp nhận"),
        t("Đã tiếp nhận hồ sơ."),
        hints=((DUE, t("Để trống: máy tính theo quy định.")),),
        placeholders=((ITEMS, t("mỗi dòng một giấy tờ, nếu có")),),
    ),
    Act.START: ActSpec("play", "", {}, t("Chuyển xử lý"), t("Đã chuyển xử lý."), cap="F7", at_once=True),
    Act.REQUEST_SUPPLEMENT: ActSpec(
        "document",
        t("Ghi đủ mọi giấy tờ còn thiếu trong một lần. Thời hạn dừng đến khi công dân nộp đủ."),
        {ITEMS: t("Giấy tờ cần bổ sung"), REASON: t("Lý do, hướng dẫn")},
        t("Gửi yêu cầu"),
        t("Đã ghi yêu cầu bổ sung. Thời hạn dừng từ lúc này."),
        cap="F6",
        placeholders=((ITEMS, t("mỗi dòng một giấy tờ")), (REASON, t("nếu cần nói rõ thêm"))),
    ),
    Act.SUPPLEMENT: ActSpec(
        "inbox-down",
        t("Giữ lại những giấy công dân đã nộp, xóa dòng chưa có."),
        {ITEMS: t("Giấy tờ vừa nhận")},
        t("Ghi đã nhận"),
        t("Đã nhận giấy tờ bổ sung. Thời hạn tính tiếp."),
        placeholders=((ITEMS, t("mỗi dòng một giấy tờ")),),
    ),
    Act.REQUEST_FEE: ActSpec(
        "clock",
        t("Thời hạn dừng đến khi công dân nộp tiền."),
        {AMOUNT: t("Số tiền"), REASON: t("Khoản thu")},
        t("Ghi yêu cầu"),
        t("Đã ghi nghĩa vụ tài chính. Thời hạn dừng từ lúc này."),
        placeholders=((REASON, t("ví dụ lệ phí trước bạ")),),
    ),
    Act.PAY: ActSpec(
        "money",
        t("Thu tiền mặt, số biên nhận do quầy cấp."),
        {AMOUNT: t("Số tiền đã thu")},
        t("Ghi đã thu"),
        t("Đã ghi thu tiền."),
    ),
    Act.EXTEND: ActSpec(
        "calendar",
        t("Văn bản xin lỗi phải ra trước ngày hẹn trả."),
        {DUE: t("Ngày hẹn mới"), REASON: t("Lý do chậm")},
        t("Hẹn lại"),
        t("Đã hẹn lại ngày trả."),
        hints=((DUE, t("Trả đến hết giờ làm việc ngày này.")),),
    ),
    Act.COMPLETE: ActSpec(
        "check",
        t("Từ lúc này hồ sơ được tính là xong, chờ trả cho công dân."),
        {RESULT: t("Số kết quả"), SIGNER: t("Người ký"), FILE: t("Tệp kết quả"), REASON: t("Ghi chú")},
        t("Ghi đã xong"),
        t("Đã xử lý xong. Mời công dân đến nhận."),
        placeholders=(
            (RESULT, t("trống nếu không đánh số")),
            (SIGNER, t("như trên giấy kết quả")),
            (FILE, t("PDF, JPEG, PNG hoặc TIFF")),
        ),
    ),
    Act.RETURN: ActSpec(
        "tray-up",
        t("Xem giấy tờ của người nhận trước khi giao. Ghi rồi thì hồ sơ khép lại."),
        {},
        t("Ghi đã trả"),
        t("Đã trả cho công dân. Hồ sơ khép lại."),
        cap="F8",
    ),
    Act.REFUSE: ActSpec(
        "close",
        t("Ghi rõ lý do để công dân biết phải làm gì tiếp."),
        {REASON: t("Lý do từ chối")},
        t("Từ chối"),
        t("Đã ghi từ chối tiếp nhận."),
    ),
    Act.WITHDRAW: ActSpec(
        "back-arrow",
        t("Hồ sơ dừng lại và giấy tờ được trả cho công dân."),
        {REASON: t("Lý do rút")},
        t("Ghi đã rút"),
        t("Đã ghi công dân rút hồ sơ. Nhớ trả lại giấy tờ."),
        placeholders=((REASON, t("để trống: công dân yêu cầu rút")),),
    ),
    Act.STOP: ActSpec(
        "close",
        t("Lý do này in trên thông báo gửi công dân."),
        {REASON: t("Lý do dừng")},
        t("Dừng hồ sơ"),
        t("Đã dừng giải quyết. Nhớ trả lại giấy tờ."),
    ),
    Act.REOPEN: ActSpec(
        "rotate",
        t("Hồ sơ trở lại bước trước, ghi tên lãnh đạo đồng ý."),
        {REASON: t("Lý do mở lại")},
        t("Mở lại"),
        t("Đã mở lại hồ sơ."),
    ),
    Act.TRANSFER: ActSpec(
        "building",
        t("Hồ sơ vẫn do đơn vị này giữ đến khi bên kia nhận."),
        {UNIT: t("Đơn vị nhận"), REASON: t("Ghi chú")},
        t("Chuyển đi"),
        t("Đã chuyển, đang chờ bên kia nhận."),
        placeholders=((UNIT, t("gõ tên xã, phường")),),
    ),
    Act.ACCEPT_CUSTODY: ActSpec(
        "inbox-down", "", {}, t("Nhận hồ sơ"), t("Đã nhận hồ sơ chuyển đến."), at_once=True
    ),
}

_KEYS = {Act.REQUEST_SUPPLEMENT: "F6", Act.START: "F7", Act.RETURN: "F8"}
KEYED = tuple(_KEYS)
"""Acts behind a key of the window."""

_GIVEN_BACK = (Status.WITHDRAWN, Status.STOPPED)


def act_title(act: Act, status: Status) -> str:
    """What button and form call the act; papers of an ended dossier are given back, not a result."""
    if act is Act.RETURN and status in _GIVEN_BACK:
        return t("Trả lại hồ sơ")
    return act.label


def button_words(act: Act, status: Status) -> str:
    """``…`` where words are asked first."""
    title = act_title(act, status)
    return title if SPECS[act].at_once or SPECS[act].cap else f"{title}…"
