"""Export of one person's data: everything the desk holds under one identity number, as a paper to read.

Of other people in the same dossiers only how many there are is told: their data is theirs. Papers of a
dossier are named, not copied; each may be printed from the dossier.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, RowMapping, select

from app.clock import VIETNAM
from app.domain.account_help import STATE_LABELS, HelpState
from app.domain.dossier_status import Act, Status
from app.domain.plain_paper import PaperPart, PlainPaper
from app.domain.roles import Officer, Permission
from app.domain.typed_date import format_date
from app.errors import NotFoundError, RuleError
from app.models import life_tables, tables
from app.services.desk import Desk
from app.services.help.case import read_case
from app.services.papers.slip_words import money
from app.services.papers.slips import address_words, phone_words, slip_head
from app.services.people.delegation import signs_for
from app.services.privacy.identity import identity_of, is_restricted
from app.services.privacy.records import (
    PersonRecords,
    counts_of,
    is_person,
    parties_of,
    records_of,
)
from app.services.privacy.requests import has_request, read_request
from app.services.privacy.words import consent_line, person_lines
from app.services.recording import Recorder
from app.text import t

TITLE = t("Dữ liệu của một người tại quầy")


@dataclass(frozen=True)
class PersonExport:
    """``pdf``: to be written to a file asked for by name, or printed; it is not kept here."""

    pdf: bytes
    dossiers: int
    help_cases: int
    drafts: int
    requests: int


def person_export(desk: Desk, by: Officer, identity: str) -> PersonExport:
    """Everything held under the number; audited.

    A leader may always; another officer where the person has asked to see their data. Raises
    ``RuleError`` "not-permitted", "identity-shape", "no-request", ``NotFoundError`` "no-person".
    """
    by.require(Permission.PRINT)
    from app.printing.plain_paper import draw_plain_paper

    number = identity_of(identity)
    now = desk.clock.now()
    with desk.store.write() as connection:
        _require_cause(connection, by, number, now)
        found = records_of(connection, number)
        if not found.any:
            raise NotFoundError(
                "no-person",
                t("Quầy này không giữ dữ liệu nào theo số giấy tờ đã gõ."),
                t("Kiểm tra lại số; hồ sơ của quầy khác không nằm ở máy này."),
                field="identity",
            )
        paper = _paper(connection, desk, by, number, found, now)
        recorder = Recorder(connection, desk, by, now)
        for dossier_id in found.dossiers:
            recorder.audit("export_person", "dossier", dossier_id)
        for case_id in found.help_cases:
            recorder.audit("export_person", "help_case", case_id)
        for request_id in found.requests:
            recorder.audit("export_person", "subject_request", request_id)
        for draft_id in found.drafts:
            recorder.audit("export_person", "draft", draft_id)
    return PersonExport(
        draw_plain_paper(paper),
        len(found.dossiers),
        len(found.help_cases),
        len(found.drafts),
        len(found.requests),
    )


def _require_cause(connection: Connection, by: Officer, identity: str, now: datetime) -> None:
    leads = by.may(Permission.OVERRIDE) or signs_for(connection, by.id, now.astimezone(VIETNAM).date())
    if not leads and not has_request(connection, identity):
        raise RuleError(
            "no-request",
            t("Chưa có yêu cầu xem dữ liệu của người này."),
            t("Ghi yêu cầu của công dân trước rồi xuất; hoặc nhờ lãnh đạo xuất."),
            field="identity",
        )


def _paper(
    connection: Connection, desk: Desk, by: Officer, identity: str, found: PersonRecords, now: datetime
) -> PlainPaper:
    parts = [_opening(connection, identity, found)]
    parts += [_dossier(connection, each, identity, place) for place, each in enumerate(found.dossiers, 1)]
    parts += [_case(connection, each, now) for each in found.help_cases]
    parts += [_request(connection, each) for each in found.requests]
    if found.drafts:
        parts.append(_drafts(connection, found.drafts))
    return PlainPaper(
        head=slip_head(connection, desk, ""),
        title=TITLE,
        made_at=now,
        parts=tuple(parts),
        signers=((t("Người xuất dữ liệu"), by.name),),
        demo=desk.profile.demo,
    )


def _opening(connection: Connection, identity: str, found: PersonRecords) -> PaperPart:
    held = t("{dossiers} hồ sơ, {cases} lượt hỗ trợ tài khoản, {drafts} bản nháp, {requests} yêu cầu").format(
        dossiers=len(found.dossiers),
        cases=len(found.help_cases),
        drafts=len(found.drafts),
        requests=len(found.requests),
    )
    words = [
        t(
            "Bản này gồm mọi dữ liệu quầy đang giữ theo số giấy tờ trên. Dữ liệu của người khác trong cùng"
            " hồ sơ không trích ở đây. Giấy tờ trong hồ sơ được kê tên; cần bản nào thì in từ hồ sơ."
        )
    ]
    if is_restricted(connection, identity):
        words.append(t("Người này đang yêu cầu hạn chế xử lý dữ liệu."))
    return PaperPart(lines=((t("Số giấy tờ"), identity), (t("Đang giữ"), held)), words=tuple(words))


def _dossier(connection: Connection, dossier_id: str, identity: str, place: int) -> PaperPart:
    d = tables.dossier
    row = connection.execute(select(d).where(d.c.id == dossier_id)).mappings().one()
    people = parties_of(connection, dossier_id)
    own = [party for party in people if is_person(party, identity)]
    counts = counts_of(connection, dossier_id)
    lines = [
        (t("Thủ tục"), row["procedure_name"]),
        (t("Tình trạng"), Status(row["status"]).label),
        (t("Tiếp nhận"), _moment(row["received_at"])),
        (t("Hẹn trả"), _moment(row["due_at"])),
        (t("Kết thúc, trả kết quả"), _both(row["ended_at"], row["returned_at"])),
    ]
    for party in own:
        lines += person_lines(party)
    if row["return_address"]:
        lines.append((t("Địa chỉ nhận kết quả"), _address(row["return_address"])))
    lines += [
        (t("Giấy tờ"), "; ".join(_papers(connection, dossier_id))),
        (t("Biên nhận"), "; ".join(_payments(connection, dossier_id))),
        (t("Kết quả"), "; ".join(_results(connection, dossier_id))),
        (t("Giao qua bưu chính"), "; ".join(_posted(connection, dossier_id))),
        (
            t("Đang giữ thêm"),
            t("{prints} bản in, {eforms} tờ khai, {copies} dòng sổ chứng thực; mở xem {readings} lần").format(
                prints=counts.prints, eforms=counts.eforms, copies=counts.copies, readings=counts.readings
            ),
        ),
        (t("Người khác trong hồ sơ"), t("{count} người, không trích").format(count=len(people) - len(own))),
        (t("Các việc đã làm"), "; ".join(_story(connection, dossier_id))),
    ]
    number = row["number"] or row["provisional_number"]
    title = t("{place}. Hồ sơ {number}").format(place=place, number=number)
    return PaperPart(title=title, lines=tuple(each for each in lines if each[1]))


def _case(connection: Connection, case_id: str, now: datetime) -> PaperPart:
    case = read_case(connection, case_id, now.astimezone(VIETNAM).date())
    lines = [
        (t("Họ và tên"), case.name or ""),
        (t("Ngày sinh"), format_date(case.birth_date)),
        (t("Điện thoại"), phone_words(case.phone)),
        (t("Tình trạng"), STATE_LABELS[HelpState(case.state)]),
        (t("Ngày hẹn quay lại"), format_date(case.next_visit)),
    ]
    lines += [
        (
            t("Bước ngày {day}").format(day=_moment(step.at)),
            f"{STATE_LABELS[step.state]} {step.note}".strip(),
        )
        for step in case.steps
    ]
    lines += [(t("Sự đồng ý"), consent_line(each)) for each in case.consents]
    title = t("Hỗ trợ tài khoản, mở {day}").format(day=_moment(case.opened_at))
    return PaperPart(title=title, lines=tuple(each for each in lines if each[1]))


def _request(connection: Connection, request_id: str) -> PaperPart:
    request = read_request(connection, request_id)
    lines = [
        (t("Điều yêu cầu"), f"{request.kind.label}: {request.words}"),
        (t("Nhận ngày"), _moment(request.received_at)),
        (t("Họ và tên, điện thoại"), f"{request.name} {phone_words(request.phone)}".strip()),
        (t("Địa chỉ"), request.address),
        (t("Trả lời"), f"{request.decision.label}: {request.reason}" if request.decision else ""),
    ]
    title = t("Yêu cầu số {number}").format(number=request.number)
    return PaperPart(title=title, lines=tuple(each for each in lines if each[1]))


def _drafts(connection: Connection, ids: Sequence[str]) -> PaperPart:
    c = tables.draft.c
    rows = connection.execute(select(c.saved_at).where(c.id.in_(ids)).order_by(c.saved_at)).scalars()
    words = t("Có {count} bản nháp chứa số giấy tờ này, lưu lúc {times}; bản nháp chưa thành hồ sơ.")
    times = ", ".join(_moment(each) for each in rows)
    return PaperPart(title=t("Bản nháp"), words=(words.format(count=len(ids), times=times),))


def _papers(connection: Connection, dossier_id: str) -> list[str]:
    c = tables.component.c
    query = select(c.name).where(c.dossier_id == dossier_id).order_by(c.position)
    return list(connection.execute(query).scalars())


def _payments(connection: Connection, dossier_id: str) -> list[str]:
    c = life_tables.payment.c
    rows = connection.execute(select(life_tables.payment).where(c.dossier_id == dossier_id).order_by(c.at))
    return [_payment(row) for row in rows.mappings()]


def _payment(row: RowMapping) -> str:
    words = t("số {number}, {amount} đ, {day}, người nộp {payer}").format(
        number=row["number"], amount=money(row["amount_vnd"]), day=_moment(row["at"]), payer=row["payer"]
    )
    return words + (t(" (đã hủy)") if row["cancelled_at"] else "")


def _results(connection: Connection, dossier_id: str) -> list[str]:
    c = life_tables.result_document.c
    query = select(c.name, c.number, c.issued_at).where(c.dossier_id == dossier_id).order_by(c.at)
    return [
        f"{row.name} {row.number} {format_date(row.issued_at)}".strip() for row in connection.execute(query)
    ]


def _posted(connection: Connection, dossier_id: str) -> list[str]:
    c = life_tables.post_item.c
    query = select(life_tables.post_item).where(c.dossier_id == dossier_id).order_by(c.made_at)
    return [
        ", ".join(
            part for part in (row["recipient"], phone_words(row["phone"]), _address(row["address"])) if part
        )
        for row in connection.execute(query).mappings()
    ]


def _story(connection: Connection, dossier_id: str) -> list[str]:
    c = tables.history.c
    query = select(c.act, c.at).where(c.dossier_id == dossier_id).order_by(c.id)
    known = {act.value: act.label for act in Act}
    return [f"{known[row.act]} {_moment(row.at)}" for row in connection.execute(query) if row.act in known]


def _address(body: object) -> str:
    from app.domain.people import Address

    return address_words(Address(**body)) if isinstance(body, dict) else ""


def _moment(moment: datetime | date | None) -> str:
    if moment is None:
        return ""
    if isinstance(moment, datetime):
        return f"{moment.astimezone(VIETNAM):%H:%M %d/%m/%Y}"
    return format_date(moment)


def _both(ended: datetime | None, returned: datetime | None) -> str:
    return " – ".join(dict.fromkeys(each for each in (_moment(ended), _moment(returned)) if each))
