"""The receipt of a return (biên nhận trả kết quả), from what was committed and told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from app.domain.dossier_status import Act, Status
from app.domain.hand_over_list import ReturnReceipt
from app.domain.people import IdKind
from app.domain.roles import Officer, Permission
from app.errors import RuleError
from app.models.life_tables import payment, result_document
from app.services.desk import Desk
from app.services.finding.dossier_view import find_dossier_id
from app.services.hand_over.rows import term_result
from app.services.papers import slips
from app.services.papers.facts import PastAct, Story, read_story
from app.services.papers.slip_words import copy_kind_words, money
from app.services.papers.slips import MadePaper
from app.text import t

FORM = "BNTKQ"
"""How printings of the return receipt are counted and named."""
ID_NAMES = {
    IdKind.PERSONAL_NUMBER.value: t("Thẻ căn cước số {number}"),
    IdKind.ID_CARD_9.value: t("Chứng minh nhân dân số {number}"),
    IdKind.PASSPORT.value: t("Hộ chiếu số {number}"),
}


def return_receipt(desk: Desk, by: Officer, number: str, copy_no: int = 1) -> ReturnReceipt:
    """What the receipt of a dossier that was returned says.

    Raises ``NotFoundError`` "no-dossier", ``RuleError`` "act-not-done".
    """
    by.require(Permission.PRINT)
    dossier_id = find_dossier_id(desk, number)
    with desk.store.read() as connection:
        return _receipt(connection, desk, dossier_id, copy_no)


def print_receipt(desk: Desk, by: Officer, number: str) -> MadePaper:
    """Draw the receipt, keep the PDF, count the printing. Raises what ``return_receipt`` raises."""
    by.require(Permission.PRINT)
    from app.printing.return_receipt import draw_return_receipt

    dossier_id = find_dossier_id(desk, number)
    with desk.store.read() as connection:
        copy_no = slips.next_copy(connection, dossier_id, FORM)
        content = _receipt(connection, desk, dossier_id, copy_no)
    return slips.keep_paper(
        desk,
        by,
        dossier_id=dossier_id,
        subject_id=dossier_id,
        form=FORM,
        form_set="",
        pdf=draw_return_receipt(content),
        copy_no=copy_no,
    )


def result_words(number: str, elsewhere: str) -> str:
    words = t("số {number}").format(number=number) if number else ""
    held = t("ở {system}").format(system=elsewhere) if elsewhere else ""
    return ", ".join(part for part in (words, held) if part)


def count_words(paper: RowMapping) -> str:
    kind = copy_kind_words(paper["copy_kind"], False)
    return f"{paper['quantity']} {kind[:1].lower()}{kind[1:]}"


def _receipt(connection: Connection, desk: Desk, dossier_id: str, copy_no: int) -> ReturnReceipt:
    story = read_story(connection, desk, dossier_id)
    past = story.latest(Act.RETURN)
    if past is None or Status(story.row["status"]) is not Status.RETURNED:
        raise RuleError(
            "act-not-done",
            t("Hồ sơ này chưa trả nên chưa có biên nhận trả kết quả."),
            t("Trả kết quả trước rồi in."),
            field="form",
        )
    row, payload = story.row, past.payload
    number = row["number"] or row["provisional_number"]
    back = bool(past.detail.get("papers_back"))
    paid = sum(
        connection.execute(
            select(payment.c.amount_vnd).where(
                payment.c.dossier_id == dossier_id, payment.c.cancelled_at.is_(None)
            )
        ).scalars()
    )
    return ReturnReceipt(
        head=slips.slip_head(connection, desk, serial=""),
        number=number,
        provisional=row["number"] is None,
        office=slips.office_name(connection, desk),
        owner_name=row["owner_name"],
        request=row["procedure_name"],
        returned_at=past.at,
        papers=_receipt_papers(connection, story, dossier_id, back=back),
        recipient=str(payload.get("recipient_name") or story.submitter_name),
        identity=_identity_words(payload.get("recipient_identifier"), past),
        relation=str(past.detail.get("relation") or ""),
        authority="",
        officer_name=past.by_name,
        method_words=_method_words(payload),
        fee_words=t("đã thu {amount} đồng").format(amount=money(paid)) if paid else "",
        late_words="" if back or row["ended_at"] is None else term_result(row["ended_at"], row["due_at"]),
        copy_no=copy_no,
        demo=desk.profile.demo,
    )


def _receipt_papers(
    connection: Connection, story: Story, dossier_id: str, *, back: bool
) -> tuple[tuple[str, str], ...]:
    if back:
        papers: Sequence[RowMapping] = [each for each in story.papers if not each["presented_only"]]
        return tuple(
            (each["name"], count_words(each)) for each in papers if each["copy_kind"] != "electronic"
        )
    r = result_document.c
    rows = connection.execute(
        select(r.name, r.number, r.elsewhere)
        .where(r.dossier_id == dossier_id, r.superseded_at.is_(None))
        .order_by(r.at)
    ).all()
    if rows:
        return tuple((row.name, result_words(row.number, row.elsewhere)) for row in rows)
    return ((story.version.result_name or str(story.row["procedure_name"]), ""),)


def _identity_words(identifier: Any, past: PastAct) -> str:
    """The paper that was shown; a number known from the dossier alone was not shown at the counter."""
    if not isinstance(identifier, dict) or not past.detail.get("identity_shown"):
        return ""
    number = str(identifier.get("value") or "")
    return ID_NAMES.get(str(identifier.get("scheme")), t("Giấy tờ số {number}")).format(number=number)


def _method_words(payload: Mapping[str, Any]) -> str:
    method, bill = payload.get("method"), str(payload.get("postal_code") or "")
    if method == "post":
        return t("Qua bưu chính, vận đơn {bill}").format(bill=bill) if bill else t("Qua bưu chính")
    return t("Điện tử") if method == "online" else t("Tại quầy")
