"""What the leader reads before he signs: the act in plain words, and what it changes."""

from __future__ import annotations

from datetime import datetime

from app.clock import VIETNAM
from app.domain.deadline_words import due_words
from app.domain.dossier_status import Act
from app.services.people.approvals import Approval
from app.services.people.delegation import Delegation
from app.text import t

_TITLES = {
    Act.COMPLETE: t("Ký kết quả"),
    Act.EXTEND: t("Xin lỗi và hẹn lại"),
    Act.STOP: t("Dừng giải quyết"),
    Act.REOPEN: t("Mở lại hồ sơ"),
    Act.ACCEPT: t("Nhận thiếu giấy tờ"),
}
_EFFECTS = {
    Act.COMPLETE: t("Ký rồi thì hồ sơ được tính là xong, chờ trả cho công dân."),
    Act.EXTEND: t("Ký rồi thì ngày hẹn đổi và văn bản xin lỗi in được."),
    Act.STOP: t("Ký rồi thì hồ sơ dừng hẳn, lý do in trên thông báo gửi công dân."),
    Act.REOPEN: t("Ký rồi thì hồ sơ trở lại bước trước, ghi tên người ký."),
    Act.ACCEPT: t("Ký rồi thì hồ sơ được nhận dù thiếu giấy bắt buộc, ghi tên người ký."),
}


def act_title(act: Act) -> str:
    """The act as the leader calls it."""
    return _TITLES.get(act, act.label)


def effect(act: Act) -> str:
    """What signing brings about."""
    return _EFFECTS.get(act, "")


def order_lines(laid: Approval) -> list[tuple[str, str]]:
    """What is signed: label and value, empty ones left out."""
    order = laid.order
    result = order.result
    due = due_words(order.due_at) if order.due_at is not None else ""
    before = due_words(laid.due_at) if laid.due_at is not None else t("chưa có")
    signer = " · ".join(part for part in (result.signer, result.signer_title) if part)
    lines = [
        (t("Ngày hẹn mới"), due),
        (t("Ngày hẹn đang có"), before if laid.order.act is Act.EXTEND else ""),
        (t("Số kết quả"), order.result_no),
        (t("Vào sổ"), result.book),
        (t("Người ký trên giấy"), signer),
        (t("Kết quả ở hệ thống khác"), " ".join(part for part in (result.system, result.foreign_no) if part)),
        (t("Giấy tờ"), "; ".join(order.items)),
        (t("Lý do"), order.reason),
        (t("Lý do nhận thiếu"), order.override),
    ]
    return [(label, value) for label, value in lines if value]


def asked_words(laid: Approval) -> str:
    """``Lục Thị Yến trình 09:12 · 23/11``."""
    local = laid.asked_at.astimezone(VIETNAM)
    return t("{name} trình lúc {time}").format(name=laid.asked_by, time=f"{local:%H:%M} ngày {local:%d/%m}")


def delegation_words(given: Delegation, now: datetime) -> str:
    """Who signs for whom, and on which days."""
    started = given.from_day <= now.astimezone(VIETNAM).date()
    words = t("{deputy} ký thay {leader}") if started else t("{deputy} sẽ ký thay {leader}")
    days = (
        t("ngày {day}").format(day=f"{given.from_day:%d/%m}")
        if given.from_day == given.to_day
        else t("từ {start} đến {end}").format(start=f"{given.from_day:%d/%m}", end=f"{given.to_day:%d/%m}")
    )
    return " ".join((words.format(deputy=given.deputy_name, leader=given.leader_name), days))
