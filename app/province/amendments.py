"""Changing a filing: who may set which field (SYNC-PROTOCOL-CHOICES 3.5), and what comes out."""

from __future__ import annotations

from app.province import refusals
from app.province.case import Case
from app.province.dossiers import Dossier
from app.province.json_pointer import NoSuchPlace, with_value
from app.province.placeholders import placeholder_pointers
from app.province.problems import JsonObject, at
from app.province.schemas import faults
from app.text import t

_RECEIVING_UNIT = (
    "/submitted_at",
    "/received_at",
    "/abstract",
    "/channel",
    "/owner",
    "/submitter",
    "/components",
    "/vneid_verified",
    "/consulted_databases",
    "/portal_dossier_code",
    "/eform",
)
_BOTH = (
    "/owner/phone",
    "/owner/email",
    "/submitter/phone",
    "/submitter/email",
    "/return_address",
    "/return_method",
)
_CUSTODIAN = ("/fees",)


def amended_filing(case: Case, dossier: Dossier) -> JsonObject:
    """The filing with the event's changes. Raises ``Refusal`` for a field the unit does not own."""
    changes: JsonObject = case.incoming.payload["set"]
    foreign = [pointer for pointer in changes if not _owns(case.unit_code, dossier, pointer)]
    if foreign:
        raise refusals.field_not_owned(_event_pointer(pointer) for pointer in foreign)
    if "/received_at" in changes and not case.incoming.approved:
        why = t("Sửa thời điểm tiếp nhận cần lãnh đạo duyệt.")
        raise refusals.field_not_owned(["/actor/approved_by"], why)
    filing = dossier.received
    for pointer, value in changes.items():
        try:
            filing = with_value(filing, pointer, value)
        except NoSuchPlace:
            place = at(_event_pointer(pointer), t("không có mục này"))
            raise refusals.schema_invalid([place]) from None
    _check(filing)
    return filing


def with_components(filing: JsonObject, components: list[JsonObject]) -> JsonObject:
    """The filing with components replaced by id, new ones added at the end."""
    newer = {component["component_id"]: component for component in components}
    kept = [newer.pop(each["component_id"], each) for each in filing["components"]]
    return {**filing, "components": [*kept, *newer.values()]}


def without_scan(filing: JsonObject, component_id: str) -> JsonObject:
    """The filing with one component's scan taken away. Raises ``Refusal`` where there is none such."""
    if all(each["component_id"] != component_id for each in filing["components"]):
        raise refusals.unknown_subject("/payload/component_id")
    components = [
        {**each, "digitised": False, "file": None} if each["component_id"] == component_id else each
        for each in filing["components"]
    ]
    return {**filing, "components": components}


def _owns(unit_code: str, dossier: Dossier, pointer: str) -> bool:
    if _under(pointer, _BOTH):
        return unit_code in (dossier.unit_code, dossier.custodian_code)
    if _under(pointer, _RECEIVING_UNIT):
        return unit_code == dossier.unit_code
    return _under(pointer, _CUSTODIAN) and unit_code == dossier.custodian_code


def _under(pointer: str, roots: tuple[str, ...]) -> bool:
    return any(pointer == root or pointer.startswith(root + "/") for root in roots)


def _check(filing: JsonObject) -> None:
    places = faults("DossierReceived", filing)
    if places:
        raise refusals.schema_invalid(
            {**place, "pointer": _event_pointer(str(place["pointer"]))} for place in places
        )
    made_up = list(placeholder_pointers(filing, ""))
    if made_up:
        raise refusals.placeholder_identifier(_event_pointer(pointer) for pointer in made_up)


def _event_pointer(pointer: str) -> str:
    """A place within the filing, as a place within the event."""
    return "/payload/set/" + pointer.replace("~", "~0").replace("/", "~1")
