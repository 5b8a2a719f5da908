"""What has been filled in at the counter, as typed: kept as a draft, read back, turned into an intake.

Texts stay as the officer typed them, also wrong ones, so that a draft reopens exactly as it was left.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any

from app.domain.citizen_qr import CitizenCard
from app.domain.people import Address, IdKind, Person, Sex
from app.domain.tariff import MOST_COUNT
from app.domain.typed_date import format_date, parse_typed_date
from app.domain.vietnamese import clean_text
from app.errors import RuleError
from app.services.intake.visit import (
    CARD,
    TYPED,
    Authority,
    FreePaper,
    Intake,
    ManualDue,
    OtherParty,
    OtherRole,
)
from app.services.reference import Reference
from app.text import t
from app.ui.reception.other_way import OtherWay, held_day, spec_of, unfinished


@dataclass(frozen=True)
class PersonText:
    """A person's fields as typed. ``commune`` and ``province`` are codes once the place is certain."""

    name: str = ""
    id_kind: str = IdKind.PERSONAL_NUMBER.value
    id_value: str = ""
    birth_date: str = ""
    sex: str = ""
    address: str = ""
    commune: str = ""
    province: str = ""
    nationality: str = ""
    old_id: str = ""
    issue_date: str = ""

    @property
    def is_blank(self) -> bool:
        """Nothing has been typed."""
        return not (self.name or self.id_value or self.birth_date or self.address)


@dataclass(frozen=True)
class Form:
    """One visit. ``request_id`` also names the draft, so that accepting twice stays one dossier.

    ``person`` stands at the counter; with ``proxy`` the dossier is another's, the ``owner``'s; with
    ``couple`` it is also the ``second``'s, the owner's wife or husband. ``together``: the dossier this visit
    began with, ``together_count`` how many it has brought so far, ``together_last`` the last number.
    """

    request_id: str
    person: PersonText = PersonText()
    proxy: bool = False
    owner: PersonText = PersonText()
    relation: str = ""
    source: str = TYPED
    read_at: str = ""
    warnings: tuple[tuple[str, str], ...] = ()
    procedure: str = ""
    ticked: tuple[str, ...] = ()
    answers: Mapping[str, bool] = field(default_factory=dict)
    free: tuple[str, ...] = ()
    manual_due: bool = False
    due: str = ""
    due_reason: str = ""
    phone: str = ""
    return_method: str = "counter"
    return_address: str = ""
    fee_counts: Mapping[str, str] = field(default_factory=dict)
    fee_exemptions: Mapping[str, str] = field(default_factory=dict)
    override_note: str = ""
    authority_kind: str = ""
    authority_number: str = ""
    authority_day: str = ""
    couple: bool = False
    second: PersonText = PersonText()
    together: str = ""
    together_count: int = 0
    together_last: str = ""
    otherwise: Mapping[str, OtherWay] = field(default_factory=dict)

    @property
    def is_blank(self) -> bool:
        """Nothing worth keeping as a draft."""
        return self.person.is_blank and self.owner.is_blank and not self.procedure and not self.phone

    @property
    def holder(self) -> PersonText:
        """Whose dossier it is."""
        return self.owner if self.proxy else self.person


def body_of(form: Form) -> dict[str, Any]:
    """The form as plain JSON data of a draft."""
    return asdict(form)


def form_of(body: Mapping[str, Any]) -> Form:
    """The form of a draft; members this version does not know are left out."""
    kept = {each.name: body[each.name] for each in fields(Form) if each.name in body}
    for name in ("person", "owner", "second"):
        kept[name] = _person_text(kept.get(name, {}))
    for name in ("ticked", "free"):
        kept[name] = tuple(kept.get(name, ()))
    kept["otherwise"] = {str(key): _other_way(way) for key, way in kept.get("otherwise", {}).items()}
    kept["warnings"] = tuple((str(a), str(b)) for a, b in kept.get("warnings", ()))
    return Form(**kept)


def _person_text(body: Mapping[str, Any]) -> PersonText:
    known = {each.name for each in fields(PersonText)}
    return PersonText(**{name: str(value) for name, value in body.items() if name in known})


def _other_way(body: Mapping[str, Any]) -> OtherWay:
    known = {each.name for each in fields(OtherWay)}
    return OtherWay(**{name: str(value) for name, value in body.items() if name in known})


def with_card(form: Form, card: CitizenCard, read_at: str) -> Form:
    """The form with the card's person in it: the owner where the dossier is handed in for another."""
    text = PersonText(
        name=card.name,
        id_value=card.personal_id,
        birth_date=format_date(card.birth_date),
        sex=card.sex.value if card.sex else "",
        address=card.address,
        old_id=card.old_id or "",
        issue_date=card.issue_date.isoformat() if card.issue_date else "",
    )
    another = not form.person.is_blank and form.person.id_value != text.id_value
    if form.couple and another and (not form.proxy or form.owner.id_value not in ("", text.id_value)):
        return replace(form, second=text)
    if form.proxy and another:
        return replace(form, owner=text)
    doubts = tuple((warning.field, warning.text) for warning in card.warnings)
    return replace(form, person=text, source=CARD, read_at=read_at, warnings=doubts)


def text_of(person: Person) -> PersonText:
    """The texts that name a person already known."""
    return PersonText(
        name=person.name,
        id_kind=person.id_kind.value,
        id_value=person.id_value or "",
        birth_date=format_date(person.birth_date) if person.birth_date else "",
        sex=person.sex.value if person.sex else "",
        address=person.address.as_written,
        commune=person.address.commune_code or "",
        province=person.address.province_code or "",
        nationality=person.nationality or "",
        old_id=person.old_id or "",
        issue_date=person.issue_date.isoformat() if person.issue_date else "",
    )


def person_from(text: PersonText, today: date, prefix: str = "", phone: str = "") -> Person:
    """The person the texts name. Raises ``RuleError`` for a date that cannot be read; the rest is
    checked when the dossier is stored. ``phone`` is left out while it is not a number."""
    birth = None
    if text.birth_date.strip():
        birth = parse_typed_date(text.birth_date, today, prefix + "birth_date")
    return Person(
        name=text.name,
        id_kind=IdKind(text.id_kind),
        id_value=text.id_value or None,
        birth_date=birth,
        sex=Sex(text.sex) if text.sex else None,
        address=Address(
            as_written=text.address,
            commune_code=text.commune or None,
            province_code=text.province or None,
        ),
        nationality=clean_text(text.nationality) or None,
        phone=phone or None,
        old_id=text.old_id or None,
        issue_date=date.fromisoformat(text.issue_date) if text.issue_date else None,
    )


def intake_of(form: Form, reference: Reference, now: datetime) -> Intake:
    """What reception is handed. Raises ``RuleError`` with the field where a text cannot be read."""
    today = now.date()
    phone = form.phone.strip()
    counter = person_from(form.person, today, "submitter_" if form.proxy else "", phone)
    owner = person_from(form.owner, today) if form.proxy else counter
    return Intake(
        request_id=form.request_id,
        procedure_code=form.procedure,
        owner=owner,
        source=TYPED if form.proxy else form.source,
        submitter=counter if form.proxy else None,
        relation=form.relation.strip() if form.proxy else "",
        authority=_authority(form, today) if form.proxy else None,
        others=_others(form, today),
        components=tuple(spec_of(each, form.otherwise.get(each), today) for each in form.ticked),
        answers=dict(form.answers),
        free_papers=tuple(FreePaper(name) for name in form.free),
        manual_due=_manual_due(form, reference, today),
        return_method=form.return_method,
        return_address=_return_address(form),
        fee_counts=_fee_counts(form),
        fee_exemptions={code: reason for code, reason in form.fee_exemptions.items() if reason},
    )


def finished_papers(form: Form, today: date) -> Form:
    """The form without what is still being typed of a paper: looked ahead with, never stored."""
    done = {key: way for key, way in form.otherwise.items() if unfinished(way, today) is None}
    return form if len(done) == len(form.otherwise) else replace(form, otherwise=done)


def _authority(form: Form, today: date) -> Authority | None:
    """The paper by which the person at the counter acts; its kind is asked for when it is stored."""
    day = form.authority_day.strip()
    if not (form.authority_kind.strip() or form.authority_number.strip() or day):
        return None
    return Authority(
        kind=form.authority_kind,
        number=form.authority_number,
        day=held_day(day, today, "authority_day") if day else None,
    )


def _others(form: Form, today: date) -> tuple[OtherParty, ...]:
    if not form.couple:
        return ()
    return (OtherParty(OtherRole.SPOUSE, person_from(form.second, today, "other1_")),)


def fee_count(text: str) -> int | None:
    """A count of a fee as typed; ``None`` where it is none."""
    digits = text.strip()
    if digits.isascii() and digits.isdigit() and len(digits) <= 3 and 1 <= int(digits) <= MOST_COUNT:
        return int(digits)
    return None


def _fee_counts(form: Form) -> dict[str, int]:
    counts = {}
    for code, text in form.fee_counts.items():
        if not text.strip():
            continue
        count = fee_count(text)
        if count is None:
            raise RuleError(
                "fee-count", t("Số lượng tính phí từ 1 đến 999."), t("Gõ lại số lượng."), field="fee"
            )
        counts[code] = count
    return counts


def _manual_due(form: Form, reference: Reference, today: date) -> ManualDue | None:
    if not form.manual_due:
        return None
    if not form.due.strip():
        raise RuleError(
            "due-unknown",
            t("Chưa có ngày hẹn trả."),
            t("Gõ ngày hẹn và lý do rồi bấm lại F9."),
            field="due",
        )
    day = parse_typed_date(form.due, today, "due")
    return ManualDue(reference.calendar.closing(day), form.due_reason)


def _return_address(form: Form) -> Address | None:
    if form.return_method != "post" or not form.return_address.strip():
        return None
    return Address(as_written=clean_text(form.return_address))
