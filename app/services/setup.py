"""A desk is made once and opened many times.

A new desk is built in a folder of its own and moved into place in one rename, so that a power cut
leaves a whole desk or none. What is there already is never touched (I6).
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import insert, select, update

from app import failpoints, keys
from app.clock import Clock
from app.domain.dossier_number import check_agency_code, draw_mark
from app.domain.roles import Officer, Permission, Role
from app.errors import NotFoundError, RuleError, StorageError
from app.models import tables
from app.models.database import STORE_FILE, Store
from app.models.failures import told
from app.models.files import FileStore
from app.models.head_mark import Head
from app.models.opening import create_store, open_store
from app.protocol.chain import chain_start
from app.protocol.ids import new_id
from app.protocol.parts import Subject
from app.protocol.payloads import StreamOpened
from app.services.desk import Desk, DeskProfile, audit_key_in, audit_key_of
from app.services.people.access import insert_officer
from app.services.people.passwords import one_time_password
from app.services.recording import Recorder, audit_end
from app.services.reference import Reference
from app.services.safety.lost_end import note_lost_end
from app.text import t
from app.version import VERSION

DEMO_UNIT = "02221"
PROGRAM = Officer(id="program", login="", name="Chương trình", role=Role.AUDITOR)
"""Who acts when the desk itself does: opening its stream, sweeping what is past its time."""

_DEMO_OFFICERS = (
    ("canbo", "Lục Thị Yến", Role.RECEPTION, "Cán bộ tiếp nhận"),
    ("lanhdao", "Nguyễn Thị Vân", Role.LEADER, "Phó Giám đốc"),
    ("quantri", "Ma Văn Thắng", Role.ADMINISTRATOR, "Quản trị"),
)


@dataclass(frozen=True)
class NewDesk:
    """What ``init`` made. The password and words are shown once and kept nowhere in the clear."""

    folder: Path
    desk_id: str
    unit_code: str
    unit_name: str
    officers: tuple[str, ...]
    demo_password: str | None
    recovery_words: str


def init_desk(
    folder: Path,
    clock: Clock,
    *,
    unit_code: str | None = None,
    agency_code: str | None = None,
    demo: bool = False,
    desk_no: int = 2,
    environ: Mapping[str, str] = os.environ,
) -> NewDesk:
    """Make the desk of a commune in ``folder``, or a demo desk of made-up people.

    Raises ``RuleError`` "desk-exists", "unknown-unit", "agency-code", "password-missing",
    ``StorageError`` where the folder or a key cannot be had.
    """
    _refuse_existing(folder)
    code = DEMO_UNIT if demo else (unit_code or "")
    reference = Reference()
    unit = reference.units.get(code)
    if unit is None:
        raise RuleError(
            "unknown-unit",
            t("Không có xã, phường nào mang mã này."),
            t("Gõ đúng năm chữ số mã đơn vị hành chính, ví dụ 02221."),
            field="unit",
        )
    if agency_code:
        check_agency_code(agency_code)
    password = one_time_password() if demo else _first_password(environ)
    officers = _DEMO_OFFICERS if demo else (("quantri", t("Quản trị viên"), Role.ADMINISTRATOR, ""),)
    desk_id = new_id()
    with told():
        folder.parent.mkdir(parents=True, exist_ok=True)
        building = folder.parent / f".{folder.name}-{secrets.token_hex(4)}.new"
        building.mkdir(mode=0o700)
    try:
        with told():
            made = keys.create_key(building, desk_id, environ)
        store = create_store(building, made.key)
        try:
            _write_first_rows(
                Desk(
                    folder=building,
                    profile=DeskProfile(
                        id=desk_id,
                        unit_code=code,
                        unit_name=unit.name,
                        province_name=unit.province_name,
                        agency_code=agency_code or None,
                        desk_no=desk_no if demo else 1,
                        name=t("Quầy {number}").format(number=desk_no if demo else 1),
                        demo=demo,
                    ),
                    store=store,
                    files=FileStore(building / "files", made.key),
                    clock=clock,
                    reference=reference,
                    audit_key=audit_key_of(made.key),
                ),
                officers,
                password,
            )
            with store.read() as connection, told():
                end = audit_end(connection)
                store.head.begin(Head(end.seq, end.mac))
        finally:
            store.dispose()
        with told():
            failpoints.hit("before_desk_rename")
            _move_in(building, folder)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise
    return NewDesk(
        folder=folder,
        desk_id=desk_id,
        unit_code=code,
        unit_name=unit.name,
        officers=tuple(login for login, *_ in officers),
        demo_password=password if demo else None,
        recovery_words=made.recovery_words,
    )


def open_desk(
    folder: Path,
    clock: Clock,
    *,
    reference: Reference | None = None,
    environ: Mapping[str, str] = os.environ,
) -> Desk:
    """Open the desk in ``folder``. Raises ``NotFoundError`` "no-desk" or a ``StorageError``."""
    if keys.change_begun(folder):  # rare, and the window waits for no module it does not need
        from app.services.safety.key_change import settle_key_change

        settle_key_change(folder, clock, environ)
    key = keys.open_key(folder, environ)
    if not (folder / STORE_FILE).is_file():
        raise StorageError(
            "store-missing",
            t("Thư mục quầy thiếu kho dữ liệu."),
            t("Đừng tạo quầy mới đè lên; khôi phục từ bản sao lưu gần nhất."),
        )
    store = open_store(folder, key)
    reference = reference or Reference()
    try:
        note_lost_end(store, clock)
        with store.read() as connection:
            audit_key = audit_key_in(connection, key)
        profile = load_profile(store, reference)
        reference.load_local(store)
    except BaseException:
        store.dispose()
        raise
    return Desk(
        folder=folder,
        profile=profile,
        store=store,
        files=FileStore(folder / "files", key),
        clock=clock,
        reference=reference,
        audit_key=audit_key,
    )


def load_profile(store: Store, reference: Reference) -> DeskProfile:
    """Who the desk is, as the store says now (enrolment may have added the agency code)."""
    with store.read() as connection:
        row = connection.execute(select(tables.desk)).one()
    unit = reference.units.get(row.unit_code)
    if unit is None:
        raise NotFoundError(
            "unknown-unit", t("Mã xã của quầy không có trong danh mục."), t("Cập nhật danh mục đơn vị.")
        )
    return DeskProfile(
        id=row.id,
        unit_code=row.unit_code,
        unit_name=unit.name,
        province_name=unit.province_name,
        agency_code=row.agency_code,
        desk_no=row.desk_no,
        name=row.name,
        demo=row.demo,
    )


def set_agency_code(desk: Desk, by: Officer, code: str) -> None:
    """Take in the agency code the province has given."""
    by.require(Permission.CONFIGURE)
    check_agency_code(code)
    with desk.store.write() as connection:
        connection.execute(update(tables.desk).values(agency_code=code))
        Recorder(connection, desk, by, desk.clock.now()).audit("set_agency_code", "desk", desk.profile.id)


def _write_first_rows(desk: Desk, officers: tuple[tuple[str, str, Role, str], ...], password: str) -> None:
    now = desk.clock.now()
    profile = desk.profile
    with desk.store.write() as connection:
        connection.execute(
            insert(tables.desk).values(
                id=profile.id,
                unit_code=profile.unit_code,
                agency_code=profile.agency_code,
                desk_no=profile.desk_no,
                name=profile.name,
                demo=profile.demo,
                created_at=now,
            )
        )
        for login, name, role, position in officers:
            insert_officer(
                connection,
                login=login,
                name=name,
                role=role,
                password=password,
                must_change=False,
                at=now,
                position=position,
            )
        epoch = new_id()
        connection.execute(
            insert(tables.stream).values(
                epoch=epoch,
                position=1,
                reason="installed",
                mark=draw_mark(secrets.SystemRandom()),
                opened_at=now,
                last_seq=0,
                chain=chain_start(epoch),
            )
        )
        recorder = Recorder(connection, desk, PROGRAM, now)
        recorder.event(
            "stream.opened",
            Subject(kind="stream", id=epoch),
            StreamOpened(reason="installed", software_version=VERSION),
        )
        recorder.audit("create_desk", "desk", profile.id)


def _refuse_existing(folder: Path) -> None:
    if keys.desk_file(folder).exists() or (folder / STORE_FILE).exists():
        raise RuleError(
            "desk-exists",
            t("Thư mục này đã có một quầy; quầy cũ được giữ nguyên."),
            t("Mở quầy đang có, hoặc chọn thư mục khác."),
        )


def _first_password(environ: Mapping[str, str]) -> str:
    password = environ.get("MOTCUA_PASSWORD", "")
    if len(password) < 8:
        raise RuleError(
            "password-missing",
            t("Quầy thật cần mật khẩu đầu tiên cho quản trị viên, ít nhất 8 ký tự."),
            t("Đặt mật khẩu vào biến MOTCUA_PASSWORD rồi chạy lại."),
            field="password",
        )
    return password


def _move_in(building: Path, folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        for item in sorted(building.iterdir(), key=lambda path: path.name == "desk.json"):
            item.rename(folder / item.name)
        keys.sync_folder(folder)
        building.rmdir()
    else:
        if folder.exists():
            folder.rmdir()
        building.rename(folder)
    keys.sync_folder(folder.parent)
