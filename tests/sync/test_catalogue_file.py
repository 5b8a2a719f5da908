"""Procedure versions from a stick: whole, genuine, newer, or not at all."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select, update

from app.errors import AppError, LineError
from app.models import tables
from app.protocol import contract
from app.province import operator
from app.province.catalogue_desk import export_catalogue
from app.sync.catalogue_in import CatalogueTaken, take_catalogue
from app.sync.context import SyncDesk
from app.sync.enrolment import enrol
from app.sync.marks import CATALOGUE_NUMBER, read_mark
from app.sync.round import run_round
from tests.support.desk_store import MONDAY, make_sync_desk
from tests.support.gateway import Gateway, running_gateway

PATH = "/v1/catalogue/procedures/{procedure_code}/versions/{version}"
CONTENT = contract.document()["paths"][PATH]["get"]["responses"]["200"]["content"]["application/json"]
BIRTH: dict[str, Any] = CONTENT["examples"]["birth"]["value"]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """A gateway of this module's own: a publication is told to every desk."""
    with running_gateway(tmp_path_factory.mktemp("office")) as running:
        yield running


@pytest.fixture
def desk(office: Gateway, tmp_path: Path) -> Iterator[SyncDesk]:
    made = make_sync_desk(tmp_path / "desk")
    enrol(made, office.url, office.enrolment_code(f"quay-{tmp_path.name}", "H60.14.3"))
    yield made
    made.store.dispose()


def publish(office: Gateway, code: str, number: int) -> None:
    with office.store() as store:
        version = {**copy.deepcopy(BIRTH), "code": code, "version": number}
        operator.publish_procedure(store, MONDAY, version)


def exported(office: Gateway, tmp_path: Path, name: str = "danh-muc.catalogue") -> Path:
    target = tmp_path / name
    export_catalogue(office.db_url, target)
    return target


def kept(desk: SyncDesk) -> set[tuple[str, int]]:
    c = tables.procedure_package.c
    with desk.store.read() as connection:
        return {(row.code, row.version) for row in connection.execute(select(c.code, c.version))}


def refused(desk: SyncDesk, file: Path) -> str:
    before = kept(desk)
    with pytest.raises(AppError) as told:
        take_catalogue(desk, file)
    assert told.value.title and told.value.next_step
    assert kept(desk) == before, "all or nothing"
    return told.value.code


def test_out_at_the_province_in_at_the_desk_twice_is_harmless(
    office: Gateway, desk: SyncDesk, tmp_path: Path
) -> None:
    publish(office, "1.000894", 2)
    publish(office, "1.001193", 2)
    file = exported(office, tmp_path)
    taken = take_catalogue(desk, file)
    assert {("1.000894", 2), ("1.001193", 2)} <= kept(desk)
    assert take_catalogue(desk, file) == CatalogueTaken(taken.number, 0)
    c = tables.procedure_package.c
    with desk.store.read() as connection:
        assert read_mark(connection, CATALOGUE_NUMBER) == taken.number
        body = connection.execute(select(c.body).where(c.code == "1.001193")).scalars().first()
    assert json.loads(body or b"")["version"] == 2


def test_older_than_what_the_desk_has_is_refused_by_stick_and_by_line(
    office: Gateway, desk: SyncDesk, tmp_path: Path
) -> None:
    publish(office, "1.000656", 2)
    old = exported(office, tmp_path, "old.catalogue")
    publish(office, "1.000656", 3)
    new = exported(office, tmp_path, "new.catalogue")
    assert run_round(desk, sleep=lambda _: None).reconciled
    assert ("1.000656", 3) in kept(desk)
    assert refused(desk, old) == "catalogue-old"
    assert take_catalogue(desk, new).new == 0


@pytest.mark.parametrize("where", [0.01, 0.3, 0.6, 0.95])
def test_an_altered_byte_or_a_cut_takes_nothing(
    office: Gateway, desk: SyncDesk, tmp_path: Path, where: float
) -> None:
    if not any(code == "1.000110" for code, _ in published(office)):
        publish(office, "1.000110", 2)
    file = exported(office, tmp_path)
    raw = bytearray(file.read_bytes())
    texts = [at for at in range(len(raw)) if raw[at] not in (0, 48)]
    at = texts[int(len(texts) * where)]
    altered = bytes(raw[:at]) + bytes([raw[at] ^ 1]) + bytes(raw[at + 1 :])
    for content in (altered, bytes(raw[:at]), b""):
        file.write_bytes(content)
        assert refused(desk, file) in ("catalogue-damaged", "catalogue-not-genuine")


def published(office: Gateway) -> set[tuple[str, int]]:
    from app.province import catalogue

    with office.store() as store, store.read() as db:
        return {(each["code"], each["version"]) for each in catalogue.manifest(db)["procedures"]}


def test_another_key_is_not_the_provinces(
    office: Gateway, desk: SyncDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not published(office):
        publish(office, "1.000689", 2)
    other = Ed25519PrivateKey.generate().private_bytes_raw()
    monkeypatch.setattr("app.province.catalogue_desk._signing", lambda _: other)
    assert refused(desk, exported(office, tmp_path)) == "catalogue-not-genuine"


def test_another_province_and_no_file_and_no_province(
    office: Gateway, desk: SyncDesk, tmp_path: Path
) -> None:
    assert refused(desk, tmp_path / "nowhere") == "no-catalogue"
    run_round(desk, sleep=lambda _: None)
    with running_gateway(tmp_path / "elsewhere") as other:
        file = exported(other, tmp_path)
        assert refused(desk, file) == "catalogue-not-genuine"
    mark = tables.sync_mark
    with desk.store.write() as connection:
        connection.execute(update(mark).where(mark.c.key == "server_id").values(value="cong-khac"))
    assert refused(desk, exported(office, tmp_path, "own")) == "catalogue-other-province"
    fresh = make_sync_desk(tmp_path / "fresh")
    with pytest.raises(LineError):
        take_catalogue(fresh, tmp_path / "own")
    fresh.store.dispose()


def test_an_export_never_writes_over_a_file(office: Gateway, tmp_path: Path) -> None:
    file = exported(office, tmp_path)
    before = file.read_bytes()
    with pytest.raises(AppError) as told:
        exported(office, tmp_path)
    assert told.value.code == "catalogue-exists" and file.read_bytes() == before
    with pytest.raises(AppError) as told:
        export_catalogue(office.db_url, Path("/sys/danh-muc"))
    assert told.value.code == "catalogue-not-written"
