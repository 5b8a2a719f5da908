"""The USB courier: out, in at the province, the receipt back; harmless twice, whole or not at all."""

from __future__ import annotations

import json
import random
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from app.errors import AppError, LineError
from app.models import tables
from app.models.carry_tables import bundle_out, upload
from app.province.bundle_desk import import_file
from app.province.tables import desks as province_desks
from app.sync import status
from app.sync.bundle_in import take_receipt
from app.sync.bundle_out import Exported, export_bundles
from app.sync.context import SyncDesk
from app.sync.round import run_round
from tests.support.desk_store import OFFICER, dossier_row, make_sync_desk, receive, verdicts
from tests.support.gateway import Gateway, running_gateway
from tests.sync.conftest import EnrolledDesk
from tests.sync.peer import dossiers_of, held
from tests.sync.test_uploads import at_province, scan

KIB = 1024


def export(desk: SyncDesk, stick: Path, **more: Any) -> Exported:
    stick.mkdir(exist_ok=True)
    return export_bundles(desk, stick / "goi.bundle", OFFICER, **more)


def brought(gateway: Gateway, file: Path) -> Any:
    return import_file(gateway.db_url, file)


def refused(work: Callable[[], Any]) -> AppError:
    with pytest.raises(AppError) as caught:
        work()
    assert caught.value.title and caught.value.next_step
    return caught.value


def test_out_and_back_without_any_line(
    gateway: Gateway, new_desk: EnrolledDesk, unit: str, tmp_path: Path
) -> None:
    desk = new_desk()
    file = scan(desk, 40 * KIB)
    first = receive(desk, 1, files=(file,))
    receive(desk, 2)
    bad = receive(desk, 3, break_payload=True)
    made = export(desk, tmp_path / "usb")
    assert (len(made.files), made.events) == (1, 4)
    assert verdicts(desk) == [None] * 4, "handed over is not sent"
    assert all("USB" in item.last for item in status.outbox(desk.store))
    raw = made.files[0].read_bytes()
    assert raw.startswith(b"age-encryption.org/v1") and b"Tr\xe1\xba\xa7n" not in raw
    answer = brought(gateway, made.files[0])
    assert (answer["events"], answer["rejected"], answer["arrived_files"]) == (4, 1, 1)
    assert dossiers_of(gateway, unit) == 2 and at_province(gateway, file)
    taken = take_receipt(desk, Path(answer["receipt"]))
    assert (taken.events, taken.files) == (4, 1)
    assert verdicts(desk) == ["accepted", "accepted", "accepted", "rejected"]
    assert dossier_row(desk, first.id)["sync_state"] == "accepted"
    assert dossier_row(desk, bad.id)["sync_state"] == "rejected"
    assert dossier_row(desk, first.id)["number"], "the feed came along"
    with desk.store.read() as connection:
        assert connection.execute(select(bundle_out.c.receipt_at)).scalar_one() is not None
        assert list(connection.execute(select(upload.c.state)).scalars()) == ["complete"]
    report = run_round(desk, sleep=lambda _: None)
    assert report.reconciled and report.pushed == 0 and report.files_sent == 0, report
    assert export(desk, tmp_path / "usb2").files == ()


def test_bundle_and_line_in_any_order_are_one_application(
    gateway: Gateway, new_desk: EnrolledDesk, unit: str, tmp_path: Path
) -> None:
    desk = new_desk()
    receive(desk, 1)
    one = export(desk, tmp_path / "a").files[0]
    assert run_round(desk, sleep=lambda _: None).reconciled
    receive(desk, 2)
    two = export(desk, tmp_path / "b").files[0]
    late = brought(gateway, one)
    assert (late["duplicate"], late["accepted"]) == (2, 0)
    early = brought(gateway, two)
    assert (early["accepted"], early["duplicate"]) == (1, 0)
    again = brought(gateway, two)
    assert (again["accepted"], again["duplicate"]) == (0, 1)
    report = run_round(desk, sleep=lambda _: None)
    assert report.reconciled and dossiers_of(gateway, unit) == 2
    for receipt in (late, early, again, early):
        take_receipt(desk, Path(receipt["receipt"]))
    assert verdicts(desk) == ["accepted"] * 3
    assert len(held(gateway, desk)) == 3


def test_what_does_not_fit_one_file_is_split(
    gateway: Gateway, new_desk: EnrolledDesk, tmp_path: Path
) -> None:
    desk = new_desk()
    files = [scan(desk, 60 * KIB, seed) for seed in range(4)]
    for number, file in enumerate(files, 1):
        receive(desk, number, files=(file,))
    made = export(desk, tmp_path / "usb", largest=150 * KIB)
    assert len(made.files) > 1 and made.events == 5
    assert all(path.stat().st_size < 150 * KIB for path in made.files)
    answers = [brought(gateway, path) for path in made.files]
    for answer in answers:
        take_receipt(desk, Path(answer["receipt"]))
    assert all(at_province(gateway, file) for file in files)
    assert run_round(desk, sleep=lambda _: None).reconciled
    assert verdicts(desk) == ["accepted"] * 5


def test_a_bundle_before_its_elder_is_told(gateway: Gateway, new_desk: EnrolledDesk, tmp_path: Path) -> None:
    desk = new_desk()
    for number in range(1, 30):
        receive(desk, number)
    made = export(desk, tmp_path / "usb", largest=40 * KIB)
    assert refused(lambda: brought(gateway, made.files[1])).code == "bundle-gap"
    for path in made.files:
        brought(gateway, path)
    assert len(held(gateway, desk)) == 30


def test_an_altered_bit_anywhere_applies_nothing(
    gateway: Gateway, new_desk: EnrolledDesk, tmp_path: Path
) -> None:
    desk = new_desk()
    receive(desk, files=(scan(desk, 2 * KIB),))
    whole = export(desk, tmp_path / "usb").files[0]
    content = whole.read_bytes()
    pick = random.Random(20261123)
    spoilt = tmp_path / "spoilt.bundle"
    for place in [0, 25, 60, len(content) - 1, *(pick.randrange(len(content)) for _ in range(12))]:
        spoilt.write_bytes(content[:place] + bytes([content[place] ^ 4]) + content[place + 1 :])
        failure = refused(lambda: brought(gateway, spoilt))
        assert failure.code in ("bundle-damaged", "bundle-other-province"), place
    for length in (0, 100, len(content) // 2, len(content) - 1):
        spoilt.write_bytes(content[:length])
        assert refused(lambda: brought(gateway, spoilt)).code == "bundle-damaged"
    assert held(gateway, desk) == []
    answer = brought(gateway, whole)
    receipt = Path(answer["receipt"])
    good = receipt.read_bytes()
    for place in (5, 120, len(good) // 2, len(good) - 1):
        receipt.write_bytes(good[:place] + bytes([good[place] ^ 4]) + good[place + 1 :])
        assert refused(lambda: take_receipt(desk, receipt)).code in ("receipt-damaged", "receipt-other-desk")
    assert verdicts(desk) == [None, None]


def test_what_is_for_others_is_told(gateway: Gateway, new_desk: EnrolledDesk, tmp_path: Path) -> None:
    desk, other = new_desk(), new_desk()
    receive(desk)
    made = export(desk, tmp_path / "usb").files[0]
    with running_gateway(tmp_path / "elsewhere") as another:
        assert refused(lambda: brought(another, made)).code == "bundle-other-province"
    answer = brought(gateway, made)
    assert refused(lambda: take_receipt(other, Path(answer["receipt"]))).code == "receipt-other-desk"
    assert refused(lambda: take_receipt(desk, tmp_path / "no")).code == "no-receipt"
    assert refused(lambda: brought(gateway, tmp_path / "no")).exit_code == 4


def test_a_bundle_signed_by_another_key_is_not_taken(
    gateway: Gateway, new_desk: EnrolledDesk, tmp_path: Path
) -> None:
    """Somebody who knows the gateway's public key and the desk's name, but not the desk's key."""
    desk, thief = new_desk(), new_desk()
    receive(desk)
    with desk.store.read() as connection:
        origin = connection.execute(select(tables.gateway.c.client_id)).scalar_one()
    with thief.store.write() as connection:
        from app.sync.marks import PROVINCE_DESK, write_mark

        write_mark(connection, PROVINCE_DESK, origin)
    made = export(thief, tmp_path / "usb").files[0]
    assert refused(lambda: brought(gateway, made)).code == "bundle-not-genuine"
    with gateway.store() as store, store.write() as db:
        db.execute(update(province_desks).where(province_desks.c.desk_id == origin).values(state="suspended"))
    mine = export(desk, tmp_path / "usb3").files[0]
    assert refused(lambda: brought(gateway, mine)).code == "bundle-unknown-desk"


@contextmanager
def no_room(most: int) -> Iterator[None]:
    """No file may grow beyond ``most`` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_stick_that_is_full_locked_or_gone_is_told_and_nothing_counts(
    new_desk: EnrolledDesk, tmp_path: Path
) -> None:
    desk = new_desk()
    receive(desk, files=(scan(desk, 400 * KIB),))
    usb = tmp_path / "usb"
    usb.mkdir()
    with no_room(100 * KIB):
        assert refused(lambda: export(desk, usb)).code == "stick-full"
    assert list(usb.iterdir()) == []
    for target, code in ((Path("/sys/goi.bundle"), "stick-locked"), (usb / "gone" / "x", "stick-gone")):
        assert refused(lambda target=target: export_bundles(desk, target, OFFICER)).code == code
    (usb / "goi.bundle").write_bytes(b"older")
    assert refused(lambda: export(desk, usb)).code == "bundle-exists"
    assert (usb / "goi.bundle").read_bytes() == b"older"
    with desk.store.read() as connection:
        assert connection.execute(select(bundle_out.c.bundle_id)).first() is None
    assert not any("USB" in item.last for item in status.outbox(desk.store))


def test_never_enrolled_is_told(tmp_path: Path) -> None:
    desk = make_sync_desk(tmp_path / "d")
    with pytest.raises(LineError):
        export(desk, tmp_path / "usb")
    with pytest.raises(LineError):
        (tmp_path / "r").write_bytes(b"x")
        take_receipt(desk, tmp_path / "r")


def test_the_manifest_says_no_name_of_a_citizen(new_desk: EnrolledDesk, tmp_path: Path) -> None:
    desk = new_desk()
    receive(desk, name="Zzqxmarker")
    made = export(desk, tmp_path / "usb").files[0]
    assert b"Zzqxmarker" not in made.read_bytes() and "Zzqxmarker" not in json.dumps(str(made))
