"""Labels for the envelopes of parcels on their way."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from app.domain.hand_over_list import EnvelopeLabel
from app.domain.roles import Officer, Permission
from app.services.desk import Desk, read_setting
from app.services.finding.dossier_view import find_dossier_id
from app.services.papers import slips
from app.services.papers.slips import MadePaper
from app.services.post.items import PostItem, item_of, item_on_its_way
from app.text import t

LABEL_FORM = "NPB"


def envelope_label(desk: Desk, by: Officer, number: str) -> EnvelopeLabel:
    """What the label of a dossier's envelope says. Raises "no-dossier", ``RuleError`` "not-posted"."""
    by.require(Permission.PRINT)
    dossier_id = find_dossier_id(desk, number)
    with desk.store.read() as connection:
        return _label(connection, desk, item_of(item_on_its_way(connection, dossier_id)))


def print_labels(desk: Desk, by: Officer, numbers: Sequence[str], paper: str = "a4") -> MadePaper:
    """Labels of several envelopes: ``a4`` a sheet of eight, ``c5`` or ``a6`` one a page.

    Raises ``NotFoundError`` "no-dossier", ``RuleError`` "not-posted".
    """
    from app.printing.envelope_label import draw_labels

    by.require(Permission.PRINT)
    labels = [envelope_label(desk, by, number) for number in numbers]
    one = find_dossier_id(desk, numbers[0]) if len(numbers) == 1 else None
    subject = one or "labels"
    with desk.store.read() as connection:
        copy_no = slips.next_copy(connection, subject, LABEL_FORM)
    return slips.keep_paper(
        desk,
        by,
        dossier_id=one,
        subject_id=subject,
        form=LABEL_FORM,
        form_set="",
        pdf=draw_labels(labels, paper),
        copy_no=copy_no,
        record_kind="post_labels",
    )


def _label(connection: Connection, desk: Desk, item: PostItem) -> EnvelopeLabel:
    address, phone = read_setting(connection, "office_address"), read_setting(connection, "counter_phone")
    payers = {"citizen": t("Người nhận trả cước"), "office": t("Người gửi trả cước")}
    return EnvelopeLabel(
        sender=slips.office_name(connection, desk),
        sender_address=address if isinstance(address, str) else "",
        sender_phone=phone if isinstance(phone, str) else "",
        recipient=item.recipient,
        recipient_phone=slips.phone_words(item.phone),
        recipient_address=item.address,
        number=item.number,
        bill=item.bill,
        pay_words=payers[item.fee_payer],
        demo=desk.profile.demo,
    )
