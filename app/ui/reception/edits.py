"""What an act of the officer makes of the form. Plain functions; nothing here knows a widget."""

from __future__ import annotations

from dataclasses import replace

from app.domain.catalogue import Channel, Detail, Mandatory, ProcedureVersion
from app.domain.typed_date import format_date
from app.domain.units import UnitIndex
from app.services.intake.visit import Intake, OtherRole
from app.ui.reception.form import Form, text_of
from app.ui.reception.other_way import OtherWay
from app.ui.reception.paper_rows import standing


def next_of(form: Form, request_id: str, first_id: str, number: str) -> Form:
    """One more dossier of the same visit: the people and how to reach them, nothing of the papers."""
    return Form(
        request_id=request_id,
        person=form.person,
        proxy=form.proxy,
        owner=form.owner,
        relation=form.relation,
        source=form.source,
        read_at=form.read_at,
        warnings=form.warnings,
        phone=form.phone,
        return_method=form.return_method,
        return_address=form.return_address,
        authority_kind=form.authority_kind,
        authority_number=form.authority_number,
        authority_day=form.authority_day,
        couple=form.couple,
        second=form.second,
        together=form.together or first_id,
        together_count=form.together_count + 1,
        together_last=number,
    )


def with_earlier(form: Form, earlier: Intake) -> Form:
    """The people of an earlier dossier around the person now at the counter; what is typed of him stays."""
    here = form.person.id_value.replace(" ", "")
    address = earlier.return_address
    form = replace(form, return_method=earlier.return_method)
    if address is not None:
        form = replace(form, return_address=address.as_written)
    owner, submitter = text_of(earlier.owner), earlier.submitter
    spouse = next((text_of(each.person) for each in earlier.others if each.role is OtherRole.SPOUSE), None)
    himself = owner
    if submitter is not None and here and submitter.id_value == here:
        himself = text_of(submitter)
        form = _by_proxy(replace(form, owner=owner), earlier)
    elif spouse is not None and here == spouse.id_value:
        himself, spouse = spouse, owner
    if not form.person.name.strip():
        form = replace(form, person=himself)
    return form if spouse is None else replace(form, couple=True, second=spouse)


def _by_proxy(form: Form, earlier: Intake) -> Form:
    form = replace(form, proxy=True, relation=earlier.relation)
    paper = earlier.authority
    if paper is None:
        return form
    return replace(
        form,
        authority_kind=paper.kind,
        authority_number=paper.number,
        authority_day=format_date(paper.day) if paper.day else "",
    )


def with_procedure(form: Form, version: ProcedureVersion) -> Form:
    """The procedure with its papers as they stand; a date by hand where the catalogue has no term."""
    manual = version.detail is Detail.INDEX or version.time_limit(Channel.COUNTER).amount is None
    chosen = replace(
        form,
        procedure=version.code,
        answers={},
        free=(),
        manual_due=manual,
        fee_counts={},
        fee_exemptions={},
        otherwise={},
    )
    return replace(chosen, ticked=standing(version, chosen))


def with_paper(form: Form, version: ProcedureVersion, paper: str, ticked: bool) -> Form:
    """One paper ticked or cleared; one written by hand goes when it is cleared."""
    if paper in form.free:
        return replace(form, free=tuple(name for name in form.free if name != paper))
    wanted = set(form.ticked) | {paper} if ticked else set(form.ticked) - {paper}
    answers = {key: value for key, value in form.answers.items() if key != paper}
    order = tuple(rule.id for rule in version.components if rule.id in wanted)
    otherwise = form.otherwise if ticked else {k: way for k, way in form.otherwise.items() if k != paper}
    return replace(form, ticked=order, answers=answers, otherwise=otherwise)


def with_way(form: Form, version: ProcedureVersion, paper: str, name: str, value: str) -> Form:
    """One field of how a paper is there (``OtherWay``); a paper that is there is ticked."""
    if paper not in form.ticked:
        form = with_paper(form, version, paper, True)
    way = replace(form.otherwise.get(paper, OtherWay()), **{name: value})
    return replace(form, otherwise={**form.otherwise, paper: way})


def with_paper_of(form: Form, before: Form, paper: str) -> Form:
    """The paper as it was before, all else as it is now."""
    ticked = tuple(each for each in form.ticked if each != paper or paper in before.ticked)
    otherwise = {key: way for key, way in form.otherwise.items() if key != paper}
    if paper in before.otherwise:
        otherwise[paper] = before.otherwise[paper]
    return replace(form, ticked=ticked, otherwise=otherwise)


def with_free_paper(form: Form, name: str) -> Form:
    """One more paper written by hand; a name stands once."""
    return form if name in form.free else replace(form, free=(*form.free, name))


def with_list_accepted(form: Form, version: ProcedureVersion) -> Form:
    """Enter on the list: what hangs on a condition and is not ticked does not apply."""
    answers = {
        rule.id: False
        for rule in version.components
        if rule.mandatory is Mandatory.CONDITIONAL and rule.known_by is None and rule.id not in form.ticked
    }
    return replace(form, answers=answers)


def with_text(form: Form, name: str, value: str, units: UnitIndex) -> Form:
    """One field of the page by its name: ``phone``, ``person.name``, ``owner.commune``, ``fee_count:LP`` …"""
    for beginning, member in (("fee_count:", "fee_counts"), ("fee_exempt:", "fee_exemptions")):
        if name.startswith(beginning):
            kept = {**getattr(form, member), name.removeprefix(beginning): value}
            return replace(form, **{member: kept})  # type: ignore[arg-type]
    whose, _, field = name.partition(".")
    if field:
        return with_person_text(form, whose, field, value, units)
    if name == "proxy":
        return replace(form, proxy=bool(value))
    if name == "couple":
        return replace(form, couple=bool(value))
    if name == "phone":
        digits = value.replace(" ", "")
        return replace(form, phone=digits if digits.isdigit() else value)
    return replace(form, **{name: value})  # type: ignore[arg-type]


def with_person_text(form: Form, whose: str, field: str, value: str, units: UnitIndex) -> Form:
    """One field of a person; a commune brings its province."""
    person = getattr(form, whose)
    if field == "commune":
        unit = units.get(value) if value else None
        person = replace(person, commune=value, province=unit.province_code if unit else "")
    else:
        person = replace(person, **{field: value})
    return replace(form, **{whose: person})
