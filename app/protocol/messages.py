"""The answers a desk believes, as strict models; members it does not know are ignored.

``read_answer`` turns bytes of the other side into one of these or raises ``BadAnswer``; nothing else of
an answer may be used (I11).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Final, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from app.clock import from_wire
from app.protocol.strict_json import BadJson, loads_strict

_MAX_LIST: Final = 12_000
"""Longer than any list of the contract: 500 events or changes, some thousand procedures."""
_MAX_TOLD: Final = 50


class BadAnswer(ValueError):  # noqa: N818
    """The answer is not one of the contract; it counts as no answer. The message holds no content."""


def _moment(value: object) -> object:
    return from_wire(value) if isinstance(value, str) else value


def _day(value: object) -> object:
    return date.fromisoformat(value) if isinstance(value, str) else value


Uuid = Annotated[str, Field(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Timestamp = Annotated[datetime, BeforeValidator(_moment)]
Day = Annotated[date, BeforeValidator(_day)]
Count = Annotated[int, Field(ge=0)]
Sequence1 = Annotated[int, Field(ge=1)]
Cursor = Annotated[str, Field(max_length=512)]
DossierCode = Annotated[str, Field(min_length=5, max_length=60)]
Status = Annotated[int, Field(ge=1, le=10)]


class Message(BaseModel):
    """Common rules: exact types, unknown members ignored, never changed after reading."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True, hide_input_in_errors=True)


class ProblemError(Message):
    """One place of a problem: a JSON Pointer and words."""

    pointer: str
    message: str
    code: str | None = None


class UnitRef(Message):
    """A unit by code and name."""

    code: str
    name: str


class ProcedureRef(Message):
    """A procedure version."""

    code: str
    version: Sequence1
    case_code: str | None = None


class FileRef(Message):
    """A file by content."""

    sha256: Sha256
    size: Sequence1
    media_type: str
    name: Annotated[str, Field(max_length=255)]
    signed: bool | None = None


class ResultPaper(Message):
    """A result of a dossier."""

    result_id: Uuid
    code: str
    name: Annotated[str, Field(max_length=2000)]
    number: str | None = None
    issued_at: Day | None = None
    issued_by: str | None = None
    signer: str | None = None
    file: FileRef | None = None


class DossierState(Message):
    """The province's view of a dossier. ``received`` is the filing as JSON, where it is given."""

    dossier_id: Uuid
    code: DossierCode
    provisional_code: DossierCode | None = None
    national_code: str | None = None
    version: Count
    status: Status
    custodian: UnitRef
    procedure: ProcedureRef
    owner_name: str | None = None
    received_at: Timestamp | None
    due_at: Timestamp | None
    completed_at: Timestamp | None = None
    returned_at: Timestamp | None = None
    results: list[ResultPaper]
    received: dict[str, Any] | None = None


class Problem(Message):
    """RFC 9457 problem details; ``code`` decides, text is for people."""

    type: str
    code: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    title: str
    status: Annotated[int, Field(ge=100, le=599)]
    detail: str | None = None
    instance: str | None = None
    errors: list[ProblemError] = []
    expected_seq: Sequence1 | None = None
    limits: dict[str, int] = {}
    current: DossierState | None = None
    retryable: bool | None = None


class Meta(Message):
    """What a server speaks, its limits and its clock."""

    api: Literal["province-sync"]
    api_versions: Annotated[list[str], Field(min_length=1)]
    server_time: Timestamp
    server_id: str
    min_client_version: str | None = None
    features: list[str]
    event_schemas: dict[str, list[int]]
    limits: dict[str, Count]
    bundle_recipients: list[str] = []
    notice: str | None = None

    @model_validator(mode="after")
    def _limits_complete(self) -> Meta:
        needed = {
            "max_events_per_push",
            "max_push_bytes",
            "max_changes_per_pull",
            "max_file_bytes",
            "min_chunk_bytes",
            "max_chunk_bytes",
        }
        if not needed <= self.limits.keys():
            raise ValueError("limits are incomplete")
        return self


class TokenResponse(Message):
    """An access token and its life in seconds."""

    access_token: Annotated[str, Field(min_length=1, repr=False)]
    token_type: Literal["Bearer"]
    expires_in: Annotated[int, Field(ge=60)]
    scope: str | None = None


class OAuthError(Message):
    """The error body of the token call."""

    error: str
    error_description: str | None = None


class PublicKey(Message):
    """An Ed25519 public key as JWK (RFC 8037)."""

    kty: Literal["OKP"]
    crv: Literal["Ed25519"]
    x: str
    kid: str


class Enrolment(Message):
    """The identity a desk was given."""

    desk_id: str
    client_id: str
    unit_code: str
    unit_name: str | None = None
    desk_slot: Sequence1
    token_url: str
    server_signing_keys: Annotated[list[PublicKey], Field(min_length=1)]
    bundle_recipients: Annotated[list[str], Field(min_length=1)]


class DeskKeys(Message):
    """The desk's public keys in force."""

    signing_key: PublicKey
    bundle_recipient: str


class OtherEpoch(Message):
    """Another stream of the same desk."""

    epoch: Uuid
    received_through_seq: Count
    closed: bool


class StreamState(Message):
    """How far the server holds a stream."""

    desk_id: str
    epoch: Uuid
    received_through_seq: Count
    chain: Sha256
    deferred: Count
    rejected: Count
    last_received_at: Timestamp | None = None
    acked_cursor: str | None = None
    other_epochs: list[OtherEpoch]


class WaitingFor(Message):
    """What a deferred event waits for."""

    kind: Literal["file", "event", "approval"]
    ref: str


class NationalState(Message):
    """What the national adapter did with an event."""

    state: Literal["not_applicable", "queued", "sent", "confirmed", "failed"]
    national_code: str | None = None
    at: Timestamp | None = None
    error_code: str | None = None
    message: str | None = None


class Verdict(Message):
    """The server's word on one event."""

    event_id: Uuid
    desk_seq: Sequence1
    verdict: Literal["accepted", "duplicate", "deferred", "rejected"]
    original: Literal["accepted", "deferred", "rejected"] | None = None
    received_at: Timestamp
    dossier_version: Count | None = None
    waiting_for: list[WaitingFor] = []
    problem: Problem | None = None
    warnings: list[Problem] = []
    national: NationalState | None = None

    @model_validator(mode="after")
    def _members_that_belong(self) -> Verdict:
        if self.verdict == "rejected" and self.problem is None:
            raise ValueError("a rejection without a problem")
        if self.verdict == "duplicate" and self.original is None:
            raise ValueError("a duplicate without its original")
        if self.verdict == "deferred" and "waiting_for" not in self.model_fields_set:
            raise ValueError("a deferral without what it waits for")
        return self

    @property
    def outcome(self) -> Literal["accepted", "deferred", "rejected"]:
        """The verdict, a duplicate being what its original was."""
        if self.verdict == "duplicate":
            assert self.original is not None
            return self.original
        return self.verdict


class PushResponse(Message):
    """One verdict per event, in order."""

    epoch: Uuid
    received_through_seq: Count
    chain: Sha256
    verdicts: list[Verdict]
    next_sync_after_s: Count | None = None


class RecoveredEvents(Message):
    """The desk's own events back; a rejected one may break the Event schema, so they stay plain JSON."""

    epoch: Uuid
    events: list[dict[str, Any]]
    verdicts: list[Verdict]
    more: bool


class StreamMatch(Message):
    """The stream part of a reconciliation."""

    match: bool
    count: Count
    chain: Sha256
    first_difference_seq: int | None = None


class FilesMatch(Message):
    """The files part of a reconciliation."""

    match: bool
    count: Count
    missing: list[Sha256]


class DossiersMatch(Message):
    """The dossiers part of a reconciliation."""

    match: bool
    count: Count


class ReconcileResponse(Message):
    """The end check of a sync."""

    match: bool
    stream: StreamMatch
    files: FilesMatch | None = None
    dossiers: DossiersMatch | None = None
    deferred: Count
    rejected_open: Count


class DossierVersion(Message):
    """A dossier and its provincial version."""

    dossier_id: Uuid
    version: Count


class DossierDiff(Message):
    """Dossiers that differ within a run."""

    stale: list[DossierVersion]
    unknown_to_server: list[Uuid]
    missing_at_desk: list[DossierVersion]


class Subject(Message):
    """What a change is about."""

    kind: str
    id: Annotated[str, Field(max_length=80)]
    code: DossierCode | None = None


class Change(Message):
    """One provincial change; ``data`` stays JSON and is read by the model its type names."""

    change_id: Uuid
    change_type: str
    at: Timestamp
    subject: Subject
    dossier_version: Count | None = None
    caused_by_event_id: Uuid | None = None
    data: dict[str, Any]


class ChangePage(Message):
    """A page of the feed. ``next_cursor`` is stored only with what the page says."""

    changes: list[Change]
    next_cursor: Cursor
    more: bool
    next_poll_after_s: Count | None = None


class SnapshotPage(Message):
    """A page of present state."""

    dossiers: list[DossierState]
    changes: list[Change] = []
    next_page: str | None
    cursor: Cursor


class Ack(Message):
    """The cursor the server has stored."""

    cursor: Cursor
    committed_at: Timestamp | None = None


class DossierNumbered(Message):
    """Data of ``dossier.numbered``."""

    code: DossierCode
    provisional_code: DossierCode
    numbered_at: Timestamp


class StatusChanged(Message):
    """Data of ``dossier.status_changed``."""

    from_status: Status | None = Field(alias="from")
    to: Status
    note: str | None = None
    actor_name: str | None = None
    actor_unit: str | None = None


class FieldsChanged(Message):
    """Data of ``dossier.fields_changed``: JSON Pointer within the filing to new value."""

    set: dict[str, Any]
    reason: str | None = None


class DueDateChanged(Message):
    """Data of ``dossier.due_date_changed``."""

    previous_due_at: Timestamp | None
    new_due_at: Timestamp
    reason: str
    apology_letter: FileRef | None = None


class CustodyChanged(Message):
    """Data of ``dossier.custody_changed``."""

    from_unit: UnitRef
    to_unit: UnitRef
    paper_sent: bool | None = None
    note: str | None = None


class ResultIssued(Message):
    """Data of ``dossier.result_issued``."""

    results: list[ResultPaper]
    note: str | None = None


class AccountOutcome(Message):
    """Data of ``account.outcome``."""

    request_event_id: Uuid
    outcome: Literal["created", "already_exists", "waiting_for_citizen", "refused"]
    account_id: str | None = None
    reason: str | None = None


class CataloguePublished(Message):
    """Data of ``catalogue.published``."""

    catalogue_version: Sequence1
    procedures: list[ProcedureRef] = []


class Notice(Message):
    """Data of ``desk.notice``."""

    severity: Literal["info", "warning", "urgent"]
    text: str


class ManifestEntry(Message):
    """One procedure version of the manifest."""

    code: str
    version: Sequence1
    name: str
    effective_from: Day
    effective_to: Day | None
    sha256: Sha256
    size: Sequence1


class CatalogueManifest(Message):
    """Every procedure version of the province."""

    catalogue_version: Sequence1
    generated_at: Timestamp
    procedures: list[ManifestEntry]


class NumberBlock(Message):
    """A slice of numbers the desk alone may use, on every day (or year) of its validity."""

    block_id: Uuid
    kind: Literal["dossier_code", "fee_receipt", "outgoing_document"]
    unit_code: str
    pattern: str
    per: Literal["day", "year"]
    valid_from: Day
    valid_to: Day
    seq_from: Sequence1
    seq_to: Sequence1
    state: Literal["active", "ended", "revoked"]


class NumberBlockList(Message):
    """The blocks granted to a desk."""

    blocks: list[NumberBlock]


class Upload(Message):
    """The state of a resumable upload."""

    sha256: Sha256
    size: Sequence1
    offset: Count
    complete: bool
    upload_url: str | None
    expires_at: Timestamp | None


AnyMessage = TypeVar("AnyMessage", bound=Message)


def read_answer(model: type[AnyMessage], body: bytes, *, max_bytes: int) -> AnyMessage:
    """The answer in ``body``. Raises ``BadAnswer`` for anything the contract does not promise."""
    try:
        value = loads_strict(body, max_bytes=max_bytes)
        _check_lists(value)
        return model.model_validate(value)
    except BadJson as error:
        raise BadAnswer(str(error)) from error
    except ValidationError as error:
        raise BadAnswer(f"{model.__name__}: {', '.join(_places(error))}") from None


def _check_lists(value: object) -> None:
    """Every faulty item of a list costs a note of its own while it is judged, so a list has its bound too."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, list):
            if len(item) > _MAX_LIST:
                raise BadAnswer("a list too long")
            waiting += item
        elif isinstance(item, dict):
            waiting += item.values()


def _places(error: ValidationError) -> list[str]:
    """Where it is not as promised, a few of the places; members' names only."""
    if error.error_count() > _MAX_TOLD:
        return ["many"]
    return sorted({".".join(str(part) for part in item["loc"]) for item in error.errors()})[:5]
