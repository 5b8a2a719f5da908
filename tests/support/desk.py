"""A real demo desk on a real encrypted store, quickly: made once a run, copied for each test."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from app.clock import VIETNAM, Clock, FixedClock
from app.domain.people import Address, IdKind, Person, Sex
from app.domain.roles import Officer
from app.protocol.ids import new_id
from app.services.desk import Desk
from app.services.intake.visit import Intake
from app.services.people.access import officer_by_login
from app.services.reference import Reference
from app.services.setup import NewDesk, init_desk, open_desk

PASSPHRASE = "mot cum mat khau thu"
ENVIRON = {"MOTCUA_PASSPHRASE": PASSPHRASE}
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=VIETNAM)
"""A Monday morning; the day after, 24/11, is a holiday."""


@cache
def reference() -> Reference:
    """Reference data, read once a run; a desk that edits days or takes packages gets its own."""
    return Reference()


@cache
def _template() -> tuple[Path, NewDesk]:
    folder = Path(mkdtemp(prefix="motcua-desk-")) / "desk"
    made = init_desk(folder, FixedClock(MONDAY), demo=True, environ=ENVIRON)
    return folder, made


def demo_password() -> str:
    """The demo officers' common password."""
    return _template()[1].demo_password or ""


def desk_folder(tmp_path: Path) -> Path:
    """A closed demo desk under ``tmp_path``."""
    folder = tmp_path / "desk"
    if not folder.exists():
        shutil.copytree(_template()[0], folder)
    return folder


def make_desk(tmp_path: Path, clock: Clock | None = None, *, shared_reference: bool = True) -> Desk:
    """An open demo desk under ``tmp_path`` at 9:00 on Monday 23/11/2026 unless told otherwise."""
    return open_desk(
        desk_folder(tmp_path),
        clock or FixedClock(MONDAY),
        reference=reference() if shared_reference else None,
        environ=ENVIRON,
    )


def officer(desk: Desk, login: str = "canbo") -> Officer:
    """One of canbo, lanhdao, quantri."""
    return officer_by_login(desk, login)


HUONG = Person(
    name="Ma Thị Hường",
    id_kind=IdKind.PERSONAL_NUMBER,
    id_value="008198000000",
    birth_date=date(1998, 8, 14),
    sex=Sex.FEMALE,
    address=Address(as_written="Thôn Nà Mẫu, xã Nà Hang, tỉnh Tuyên Quang"),
    phone="0900000123",
)
"""A made-up citizen, as in the pictures."""


def birth(**changes: Any) -> Intake:
    """A birth registration with every required paper; members may be changed by name."""
    intake = Intake(
        request_id=new_id(), procedure_code="1.001193", owner=HUONG, source="card", all_required=True
    )
    return replace(intake, **changes)
