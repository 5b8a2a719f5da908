"""The paper that answers a citizen's request, kept and printed like any other (layout of NĐ 30/2020)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, select

from app.clock import VIETNAM
from app.domain.plain_paper import PaperPart, PlainPaper
from app.domain.privacy import KEPT_BY_LAW, RequestKind
from app.domain.roles import Officer, Permission
from app.domain.typed_date import format_date
from app.errors import RuleError
from app.models import tables
from app.services.desk import Desk
from app.services.papers import slips
from app.services.papers.slips import MadePaper
from app.services.privacy.requests import Request, read_request
from app.text import t

FORM = "PTL"
"""How printings of the answer are counted and named."""


def print_answer(desk: Desk, by: Officer, request_id: str) -> MadePaper:
    """Draw the answer, keep the PDF, count the printing.

    Raises ``NotFoundError`` "no-request", ``RuleError`` "not-permitted", "request-open" before the decision.
    """
    by.require(Permission.PRINT)
    from app.printing.plain_paper import draw_plain_paper

    with desk.store.read() as connection:
        request = read_request(connection, request_id)
        if request.open:
            raise RuleError(
                "request-open",
                t("Yêu cầu này chưa có câu trả lời."),
                t("Lãnh đạo trả lời trước rồi in."),
            )
        copy_no = slips.next_copy(connection, request_id, FORM)
        paper = _paper(connection, desk, request, copy_no)
    return slips.keep_paper(
        desk,
        by,
        dossier_id=None,
        subject_id=request_id,
        form=FORM,
        form_set="",
        pdf=draw_plain_paper(paper),
        copy_no=copy_no,
        record_kind="subject_request",
    )


def _paper(connection: Connection, desk: Desk, request: Request, copy_no: int) -> PlainPaper:
    decided = request.decided_at
    assert decided is not None
    assert request.decision is not None
    asked = PaperPart(
        lines=(
            (t("Kính gửi"), request.name),
            (t("Số giấy tờ"), request.identity),
            (t("Địa chỉ"), request.address),
            (
                t("Yêu cầu số"),
                t("{number}, nhận ngày {day}").format(
                    number=request.number, day=_day(request.received_at.astimezone(VIETNAM).date())
                ),
            ),
            (t("Điều yêu cầu"), f"{request.kind.label}: {request.words}"),
        )
    )
    office = slips.office_name(connection, desk)
    words = [
        t("{office} đã xem xét yêu cầu và trả lời như sau: {decision}.").format(
            office=office, decision=request.decision.label.lower()
        ),
        request.reason,
        *_done(request),
    ]
    lines = ((t("Căn cứ"), request.basis),) if request.basis else ()
    closing = t("Ông/bà không đồng ý với câu trả lời này thì có quyền khiếu nại theo quy định của pháp luật.")
    return PlainPaper(
        head=slips.slip_head(connection, desk, ""),
        title=t("Trả lời yêu cầu về dữ liệu cá nhân"),
        made_at=decided,
        parts=(asked, PaperPart(words=tuple(words)), PaperPart(lines=lines, words=(closing,))),
        serial=t("Số: {number}").format(number=request.number),
        signers=((_title(connection, request), request.decided_by),),
        copy_no=copy_no,
        demo=desk.profile.demo,
    )


def _done(request: Request) -> list[str]:
    """What was done, counted by the program."""
    outcome = request.outcome
    if request.kind is RequestKind.CORRECTION and outcome.get("corrected"):
        return [t("Đã chỉnh sửa {count} hồ sơ tại quầy.").format(count=outcome["corrected"])]
    if request.kind is not RequestKind.ERASURE or not outcome:
        return []
    gone = t("Đã xóa {cases} lượt hỗ trợ tài khoản và {drafts} bản nháp. Bản sao lưu cũ tự hết hạn sau.")
    words = [gone.format(cases=outcome.get("help_cases", 0), drafts=outcome.get("drafts", 0))]
    if outcome.get("dossiers_kept"):
        words.append(t("Giữ lại {count} hồ sơ.").format(count=outcome["dossiers_kept"]) + " " + KEPT_BY_LAW)
    return words


def _title(connection: Connection, request: Request) -> str:
    """The signer's position as the office keeps it; never invented."""
    o = tables.officer.c
    found = connection.execute(select(o.position).where(o.name == request.decided_by).limit(1))
    return str(found.scalar_one_or_none() or "")


def _day(day: date) -> str:
    return format_date(day)
