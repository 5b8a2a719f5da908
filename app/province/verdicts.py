"""The judge: one event in, one ruling out. Reads the store, writes nothing.

Order: known type and schema number, the Event schema, the rules no database is needed for, what must
come first (waiting), the rules of the act, the files.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from sqlalchemy import Connection, bindparam, func, select

from app.protocol import contract
from app.protocol.events import files_named
from app.protocol.ids import is_uuid
from app.province import dossiers, limits, refusals, schemas
from app.province.case import Case, Outcome, Refusal, Ruling
from app.province.dossier_acts import ACTS, CREATING
from app.province.nul import nul_pointers
from app.province.placeholders import placeholder_pointers
from app.province.problems import JsonObject, at, warning
from app.province.run_memory import memory
from app.province.tables import events, files, number_blocks, waits
from app.text import t

_EVENT_TYPES = frozenset(contract.event_types())
_SUBJECT_KINDS = {
    "stream.opened": "stream",
    "citizen.account_requested": "citizen_account",
    "event.voided": "event",
    "number_block.released": "number_block",
}
_BY_ID = select(events).where(events.c.holds_id == bindparam("wanted"))
_CREATORS = (
    select(events.c.place, events.c.verdict, events.c.voided)
    .where(
        events.c.subject_id == bindparam("subject"),
        events.c.unit_code == bindparam("unit"),
        events.c.type.in_(CREATING),
        events.c.verdict.in_(("deferred", "rejected")),
        events.c.place != bindparam("own_place"),
    )
    .order_by(events.c.row_id)
)
_PLACES = events.alias("places")
_AFTER_ALL = 2**62
_EARLIER = (
    select(events.c.row_id, events.c.place, events.c.type)
    .where(
        events.c.subject_id == bindparam("subject"),
        events.c.desk_id == bindparam("desk"),
        events.c.verdict == "deferred",
        events.c.event_id != bindparam("own_event"),
        events.c.row_id
        < func.coalesce(
            select(_PLACES.c.row_id).where(_PLACES.c.holds_id == bindparam("own_place")).scalar_subquery(),
            _AFTER_ALL,
        ),
    )
    .order_by(events.c.row_id)
)
"""Rows that came before the event whose place this one takes (before itself, for most)."""

_SIDE_TYPES = frozenset({"document.digitised", "feedback.recorded"})
_AFTER_SIDE = frozenset({"document.digitised", "document.revoked", "dossier.amended"})


def check_shape(event: JsonObject, epoch: str) -> None:
    """Everything that can be said of an event by itself. Raises ``Refusal``."""
    type_, number = event.get("type"), event.get("schema")
    if isinstance(type_, str) and type_ not in _EVENT_TYPES:
        raise refusals.unknown_type()
    if isinstance(number, int) and number > 0 and number not in limits.SCHEMA_NUMBERS:
        raise refusals.unknown_schema()
    places = schemas.faults("Event", event) or list(_nul_faults(event)) or list(_beyond_schema(event, epoch))
    if places:
        raise refusals.schema_invalid(places)
    made_up = list(placeholder_pointers(event["payload"]))
    if made_up:
        raise refusals.placeholder_identifier(made_up)


def judge(case: Case) -> Ruling:
    """The ruling on an event whose shape is good, against the present state."""
    incoming = case.incoming
    try:
        blockers = list(_blockers(case))
        if blockers:
            missing = _missing_files(case)
            return Ruling("deferred", waiting_for=[*_refs("event", blockers), *_refs("file", missing)])
        outcome = _outcome(case)
        _check_files(case)
    except Refusal as refusal:
        return Ruling("rejected", problem=refusal.problem)
    missing = _missing_files(case)
    if missing:
        return Ruling("deferred", waiting_for=_refs("file", missing))
    warnings = [*outcome.warnings, *_stale_base(case, incoming.event["base_version"])]
    return Ruling("accepted", outcome=outcome, warnings=warnings)


def find_event(db: Connection, event_id: str) -> object | None:
    """The row that first came with this id."""
    return db.execute(_BY_ID, {"wanted": event_id}).one_or_none()


def _nul_faults(event: JsonObject) -> Iterator[JsonObject]:
    for pointer in islice(nul_pointers(event), 20):
        yield at(pointer, t("có ký tự không dùng được; hãy gõ lại mục này"))


def _beyond_schema(event: JsonObject, epoch: str) -> Iterator[JsonObject]:
    type_, subject = event["type"], event["subject"]
    if (type_ == "stream.opened") != (event["desk_seq"] == 1):
        yield at("/type", t("stream.opened chỉ và luôn là bản ghi đầu tiên"))
    wanted = _SUBJECT_KINDS.get(type_, None if type_ == "feedback.recorded" else "dossier")
    if wanted is not None and subject["kind"] != wanted:
        yield at("/subject/kind", t("không hợp với loại bản ghi"))
    elif subject["kind"] != "stream" and wanted is not None and not is_uuid(subject["id"]):
        yield at("/subject/id", t("viết chưa đúng mẫu"))
    if type_ == "stream.opened" and subject["id"] != epoch:
        yield at("/subject/id", t("khác kỳ ghi đang gửi"))
    if type_ == "event.voided" and event["payload"]["voids"] != subject["id"]:
        yield at("/payload/voids", t("khác bản ghi được nêu"))
    if type_ == "number_block.released" and event["payload"]["block_id"] != subject["id"]:
        yield at("/payload/block_id", t("khác khối số được nêu"))
    if type_ == "dossier.received" and "code" not in subject:
        yield at("/subject/code", t("còn thiếu mục này"), "required")
    for sha256 in sorted(set(files_named(event["payload"])) - set(event["files"])):
        yield at("/files", t("thiếu tệp được nêu trong nội dung: ") + sha256)


def _blockers(case: Case) -> Iterator[str]:
    """Places of earlier events that must be settled first. Raises ``Refusal`` where they never will."""
    if case.incoming.subject["kind"] != "dossier":
        return
    if case.dossier is None:
        yield from _missing_creator(case)
    else:
        yield from _earlier_waiting(case)


def _missing_creator(case: Case) -> Iterator[str]:
    creating = case.incoming.type in CREATING
    if creating and dossiers.load(case.db, case.incoming.subject["id"]) is not None:
        raise refusals.conflict("/subject/id", t("Mã hồ sơ nội bộ này đã dùng ở nơi khác."))
    asked = {"subject": case.incoming.subject["id"], "unit": case.unit_code, "own_place": case.incoming.place}
    quiet = case.incoming.subject["id"] in memory(case.db).quiet
    rows = [] if quiet else case.db.execute(_CREATORS, asked).all()
    open_places = [row.place for row in rows if not row.voided]
    if creating:
        yield from (row.place for row in rows if row.verdict == "deferred" and not row.voided)
    elif open_places:
        yield open_places[0]
    elif rows:
        raise refusals.blocked_by_rejected()
    else:
        raise refusals.unknown_subject()


def _earlier_waiting(case: Case) -> Iterator[str]:
    """Earlier events of this desk about the dossier that still wait, except those this one stands before."""
    incoming = case.incoming
    if incoming.subject["id"] in memory(case.db).quiet:
        return
    asked = {
        "subject": incoming.subject["id"],
        "desk": incoming.sender.desk_id,
        "own_event": incoming.event_id,
        "own_place": incoming.place,
    }
    rows = case.db.execute(_EARLIER, asked).all()
    for row in rows:
        side_only = row.type in _SIDE_TYPES and incoming.type not in _AFTER_SIDE
        if (
            not side_only
            and row.place != incoming.place
            and not _waits_for(case.db, row.row_id, incoming.place)
        ):
            yield row.place


def _waits_for(db: Connection, row_id: int, place: str) -> bool:
    found = db.execute(
        select(waits.c.row_id).where(waits.c.row_id == row_id, waits.c.kind == "event", waits.c.ref == place)
    )
    return found.first() is not None


def _outcome(case: Case) -> Outcome:
    type_ = case.incoming.type
    if type_ in ACTS:
        return ACTS[type_](case)
    if type_ == "event.voided":
        return _voided(case)
    if type_ == "number_block.released":
        _require_block(case)
    return Outcome()


def _voided(case: Case) -> Outcome:
    target = find_event(case.db, case.incoming.payload["voids"])
    if target is None or getattr(target, "unit_code", None) != case.unit_code:
        raise refusals.unknown_subject("/payload/voids")
    if getattr(target, "verdict", None) != "accepted":
        return Outcome()
    title = t("Bản ghi đã được áp dụng nên không bị gỡ; muốn đổi lại, hãy ghi một việc mới.")
    return Outcome(
        warnings=[warning("voided-after-accepted", title, [at("/payload/voids", t("đã áp dụng"))])]
    )


def _require_block(case: Case) -> None:
    held = case.db.execute(
        select(number_blocks.c.block_id).where(
            number_blocks.c.block_id == case.incoming.payload["block_id"],
            number_blocks.c.desk_id == case.incoming.sender.desk_id,
        )
    )
    if held.one_or_none() is None:
        raise refusals.unknown_subject("/payload/block_id")


def _stale_base(case: Case, base_version: int | None) -> list[JsonObject]:
    if case.dossier is None or base_version is None or base_version >= case.dossier.version:
        return []
    title = t("Quầy ghi bước này khi chưa biết thay đổi mới nhất của hồ sơ.")
    return [warning("stale-base", title, [at("/base_version", t("cũ hơn hiện trạng"))])]


def _check_files(case: Case) -> None:
    if not case.incoming.files:
        return
    broken = case.db.execute(
        select(files.c.sha256).where(
            files.c.unit_code == case.unit_code,
            files.c.sha256.in_(case.incoming.files),
            files.c.fault.is_not(None),
        )
    ).scalars()
    found = sorted(broken)
    if found:
        raise refusals.file_invalid(found)


def _missing_files(case: Case) -> list[str]:
    wanted = case.incoming.files
    if not wanted:
        return []
    held = case.db.execute(
        select(files.c.sha256).where(files.c.unit_code == case.unit_code, files.c.sha256.in_(wanted))
    ).scalars()
    known = set(held)
    return [sha256 for sha256 in wanted if sha256 not in known]


def _refs(kind: str, refs: list[str]) -> list[JsonObject]:
    return [{"kind": kind, "ref": ref} for ref in dict.fromkeys(refs)]
