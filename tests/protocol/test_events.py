"""Events made here fit the contract's schema, and their text is NFC."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime
from typing import Any

import jsonschema_rs
import pytest

from app.clock import VIETNAM
from app.protocol import chain, contract, events, payloads
from app.protocol.events import EventDraft, build_event, renumbered
from app.protocol.ids import is_uuid, new_id
from app.protocol.parts import (
    Actor,
    ClockEvidence,
    Component,
    Fee,
    FeeReceipt,
    FileRef,
    Identifier,
    Party,
    ProcedureRef,
    Result,
    Subject,
    UnitRef,
    WireAddress,
)

NOW = datetime(2026, 11, 16, 8, 15, 2, tzinfo=VIETNAM)
SCHEMA = jsonschema_rs.Draft202012Validator(contract.schema("Event"), validate_formats=True)
SHA = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
FILE = FileRef(SHA, 481233, "application/pdf", "giay.pdf", signed=True)
UNIT = UnitRef("H60.14.3", "UBND xã Ví Dụ")
COMPONENT = Component(new_id(), "000.00.00.G15-KQ0001", "Giấy chứng sinh", "original", 1, True, file=FILE)
FEE = Fee(new_id(), "LP", "Lệ phí", 8000)
OWNER = Party(
    "Trần Thị Ví Dụ",
    [Identifier("personal_number", "038199000001", "2021", "Cục CSQLHC")],
    date_of_birth=date(1999, 2, 3),
    sex="female",
    phone="0900000000",
    email="vidu@example.invalid",
    address=WireAddress("08", "02221", "Thôn 1"),
)
CHILD = Party("Lò", no_identifier_reason="trẻ mới sinh", date_of_birth="2026")
FILING = payloads.DossierReceived(
    procedure=ProcedureRef("1.001193", 1, "default"),
    channel="counter",
    submitted_at=NOW,
    received_at=NOW,
    due_at=None,
    abstract="Đăng ký khai sinh",
    owner=OWNER,
    submitter=CHILD,
    handling_unit=UNIT,
    components=[COMPONENT],
    fees=[FEE],
    return_method="post",
    return_address=WireAddress(detail="Thôn 2"),
    portal_dossier_code="G15-1",
    provisional=True,
    eform={"a": 1},
)
PAYLOADS: dict[str, Any] = {
    "stream.opened": payloads.StreamOpened("restored", "motcua", "0.1.0", new_id(), 7),
    "dossier.received": FILING,
    "dossier.refused": payloads.EndWithReason("Không thuộc thẩm quyền", FILING, FILE),
    "dossier.withdrawn": payloads.EndWithReason("Xin rút"),
    "dossier.stopped": payloads.EndWithReason("Dừng"),
    "dossier.amended": payloads.DossierAmended({"/owner/phone": "0911111111"}, "gõ nhầm"),
    "dossier.progress": payloads.Progress("a", "b", "c", NOW, NOW),
    "dossier.supplement_requested": payloads.SupplementRequested(1, "Bổ sung", NOW, FILE),
    "dossier.supplement_received": payloads.SupplementReceived(1, [COMPONENT], None, NOW),
    "dossier.fee_requested": payloads.FeeList([FEE], "x"),
    "dossier.due_date_changed": payloads.DueDateChanged(None, NOW, "xác minh", FILE),
    "dossier.transferred": payloads.Custody(UNIT, UNIT, True, "x"),
    "dossier.custody_accepted": payloads.Custody(UNIT, UNIT),
    "dossier.completed": payloads.Completed(
        [Result(new_id(), "KQ", "Giấy", "25", date(2026, 11, 16), file=FILE)]
    ),
    "dossier.returned": payloads.Returned(
        "counter", "Trần", Identifier("personal_number", "038199000001"), "1", FILE
    ),
    "fee.collected": payloads.FeeMoved([FEE.fee_id], 8000, "cash", FeeReceipt("AA", "1", NOW), "ref"),
    "fee.refunded": payloads.FeeMoved([FEE.fee_id], 8000, "cash"),
    "document.digitised": payloads.DocumentDigitised([COMPONENT]),
    "document.revoked": payloads.DocumentRevoked(COMPONENT.component_id, "mờ"),
    "citizen.account_requested": payloads.AccountRequested(OWNER, FILE),
    "feedback.recorded": payloads.Feedback(5, "tốt"),
    "event.voided": payloads.EventVoided(new_id(), "nhầm"),
    "number_block.released": payloads.BlockReleased(new_id(), {"2026-11-16": 1004}),
}


def build(type_: str, payload: Any, **draft: Any) -> dict[str, Any]:
    """One event of that payload."""
    return build_event(
        EventDraft(type_, Subject("dossier", new_id(), "TN-02221-261116-1001"), ACTOR, NOW, payload, **draft),
        event_id=new_id(),
        desk_seq=3,
        recorded_at=NOW,
        clock=ClockEvidence(-1200, NOW, "5b0c7a52", 5032211),
        previous_chain=chain.chain_start("x"),
    )


ACTOR = Actor("cb-007", "Nguyễn Văn Ví Dụ", "counter", "Công chức", "ld-001")


def test_every_type_of_the_contract_has_a_payload() -> None:
    assert set(PAYLOADS) == set(contract.event_types())


@pytest.mark.parametrize("type_", PAYLOADS)
def test_fits_the_schema(type_: str) -> None:
    event = build(type_, PAYLOADS[type_])
    assert [str(error) for error in SCHEMA.iter_errors(event)] == []
    assert event["digest"] == chain.event_digest(event)
    assert event["chain"] == chain.chain_next(chain.chain_start("x"), event["digest"])


def test_names_every_file_of_the_payload_once() -> None:
    assert build("dossier.received", FILING)["files"] == [SHA]
    assert build("dossier.progress", payloads.Progress())["files"] == []
    assert events.files_named({"a": [FILE.as_wire(), {"sha256": "no"}]}) == [SHA]


def test_text_is_nfc_and_digest_covers_it() -> None:
    name = unicodedata.normalize("NFD", "Nguyễn Thị Hoà")
    event = build("dossier.progress", {"note": name, "list": [name]})
    assert event["payload"] == {"note": "Nguyễn Thị Hoà", "list": ["Nguyễn Thị Hoà"]}


def test_times_are_written_with_the_zone_of_viet_nam() -> None:
    event = build(
        "dossier.progress", payloads.Progress(step_due_at=datetime(2026, 11, 16, 1, 15, tzinfo=UTC))
    )
    assert event["payload"]["step_due_at"] == "2026-11-16T08:15:00+07:00"
    assert event["occurred_at"] == "2026-11-16T08:15:02+07:00"


def test_a_long_officer_name_is_cut_to_what_the_contract_takes() -> None:
    assert len(Actor("x", "Ê" * 80, "counter").as_wire()["officer_name"]) == 50  # type: ignore[arg-type]


def test_an_unmeasured_clock_is_said_to_be_so() -> None:
    assert ClockEvidence(None).as_wire() == {"offset_ms": None}


def test_an_event_moved_to_another_epoch_keeps_its_id_and_content() -> None:
    event = build("dossier.progress", payloads.Progress("x"), corrects=new_id(), base_version=4)
    moved = renumbered(event, 9, chain.chain_start("new"))
    assert {**moved, "desk_seq": 3, "digest": "", "chain": ""} == {**event, "digest": "", "chain": ""}
    assert moved["digest"] == chain.event_digest(moved) != event["digest"]
    assert moved["chain"] == chain.chain_next(chain.chain_start("new"), moved["digest"])


def test_ids_are_uuid7_and_rise() -> None:
    ids = [new_id() for _ in range(2000)]
    assert ids == sorted(set(ids))
    assert all(is_uuid(each) and each[14] == "7" for each in ids)
    assert not any(map(is_uuid, [ids[0].upper(), ids[0] + "\n", "", None, 5]))
