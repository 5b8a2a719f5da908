"""Receiving a run of events (``pushEvents``): the envelope first, then each event by itself.

The envelope (epoch, numbers, and per event only id, number, digest and chain) refuses the whole batch and
stores nothing; everything else ends in that event's own verdict.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update

from app.protocol.canonical import CanonicalObject
from app.protocol.chain import chain_next, chain_start
from app.protocol.ids import is_uuid
from app.province import intake, limits
from app.province.context import Act
from app.province.problems import ApiProblem, JsonObject, at, bad_request
from app.province.run_memory import looking_ahead
from app.province.tables import events, streams
from app.province.upward import told
from app.text import t


@dataclass(frozen=True)
class Run:
    """A contiguous run of events whose envelope is good."""

    epoch: str
    first_seq: int
    events: list[JsonObject]
    written: list[CanonicalObject]

    @property
    def last_seq(self) -> int:
        """The number of its last event."""
        return self.first_seq + len(self.events) - 1


def read_run(body: object) -> Run:
    """The run of a request body. Raises 400 ``schema-invalid``, 413, 422 ``digest-mismatch``."""
    if not isinstance(body, dict):
        raise _bad([at("", t("phải là một đối tượng"))])
    sent = body.get("events")
    if isinstance(sent, list) and len(sent) > limits.MAX_EVENTS:
        raise ApiProblem(
            413,
            "too-large",
            t("Gửi quá nhiều bản ghi một lần."),
            limits={"max_events_per_push": limits.MAX_EVENTS, "max_push_bytes": limits.MAX_PUSH_BYTES},
        )
    places = list(_envelope_faults(body))
    if places:
        raise _bad(places[:20])
    written = [CanonicalObject(event) for event in body["events"]]
    for index, event in enumerate(body["events"]):
        if written[index].digest("digest", "chain") != event["digest"]:
            raise ApiProblem(
                422,
                "digest-mismatch",
                t("Nội dung bị hỏng trên đường truyền; hãy gửi lại."),
                errors=[at(f"/events/{index}/digest", t("không khớp nội dung nhận được"))],
                retryable=True,
            )
    return Run(body["epoch"], body["first_seq"], body["events"], written)


def receive(act: Act, run: Run) -> JsonObject:
    """Store the run and answer a verdict per event. Raises 409 for a gap, a closed epoch or a fork."""
    stream = _stream(act, run.epoch)
    if stream.closed:
        raise ApiProblem(409, "epoch-closed", t("Kỳ ghi này đã đóng; quầy sẽ mở kỳ ghi mới."))
    if run.first_seq > stream.received_through + 1:
        expected = stream.received_through + 1
        raise ApiProblem(409, "seq-gap", t("Thiếu bản ghi trước đợt gửi này."), expected_seq=expected)
    held = _held(act, stream.stream_id, run)
    _check_chain(act, stream, run, held)
    with looking_ahead(act.db, run.events):
        verdicts, recorded = _taken(act, stream, run, held)
    through, chain = _advance(act, stream, run, recorded)
    return {
        "epoch": run.epoch,
        "received_through_seq": through,
        "chain": chain,
        "verdicts": told.veiled(act.db, verdicts),
        "next_sync_after_s": limits.NEXT_SYNC_AFTER_S,
    }


def _taken(act: Act, stream: Any, run: Run, held: dict[int, Any]) -> tuple[list[JsonObject], int | None]:
    """A verdict per event, and when the last one was recorded."""
    verdicts, recorded = [], stream.last_recorded_at
    known = intake.known_ids(act.db, [event["event_id"] for event in run.events])
    for event, written in zip(run.events, run.written, strict=True):
        if event["desk_seq"] <= stream.received_through:
            verdict = intake.verdict_now(act.db, held[event["desk_seq"]])
            verdicts.append(intake.as_duplicate(verdict))
            continue
        place = intake.Stream(stream.stream_id, run.epoch, recorded)
        again = event["event_id"] in known
        verdicts.append(intake.take(act.db, act.now, act.desk, place, event, written, known=again))
        known.add(event["event_id"])
        recorded = intake.recorded_ms(event) or recorded
    return verdicts, recorded


def _envelope_faults(body: JsonObject) -> Iterator[JsonObject]:
    if not is_uuid(body.get("epoch")):
        yield at("/epoch", t("còn thiếu hoặc viết chưa đúng mẫu"))
    for name in ("first_seq", "last_seq"):
        if not _is_number(body.get(name)):
            yield at(f"/{name}", t("phải là số nguyên từ 1"))
    sent = body.get("events")
    if not isinstance(sent, list) or not sent:
        yield at("/events", t("cần ít nhất một bản ghi"))
        return
    for index, event in enumerate(sent):
        yield from _event_faults(event, f"/events/{index}")
    numbers = [event.get("desk_seq") if isinstance(event, dict) else None for event in sent]
    first, last = body.get("first_seq"), body.get("last_seq")
    if _is_number(first) and numbers != list(range(int(str(first)), int(str(first)) + len(sent))):
        yield at("/events", t("số thứ tự không liền nhau từ first_seq"))
    elif numbers[-1] != last:
        yield at("/last_seq", t("khác số của bản ghi cuối"))


def _event_faults(event: object, pointer: str) -> Iterator[JsonObject]:
    if not isinstance(event, dict):
        yield at(pointer, t("phải là một đối tượng"))
        return
    if not is_uuid(event.get("event_id")):
        yield at(f"{pointer}/event_id", t("còn thiếu hoặc viết chưa đúng mẫu"))
    if not _is_number(event.get("desk_seq")):
        yield at(f"{pointer}/desk_seq", t("phải là số nguyên từ 1"))
    for name in ("digest", "chain"):
        if not _is_sha256(event.get(name)):
            yield at(f"{pointer}/{name}", t("còn thiếu hoặc viết chưa đúng mẫu"))


def _stream(act: Act, epoch: str) -> Any:
    mine = (streams.c.desk_id == act.desk.desk_id, streams.c.epoch == epoch)
    row = act.db.execute(select(streams).where(*mine).with_for_update()).one_or_none()
    if row is not None:
        return row
    new = {"desk_id": act.desk.desk_id, "epoch": epoch, "received_through": 0}
    act.db.execute(insert(streams).values(**new, chain=chain_start(epoch), closed=False))
    return act.db.execute(select(streams).where(*mine)).one()


def _held(act: Act, stream_id: int, run: Run) -> dict[int, Any]:
    rows = act.db.execute(
        select(events).where(
            events.c.stream_id == stream_id,
            events.c.desk_seq >= run.first_seq,
            events.c.desk_seq <= run.last_seq,
        )
    )
    return {row.desk_seq: row for row in rows}


def _check_chain(act: Act, stream: Any, run: Run, held: dict[int, Any]) -> None:
    chain = stream.chain
    for event in run.events:
        row = held.get(event["desk_seq"])
        if row is not None:
            fits = row.digest == event["digest"] and row.chain == event["chain"]
        else:
            chain = chain_next(chain, event["digest"])
            fits = chain == event["chain"]
        if not fits:
            raise ApiProblem(
                409,
                "chain-mismatch",
                t("Chuỗi bản ghi của quầy khác với chuỗi tỉnh đang giữ; quầy sẽ mở kỳ ghi mới."),
            )


def _advance(act: Act, stream: Any, run: Run, recorded: int | None) -> tuple[int, str]:
    if run.last_seq <= stream.received_through:
        return stream.received_through, stream.chain
    chain = str(run.events[-1]["chain"])
    act.db.execute(
        update(streams)
        .where(streams.c.stream_id == stream.stream_id)
        .values(
            received_through=run.last_seq,
            chain=chain,
            last_received_at=act.now_ms,
            last_recorded_at=recorded,
        )
    )
    return run.last_seq, chain


def _bad(places: list[JsonObject]) -> ApiProblem:
    return bad_request(t("Phong bì của đợt gửi chưa đúng."), places, code="schema-invalid")


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _is_sha256(value: object) -> bool:
    return isinstance(value, str) and len(value) == 64 and not value.strip("0123456789abcdef")
