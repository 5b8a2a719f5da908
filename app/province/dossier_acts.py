"""What each act does to a dossier, and which rule refuses it.

Sources: transitions SYNC-PROTOCOL-CHOICES 3.4, owners and custody 3.5, numbers 3.8. Every function
takes a ``Case`` and answers with the ``Outcome`` or raises ``Refusal``; nothing is stored here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from app.clock import from_wire
from app.province import amendments, numbering, refusals
from app.province.case import Case, Outcome, Told
from app.province.catalogue import is_known_version
from app.province.dossiers import Dossier, raised
from app.province.problems import JsonObject, at, warning
from app.province.times import to_ms
from app.province.transitions import NEEDS_LEADER, TARGET, is_legal
from app.text import t

Act = Callable[[Case], Outcome]

CREATING = frozenset({"dossier.received", "dossier.refused"})


def received(case: Case) -> Outcome:
    """``dossier.received``: a new dossier, an online filing taken in, or a refusal reversed."""
    return _filed(case, case.incoming.payload, "/payload")


def refused(case: Case) -> Outcome:
    """``dossier.refused``: of a filing known to the province, or with the filing that was handed in."""
    filing = case.incoming.payload.get("filing")
    if case.dossier is None:
        if filing is None:
            raise refusals.schema_invalid([at("/payload/filing", t("còn thiếu mục này"), "required")])
        return _filed(case, filing, "/payload/filing")
    if case.unit_code != case.dossier.unit_code:
        raise refusals.not_custodian(case.dossier)
    return _step(case)


def custodian_step(case: Case) -> Outcome:
    """Statuses 4, 5, 6, 8 and the steps of processing: the custodian's alone."""
    dossier = _known(case)
    _require_custodian(case, dossier)
    return _step(case)


def supplement_received(case: Case) -> Outcome:
    """The citizen brought what was missing; a new due date may come with it."""
    dossier = _known(case)
    _require_holder(case, dossier)
    due_at = case.incoming.payload["new_due_at"]
    outcome = _step(case, due_at=due_at)
    told = list(outcome.told)
    if due_at is not None and due_at != dossier.due_at:
        reason = t("Đã nhận giấy tờ bổ sung")
        data = {"previous_due_at": dossier.due_at, "new_due_at": due_at, "reason": reason}
        told.append(Told("dossier.due_date_changed", data))
    return replace(outcome, told=told)


def withdrawn(case: Case) -> Outcome:
    """Whoever the citizen told; the first counts, a second one is taken with a warning."""
    dossier = _known(case)
    if dossier.status == 7:
        again = warning("already-withdrawn", t("Hồ sơ đã được ghi rút trước đó."))
        return replace(_same_status(case, dossier), warnings=[again])
    return _step(case)


def completed(case: Case) -> Outcome:
    """Processing is done: status 9 and the results."""
    dossier = _known(case)
    _require_custodian(case, dossier)
    results = tuple(case.incoming.payload["results"])
    occurred_at = case.incoming.event["occurred_at"]
    outcome = _step(case, results=results, completed_at=occurred_at)
    issued = Told("dossier.result_issued", case.incoming.payload)
    return replace(outcome, told=[*outcome.told, issued])


def returned(case: Case) -> Outcome:
    """The result is in the citizen's hands: by the unit that deals with the citizen."""
    _require_holder(case, _known(case))
    return _step(case, returned_at=case.incoming.event["occurred_at"])


def fee_collected(case: Case) -> Outcome:
    """Money was taken; a dossier that waited for it goes on."""
    dossier = _known(case)
    _require_holder(case, dossier)
    return _moved(case, dossier, 4) if dossier.status == 6 else _same_status(case, dossier)


def noted(case: Case) -> Outcome:
    """A fact about the dossier that leaves its status alone."""
    dossier = _known(case)
    _require_holder(case, dossier)
    return _same_status(case, dossier)


def feedback(case: Case) -> Outcome:
    """A citizen's rating; it may be about no dossier at all."""
    if case.incoming.subject["kind"] != "dossier":
        return Outcome()
    return _same_status(case, _known(case))


def due_date_changed(case: Case) -> Outcome:
    """A new due date, by the custodian."""
    dossier = _known(case)
    _require_custodian(case, dossier)
    changed = raised(dossier, to_ms(case.now), due_at=case.incoming.payload["new_due_at"])
    return Outcome(changed, [Told("dossier.due_date_changed", case.incoming.payload)])


def transferred(case: Case) -> Outcome:
    """The custodian sends the dossier on; it stays custodian until the other accepts."""
    dossier = _known(case)
    _require_custodian(case, dossier)
    payload = case.incoming.payload
    to_unit = payload["to_unit"]
    if payload["from_unit"]["code"] != dossier.custodian_code:
        raise refusals.conflict(
            "/payload/from_unit/code", t("Đơn vị gửi phải là đơn vị đang giữ hồ sơ."), dossier
        )
    if to_unit["code"] == dossier.custodian_code:
        raise refusals.conflict("/payload/to_unit/code", t("Đơn vị nhận đang giữ hồ sơ này rồi."), dossier)
    if dossier.status in (3, 8, 10):
        raise refusals.illegal_transition(dossier)
    changed = raised(dossier, to_ms(case.now), pending_code=to_unit["code"], pending_name=to_unit["name"])
    note = t("Đã chuyển, chờ đơn vị nhận xác nhận")
    to = frozenset({to_unit["code"]})
    data = _status_data(case, dossier, dossier.status, note)
    still = Told("dossier.status_changed", data, units=dossier.units() - to)
    arriving = Told("dossier.assigned", changed.state(), units=to)
    return Outcome(changed, [still, arriving])


def custody_accepted(case: Case) -> Outcome:
    """The receiving unit takes the dossier over."""
    dossier = _known(case)
    if dossier.pending_code != case.unit_code:
        raise refusals.not_custodian(dossier)
    name = dossier.pending_name or case.unit()["name"]
    changed = raised(
        dossier,
        to_ms(case.now),
        custodian_code=case.unit_code,
        custodian_name=name,
        pending_code=None,
        pending_name=None,
    )
    units = dossier.units() | changed.units()
    return Outcome(changed, [Told("dossier.custody_changed", case.incoming.payload, units=units)])


def amended(case: Case) -> Outcome:
    """Corrections of what the desk owns."""
    dossier = _known(case)
    filing = amendments.amended_filing(case, dossier)
    changed = raised(dossier, to_ms(case.now), received=filing)
    data = {"set": case.incoming.payload["set"], "reason": case.incoming.payload["reason"]}
    return Outcome(changed, [Told("dossier.fields_changed", data)])


def digitised(case: Case) -> Outcome:
    """Components that now have a scan."""
    dossier = _known(case)
    _require_holder(case, dossier)
    filing = amendments.with_components(dossier.received, case.incoming.payload["components"])
    changed = raised(dossier, to_ms(case.now), received=filing)
    data = {"set": {"/components": filing["components"]}, "reason": t("Đã số hóa giấy tờ")}
    return Outcome(changed, [Told("dossier.fields_changed", data)])


def document_revoked(case: Case) -> Outcome:
    """A component's scan is withdrawn."""
    dossier = _known(case)
    _require_holder(case, dossier)
    filing = amendments.without_scan(dossier.received, case.incoming.payload["component_id"])
    changed = raised(dossier, to_ms(case.now), received=filing)
    data = {"set": {"/components": filing["components"]}, "reason": case.incoming.payload["reason"]}
    return Outcome(changed, [Told("dossier.fields_changed", data)])


ACTS: dict[str, Act] = {
    "dossier.received": received,
    "dossier.refused": refused,
    "dossier.amended": amended,
    "dossier.progress": custodian_step,
    "dossier.supplement_requested": custodian_step,
    "dossier.supplement_received": supplement_received,
    "dossier.fee_requested": custodian_step,
    "dossier.withdrawn": withdrawn,
    "dossier.stopped": custodian_step,
    "dossier.due_date_changed": due_date_changed,
    "dossier.transferred": transferred,
    "dossier.custody_accepted": custody_accepted,
    "dossier.completed": completed,
    "dossier.returned": returned,
    "fee.collected": fee_collected,
    "fee.refunded": noted,
    "document.digitised": digitised,
    "document.revoked": document_revoked,
    "feedback.recorded": feedback,
}


def _filed(case: Case, filing: JsonObject, root: str) -> Outcome:
    existing, target = case.dossier, TARGET[case.incoming.type]
    before = None if existing is None else existing.status
    if not is_legal(before, target, approved=case.incoming.approved):
        raise refusals.illegal_transition(existing, needs_leader=(before, target) in NEEDS_LEADER)
    if existing is not None and case.unit_code != existing.unit_code:
        raise refusals.not_custodian(existing)
    procedure = filing["procedure"]
    if not is_known_version(case.db, procedure["code"], procedure["version"]):
        raise refusals.procedure_version_unknown(f"{root}/procedure/version")
    if existing is not None:
        changed = raised(existing, to_ms(case.now), status=target, received=filing, due_at=filing["due_at"])
        return Outcome(changed, [Told("dossier.status_changed", _status_data(case, existing, target))])
    return _new_dossier(case, filing, target)


def _new_dossier(case: Case, filing: JsonObject, status: int) -> Outcome:
    code = case.incoming.subject.get("code")
    if code is None:
        raise refusals.schema_invalid([at("/subject/code", t("còn thiếu mục này"), "required")])
    provisional = filing.get("code_kind", "official") == "provisional"
    warnings = _check_provisional(code) if provisional else _check_official(case, code, filing)
    unit = case.unit()
    handling = filing["handling_unit"]
    if handling["code"] == unit["code"] == unit["name"]:
        unit = handling
    dossier = Dossier(
        dossier_id=case.incoming.subject["id"],
        unit_code=case.unit_code,
        desk_id=case.incoming.sender.desk_id,
        code=code,
        provisional_code=code if provisional else None,
        version=1,
        status=status,
        custodian_code=unit["code"],
        custodian_name=unit["name"],
        received=filing,
        due_at=filing["due_at"],
        changed_at=to_ms(case.now),
    )
    return Outcome(
        dossier,
        [Told("dossier.assigned", dossier.state())],
        warnings,
        number_taken=None if provisional else code,
    )


def _check_provisional(code: str) -> list[JsonObject]:
    if not numbering.is_provisional(code):
        raise refusals.number_outside_block()
    return []


def _check_official(case: Case, code: str, filing: JsonObject) -> list[JsonObject]:
    number = numbering.read_official(code)
    if number is None:
        raise refusals.number_outside_block()
    in_slice, in_days = numbering.block_of(case.db, case.incoming.sender.desk_id, number)
    if not in_slice:
        raise refusals.number_outside_block()
    if numbering.holder(case.db, code) not in (None, case.incoming.subject["id"]):
        raise refusals.number_taken()
    if in_days and number.day == from_wire(filing["received_at"]).date():
        return []
    place = at("/subject/code", t("ngày trong mã không khớp"))
    return [warning("number-day", t("Ngày trong mã hồ sơ không khớp ngày tiếp nhận hoặc khối số."), [place])]


def _known(case: Case) -> Dossier:
    if case.dossier is None:
        raise refusals.unknown_subject()
    return case.dossier


def _require_custodian(case: Case, dossier: Dossier) -> None:
    if case.unit_code != dossier.custodian_code:
        raise refusals.not_custodian(dossier)


def _require_holder(case: Case, dossier: Dossier) -> None:
    """The unit that deals with the citizen, or the custodian."""
    if case.unit_code not in (dossier.unit_code, dossier.custodian_code):
        raise refusals.not_custodian(dossier)


def _step(case: Case, **changed: Any) -> Outcome:
    dossier, target = _known(case), TARGET[case.incoming.type]
    if not is_legal(dossier.status, target, approved=case.incoming.approved):
        needs_leader = (dossier.status, target) in NEEDS_LEADER
        raise refusals.illegal_transition(dossier, needs_leader=needs_leader)
    return _moved(case, dossier, target, **changed)


def _moved(case: Case, dossier: Dossier, target: int, **changed: Any) -> Outcome:
    told = Told("dossier.status_changed", _status_data(case, dossier, target))
    return Outcome(raised(dossier, to_ms(case.now), status=target, **changed), [told])


def _same_status(case: Case, dossier: Dossier) -> Outcome:
    return _moved(case, dossier, dossier.status)


def _status_data(case: Case, dossier: Dossier, target: int, note: str | None = None) -> JsonObject:
    payload = case.incoming.payload
    data: JsonObject = {
        "from": dossier.status,
        "to": target,
        "actor_name": case.incoming.event["actor"]["officer_name"],
        "actor_unit": case.unit()["name"],
    }
    words = note or payload.get("note") or payload.get("reason") or payload.get("content")
    return data if words is None else {**data, "note": words}
