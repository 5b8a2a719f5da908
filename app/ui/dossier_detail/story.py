"""The history of a dossier as a timeline: what was done, where it stands now, what is expected."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from app.clock import VIETNAM, from_wire
from app.domain.deadline_words import due_words, weekday_words
from app.domain.dossier_status import Act, Status, TermClock, term_clock
from app.services.finding.dossier_detail import DossierDetail, HistoryLine
from app.services.papers.slip_words import money
from app.text import t
from app.ui.dossier_detail.citizen import WAYS
from app.ui.dossier_detail.prints import FORM, paper_name
from app.ui.dossiers.dates import local_day, short_day
from app.ui.widgets import Shape, TimelineEntry, Tone, When

_SENT = {
    "waiting": t("chờ gửi tỉnh"),
    "accepted": t("tỉnh đã nhận"),
    "deferred": t("tỉnh hẹn trả lời sau"),
    "rejected": t("tỉnh trả về"),
}

_MARKS: dict[str, tuple[Shape, Tone]] = {
    "registered": (Shape.RING, Tone.SECONDARY),
    Act.ACCEPT: (Shape.DISC, Tone.GREEN),
    Act.START: (Shape.PLAY, Tone.BLUE),
    Act.REQUEST_SUPPLEMENT: (Shape.PAUSE, Tone.SECONDARY),
    Act.REQUEST_FEE: (Shape.PAUSE, Tone.SECONDARY),
    Act.SUPPLEMENT: (Shape.PLAY, Tone.BLUE),
    Act.REFUSE: (Shape.CROSS, Tone.RED),
    Act.WITHDRAW: (Shape.DASH, Tone.SECONDARY),
    Act.STOP: (Shape.DASH, Tone.SECONDARY),
    Act.EXTEND: (Shape.TRIANGLE, Tone.AMBER),
    Act.REOPEN: (Shape.PLAY, Tone.BLUE),
    Act.PAY: (Shape.CHECK, Tone.GREEN),
    "refund": (Shape.DASH, Tone.SECONDARY),
    Act.TRANSFER: (Shape.ARROW_UP, Tone.SECONDARY),
    Act.ACCEPT_CUSTODY: (Shape.DISC, Tone.GREEN),
    Act.COMPLETE: (Shape.CHECK, Tone.GREEN),
    Act.RETURN: (Shape.CHECK, Tone.GREEN),
    "print": (Shape.DISC, Tone.SECONDARY),
    "numbered": (Shape.CHECK, Tone.GREEN),
    "province_status": (Shape.PLAY, Tone.BLUE),
    "due_date_proposed": (Shape.TRIANGLE, Tone.AMBER),
    "override": (Shape.TRIANGLE, Tone.AMBER),
}


def entries_of(dossier: DossierDetail, now: datetime) -> list[TimelineEntry]:
    """The oldest first; a new day is said once above its first line."""
    entries: list[TimelineEntry] = []
    shown_day = None
    for line in dossier.history:
        day = local_day(line.at)
        entries.append(_entry(line, day_title(line.at) if day != shown_day else ""))
        shown_day = day
    return [*entries, *_present(dossier), *_future(dossier, now)]


def day_title(moment: datetime) -> str:
    """``Thứ Hai 23/11/2026``."""
    day = local_day(moment)
    words = weekday_words(day)
    return f"{words[0].upper()}{words[1:]} {day:%d/%m/%Y}"


def _entry(line: HistoryLine, day: str) -> TimelineEntry:
    shape, tone = _MARKS.get(line.act, (Shape.DISC, Tone.SECONDARY))
    note, sent = _note(line), _SENT.get(line.sent, "")
    who = " · ".join(part for part in (line.by, note, sent) if part)
    return TimelineEntry(
        f"{line.at.astimezone(VIETNAM):%H:%M}", act_words(line), who, shape=shape, tone=tone, day=day
    )


def act_words(line: HistoryLine) -> str:
    """What was done, in a few words."""
    special = _WORDS.get(line.act)
    if special is not None:
        return special(line.detail)
    return _LABELS.get(line.act, t("Ghi nhận khác"))


_LABELS = {act.value: act.label for act in Act}


def _printed(detail: Mapping[str, Any]) -> str:
    copy, form = int(detail.get("copy_no") or 1), str(detail.get("form") or FORM)
    if form != FORM:
        words = t("In {name}") if copy < 2 else t("In lại {name} lần {count}")
        return words.format(name=paper_name(form), count=copy - 1)
    return t("In giấy hẹn") if copy < 2 else t("In lại giấy hẹn lần {count}").format(count=copy - 1)


def _asked(detail: Mapping[str, Any]) -> str:
    count = int(detail.get("round") or 1)
    words = t("Yêu cầu bổ sung")
    return words if count < 2 else t("{words} lần {count}").format(words=words, count=count)


def _act_label(detail: Mapping[str, Any]) -> str:
    return _LABELS.get(str(detail.get("act")), "")


def _signed_note(detail: Mapping[str, Any]) -> str:
    asked = str(detail.get("asked_by") or "")
    by = t("{name} trình").format(name=asked) if asked else ""
    return "; ".join(part for part in (by, str(detail.get("note") or "")) if part)


def _moved(detail: Mapping[str, Any]) -> str:
    return t("Tỉnh báo: {status}").format(status=_status_label(detail.get("to")))


_WORDS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "registered": lambda _d: t("Ghi nhận, chờ tiếp nhận"),
    "certify": lambda d: t("Vào sổ chứng thực, số {number}").format(number=d.get("register_no", "")),
    "print": _printed,
    "eform": lambda _d: t("Điền tờ khai"),
    Act.RETURN: lambda d: t("Đã trả lại giấy tờ") if d.get("papers_back") else t("Đã trả kết quả"),
    "override": lambda _d: t("Nhận khi thiếu giấy tờ, lãnh đạo đồng ý"),
    "correct": lambda _d: t("Sửa thông tin trên giấy hẹn"),
    "arriving": lambda _d: t("Đơn vị khác chuyển hồ sơ đến"),
    Act.REQUEST_SUPPLEMENT: _asked,
    Act.REQUEST_FEE: lambda _d: t("Yêu cầu nộp phí, lệ phí"),
    Act.WITHDRAW: lambda _d: t("Công dân rút hồ sơ"),
    Act.EXTEND: lambda _d: t("Xin lỗi và hẹn lại"),
    Act.PAY: lambda _d: t("Thu phí, lệ phí"),
    "refund": lambda _d: t("Hủy biên nhận, hoàn tiền"),
    Act.TRANSFER: lambda _d: t("Chuyển đơn vị khác"),
    "numbered": lambda _d: t("Tỉnh cấp số hồ sơ"),
    "post_arrived": lambda _d: t("Phong bì đến qua bưu chính"),
    "post_ready": lambda _d: t("Giữ kết quả để giao bưu chính"),
    "post_handed": lambda _d: t("Giao kết quả cho bưu chính"),
    "post_came_back": lambda _d: t("Bưu chính chuyển lại"),
    "province_status": _moved,
    "due_date_proposed": lambda _d: t("Tỉnh đề xuất ngày trả khác"),
    "proposal_kept": lambda _d: t("Giữ theo phiếu, không theo đề xuất của tỉnh"),
    "proposal_accepted": lambda _d: t("Nhận theo đề xuất của tỉnh"),
    "rejected_by_province": lambda _d: t("Tỉnh trả về"),
    "resent": lambda _d: t("Sửa và gửi lại tỉnh"),
    "given_up": lambda d: t("Bỏ việc tỉnh trả về: {act}").format(act=d.get("act", "")),
    "custody_changed": lambda _d: t("Chuyển nơi giữ hồ sơ"),
    "taken_in": lambda _d: t("Quầy khác tiếp nhận, cổng chuyển về máy này"),
    "result_issued": lambda _d: t("Tỉnh gửi kết quả"),
    "contact_changed": lambda _d: t("Tỉnh sửa thông tin liên hệ"),
    "approval_asked": lambda d: t("Trình lãnh đạo ký: {act}").format(act=_act_label(d)),
    "approval_taken_back": lambda d: t("Rút lại việc trình ký: {act}").format(act=_act_label(d)),
    "approved": lambda d: t("Lãnh đạo ký: {act}").format(act=_act_label(d)),
    "declined": lambda d: t("Lãnh đạo trả lại: {act}").format(act=_act_label(d)),
}


def _note(line: HistoryLine) -> str:
    detail = line.detail
    special = _NOTES.get(line.act)
    if special is not None:
        return special(detail)
    if line.act in _POSTED:
        return _post_note(detail)
    if line.act == "numbered":
        return str(detail.get("number") or "")
    if line.act == "due_date_proposed" and detail.get("due_at"):
        return due_words(from_wire(str(detail["due_at"])))
    return str(detail.get("reason") or detail.get("note") or "")


_POSTED = ("post_arrived", "post_ready", "post_handed", "post_came_back")


def _post_note(detail: Mapping[str, Any]) -> str:
    bill, no = str(detail.get("bill") or ""), str(detail.get("list_no") or "")
    parts = (
        str(detail.get("note") or ""),
        t("vận đơn {bill}").format(bill=bill) if bill else "",
        t("bảng kê {no}").format(no=no) if no else "",
        str(detail.get("envelope_no") or ""),
    )
    return ", ".join(part for part in parts if part)


def _papers_note(detail: Mapping[str, Any]) -> str:
    parts = [*(str(item) for item in detail.get("items") or ()), str(detail.get("reason") or "")]
    return "; ".join(part for part in parts if part)


def _paid_note(detail: Mapping[str, Any]) -> str:
    receipt = str(detail.get("receipt") or "")
    return (
        f"{_amount(detail)} · {t('biên nhận {number}').format(number=receipt)}"
        if receipt
        else _amount(detail)
    )


def _refund_note(detail: Mapping[str, Any]) -> str:
    parts = (str(detail.get("receipt") or ""), _amount(detail), str(detail.get("reason") or ""))
    return " · ".join(part for part in parts if part)


def _amount(detail: Mapping[str, Any]) -> str:
    amount = detail.get("amount_vnd")
    return t("{amount} đ").format(amount=money(int(amount))) if amount is not None else ""


def _result_note(detail: Mapping[str, Any]) -> str:
    number = str(detail.get("result_no") or "")
    return t("Số kết quả {number}").format(number=number) if number else ""


def _returned_note(detail: Mapping[str, Any]) -> str:
    """By which way, to whom where another took it, and the post's number."""
    relation = str(detail.get("relation") or "")
    taken = f"{detail.get('recipient')} ({relation})" if relation else ""
    parts = (WAYS.get(str(detail.get("method") or ""), ""), taken, str(detail.get("bill") or ""))
    return " · ".join(part for part in parts if part)


_NOTES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    Act.REQUEST_SUPPLEMENT: _papers_note,
    Act.SUPPLEMENT: _papers_note,
    Act.REQUEST_FEE: _amount,
    Act.PAY: _paid_note,
    "refund": _refund_note,
    Act.COMPLETE: _result_note,
    Act.RETURN: _returned_note,
    Act.TRANSFER: lambda detail: str(detail.get("to_name") or ""),
    "approved": _signed_note,
    "declined": _signed_note,
}


def _present(dossier: DossierDetail) -> list[TimelineEntry]:
    if dossier.status in (Status.REFUSED, Status.WITHDRAWN, Status.STOPPED, Status.RETURNED):
        return []
    who = dossier.left
    if dossier.status is Status.COMPLETED:
        words = t("Chờ trả kết quả")
        who = t("Mời công dân đến nhận")
    else:
        words = dossier.status.label
    if term_clock(dossier.status) is TermClock.STOPPED:
        who = t("Thời hạn đang dừng, tính tiếp khi công dân nộp đủ")
    return [TimelineEntry(t("Bây giờ"), words, who, when=When.NOW)]


def _future(dossier: DossierDetail, now: datetime) -> list[TimelineEntry]:
    due = dossier.due_at
    if due is None or due < now or term_clock(dossier.status) is not TermClock.RUNS:
        return []
    local = due.astimezone(VIETNAM)
    place = t("tại quầy") if dossier.return_method == "counter" else ""
    words = t("Hẹn trả {time} {place}").format(time=f"{local:%H:%M}", place=place).strip()
    time = short_day(local.date(), local_day(now).year)
    return [TimelineEntry(time, words, dossier.due_reason, when=When.FUTURE)]


def _status_label(code: object) -> str:
    try:
        return Status(int(str(code))).label
    except ValueError:
        return t("trạng thái khác")
