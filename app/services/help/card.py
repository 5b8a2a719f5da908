"""The take-home card of an account-help case: what to do next, large, without a name (DOMAIN §9)."""

from __future__ import annotations

from sqlalchemy import func, select

from app.domain.account_help import STATE_LABELS, STEPS, VNEID_HOTLINE, card_lines
from app.domain.phone import display_phone
from app.domain.roles import Officer, Permission
from app.domain.slips import AccountCard
from app.models import tables
from app.services.desk import Desk, read_setting
from app.services.help.case import Case
from app.services.papers.slips import MadePaper, keep_paper
from app.text import t

CARD_FORM = "account-card"
CARD_FORM_SET = "1"


def card_content(desk: Desk, case: Case) -> AccountCard:
    """What the card says of the case as it stands; also for a case that is not kept."""
    step = case.step
    words = t("Kết quả: {state}").format(state=STATE_LABELS[case.state])
    if step is not None:
        words = t("Tôi đang ở bước {number} / {all}: {name}").format(
            number=step.number, all=len(STEPS), name=step.name
        )
    return AccountCard(
        title=t("Tài khoản VNeID của tôi"),
        step_words=words,
        todo=card_lines(case.state, case.obstacles, case.next_visit),
        next_visit=case.next_visit,
        next_visit_words="",
        warning=t("Không đọc OTP cho bất kỳ ai, kể cả cán bộ xã, công an hay ngân hàng."),
        contacts=_contacts(desk),
        footnote=t("Bà con cần người nói tiếng dân tộc mình thì báo quầy {number}.").format(
            number=desk.profile.desk_no
        ),
        demo=desk.profile.demo,
    )


def card_pdf(desk: Desk, by: Officer, case: Case) -> bytes:
    """The card as PDF, for the preview and for a case that is not kept; nothing is stored."""
    by.require(Permission.HELP_ACCOUNT)
    from app.printing.account_card import draw_account_card

    return draw_account_card(card_content(desk, case))


def make_card(desk: Desk, by: Officer, case: Case) -> MadePaper:
    """Draw the card of a kept case, keep the PDF, and note the printing. ``ValueError`` for one not kept."""
    pdf = card_pdf(desk, by, case)
    if case.id is None:
        raise ValueError("a case that is not kept has no paper in the store")
    c = tables.print_job.c
    with desk.store.read() as connection:
        query = select(func.max(c.copy_no)).where(c.subject_id == case.id, c.form == CARD_FORM)
        last = connection.execute(query).scalar_one()
    return keep_paper(
        desk,
        by,
        dossier_id=None,
        subject_id=case.id,
        form=CARD_FORM,
        form_set=CARD_FORM_SET,
        pdf=pdf,
        copy_no=int(last or 0) + 1,
    )


def _contacts(desk: Desk) -> tuple[str, ...]:
    contacts = [t("Trợ giúp VNeID: {phone}").format(phone=VNEID_HOTLINE)]
    with desk.store.read() as connection:
        phone = read_setting(connection, "counter_phone")
    if isinstance(phone, str) and phone:
        unit = desk.profile.unit_name
        words = t("Quầy {unit}: {phone}")
        contacts.append(words.format(unit=unit[:1].lower() + unit[1:], phone=display_phone(phone)))
    return tuple(contacts)
