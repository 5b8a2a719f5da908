"""A made-up commune at a quarter past three on a Monday, for the tour of the screens.

Everything in it was done by the same services and the same line as at a real counter: months of dossiers,
people helped to an account, one whole round with a province beside, then visits after the line was cut.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

from app.clock import VIETNAM, Clock, FixedClock
from app.domain.account_help import ConsentPurpose, HelpState, Obstacle
from app.domain.dossier_status import Status
from app.domain.people import Address, IdKind, Person, Sex
from app.domain.roles import Officer
from app.line import DeskLine, sync_desk
from app.protocol.ids import new_id
from app.services.demo import acts
from app.services.demo import filling as demo
from app.services.desk import Desk
from app.services.finding.grid import open_result, page
from app.services.finding.grid_query import GridQuery
from app.services.help import account_help
from app.services.intake.reception import receive_dossier
from app.services.intake.visit import CARD, Intake
from app.services.life.doing import Paying
from app.services.money import payments
from app.services.people.access import officer_by_login
from app.services.setup import init_desk, open_desk
from app.settings import Settings
from app.ui.ports import Runtime
from app.window_line import WindowLine

NOW: Final = datetime(2026, 11, 23, 15, 12, 4, tzinfo=VIETNAM)
"""The day after is a holiday, and what comes in after 15:00 counts from the next working day."""
DOSSIERS: Final = 240
_SEED: Final = 2026

_RELATED: Final = "Thôn Nà Mẫu, xã Nà Hang, tỉnh Tuyên Quang"
_PEOPLE: Final = (
    ("Ma Thị Hường", "008198000000", date(1998, 8, 14), Sex.FEMALE, "0900000123"),
    ("Hoàng Văn Quyết", "008084000111", date(1984, 2, 3), Sex.MALE, "0900000124"),
    ("Triệu Tòn Phin", "008079000222", date(1979, 6, 21), Sex.MALE, "0900000125"),
    ("Lộc Thị Mến", "008191000333", date(1991, 12, 1), Sex.FEMALE, "0900000126"),
    ("Quan Văn Đạt", "008088000444", date(1988, 5, 30), Sex.MALE, "0900000127"),
    ("Chẩu Thị Hiền", "008195000555", date(1995, 10, 9), Sex.FEMALE, "0900000128"),
    ("Nông Văn Tú", "008093000666", date(1993, 3, 17), Sex.MALE, "0900000129"),
    ("Bàn Thị Mùi", "008187000777", date(1987, 7, 7), Sex.FEMALE, "0900000130"),
    ("Giàng A Sùng", "008090000888", date(1990, 1, 19), Sex.MALE, "0900000131"),
    ("Đặng Thị Liên", "008182000999", date(1982, 9, 25), Sex.FEMALE, "0900000132"),
)
_AFTER_THE_CUT: Final = ("1.001193", "1.004884", "1.000894", "1.001022", "1.000656", "1.001193", "1.004884")
_NEWEST: Final = 300
_PAYING: Final = 7
_EARLIER_VISIT: Final = datetime(2026, 9, 11, 9, 20, tzinfo=VIETNAM)
"""The citizen of the pictures has been here before, and everything was handed over."""
_HELPED: Final[tuple[tuple[int, int, tuple[HelpState, ...], tuple[Obstacle, ...]], ...]] = (
    (1, 4, (HelpState.ELIGIBLE, HelpState.SENT_TO_POLICE, HelpState.AWAITING_APPROVAL), ()),
    (2, 0, (HelpState.ELIGIBLE,), (Obstacle.SIM_NOT_OWNER,)),
    (3, 0, (HelpState.ELIGIBLE, HelpState.SENT_TO_POLICE), ()),
    (5, 10, (HelpState.NOT_ELIGIBLE,), (Obstacle.CARD_NO_CHIP,)),
    (
        7,
        20,
        (
            HelpState.ELIGIBLE,
            HelpState.SENT_TO_POLICE,
            HelpState.AWAITING_APPROVAL,
            HelpState.APPROVED,
            HelpState.ACTIVATED,
            HelpState.SIGNED_IN,
        ),
        (),
    ),
)
"""Who is helped, how many days ago that began, how far it went, what stood in the way."""


class Province(Protocol):
    """The province beside, as ``app.province.beside`` offers it."""

    @property
    def url(self) -> str:
        """Where it answers."""

    def start(self) -> None:
        """The line is up."""

    def stop(self) -> None:
        """The line is cut."""

    def enrolment_code(self, desk: str, unit: str) -> str:
        """A one-time code."""

    def move_due(self, dossier_id: str, due_at: str, reason: str) -> None:
        """Another due date from the province's side."""


def make_showcase(scratch: Path, province: Callable[[Path, Clock, int], Province]) -> Runtime:
    """The commune in an empty folder, open, its line cut a moment ago. The same seed shows the same."""
    clock = FixedClock(NOW - timedelta(minutes=34))
    desk = _new_desk(scratch / "desk", clock)
    officer = officer_by_login(desk, "canbo")
    beside = province(scratch, clock, 0)
    beside.start()
    try:
        line = DeskLine(desk)
        line.enrol(beside.url, beside.enrolment_code("quay-2", desk.profile.unit_code), None)
        line.sync()  # numbers of the province first: provisional ones carry this desk's chance mark
        demo.fill(desk, officer, count=DOSSIERS, seed=_SEED, until=NOW - timedelta(minutes=40))
        _came_before(desk, officer)
        _help_people(desk, officer)
        _take_money(desk, officer)
        line.sync()
    finally:
        beside.stop()
    for place, code in enumerate(_AFTER_THE_CUT):
        clock.at = NOW - timedelta(minutes=32 - 4 * place)
        receive_dossier(desk, officer, _visit(place + 1, code))
    clock.at = NOW
    return _runtime(scratch, desk)


def make_clash(scratch: Path, province: Callable[[Path, Clock, int], Province]) -> Runtime:
    """The same commune where the province has sent one dossier back and proposes another due date."""
    clock = FixedClock(NOW - timedelta(hours=2))
    desk = _new_desk(scratch / "desk", clock)
    officer = officer_by_login(desk, "canbo")
    beside = province(scratch, clock, 1)
    beside.start()
    try:
        line = DeskLine(desk)
        line.enrol(beside.url, beside.enrolment_code("quay-2", desk.profile.unit_code), None)
        first = receive_dossier(desk, officer, _visit(1, "1.000894"))
        line.sync()
        wrong = replace(_person(5), id_value="111111111111")
        clock.at = NOW - timedelta(minutes=81)
        receive_dossier(desk, officer, replace(_visit(5, "1.004884"), owner=wrong, source="typed"))
        beside.move_due(first.id, "2026-11-27T17:00:00+07:00", "Tỉnh trừ ngày nghỉ 24/11 hai lần.")
        clock.at = NOW - timedelta(minutes=34)
        line.sync()
        for place, code in enumerate(_AFTER_THE_CUT[:5]):
            clock.at = NOW - timedelta(minutes=30 - 5 * place)
            receive_dossier(desk, officer, _visit(place + 3, code))
    finally:
        beside.stop()
    clock.at = NOW
    return _runtime(scratch, desk)


def scratch_environment() -> None:
    """This process opens only made-up desks: a passphrase of its own, the PC's key store untouched."""
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
    os.environ["MOTCUA_PASSPHRASE"] = secrets.token_urlsafe(24)


def _new_desk(folder: Path, clock: FixedClock, environ: Mapping[str, str] = os.environ) -> Desk:
    init_desk(folder, clock, demo=True, environ=environ)
    return open_desk(folder, clock, environ=environ)


def _runtime(scratch: Path, desk: Desk) -> Runtime:
    return Runtime(
        desk=desk,
        settings=Settings(theme="light"),
        sync=WindowLine(sync_desk(desk)),
        save_settings=lambda settings: None,
        report_defect=_raise,
        data=scratch / "desk",
        started_ms=lambda: 0,
    )


def _person(place: int) -> Person:
    name, number, born, sex, phone = _PEOPLE[place % len(_PEOPLE)]
    address = Address(as_written=_RELATED)
    return Person(name, IdKind.PERSONAL_NUMBER, number, born, sex, address, phone=phone)


def _visit(place: int, code: str) -> Intake:
    return Intake(new_id(), code, _person(place), source=CARD, all_required=True)


def _came_before(desk: Desk, officer: Officer) -> None:
    at, citizen = _EARLIER_VISIT, _person(0)
    intake = replace(_visit(0, "1.000656"), received_at=at)
    dossier = receive_dossier(desk, officer, intake)
    steps = (acts.start, acts.complete, acts.hand_over(citizen.name))
    for hours, step in enumerate(steps, start=1):
        acts.perform(desk, officer, dossier.id, step, at + timedelta(hours=hours))


def _take_money(desk: Desk, officer: Officer) -> None:
    """Some fees of the morning, one by transfer, one given back: what the cash screen shows."""
    found = open_result(desk, officer, GridQuery())
    rows = page(desk, officer, found.row_numbers[:_NEWEST])
    owing = [row.id for row in rows if row.status in (Status.RECEIVED, Status.PROCESSING)][:_PAYING]
    for place, dossier_id in enumerate(owing):
        how = Paying("bank_transfer" if place == 2 else "cash")
        taken = payments.take_payment(desk, officer, dossier_id, 8000 * (1 + place % 3), how)
        if place == 3:
            payments.cancel_receipt(desk, officer, taken.receipt.id, "Ghi nhầm hồ sơ")


def _help_people(desk: Desk, officer: Officer) -> None:
    for place, days, states, obstacles in _HELPED:
        at = NOW - timedelta(days=days, hours=6)
        consents = (ConsentPurpose.TRACKING, ConsentPurpose.REMINDER)
        citizen = _person(place)
        case = account_help.open_case(desk, officer, citizen, citizen.phone, consents, at)
        assert case.id is not None
        for step, state in enumerate(states, start=1):
            found = obstacles if state is states[-1] else ()
            moment = at + timedelta(hours=step)
            account_help.step_case(desk, officer, case.id, state, found, at=moment)


def _raise(defect: BaseException) -> None:
    raise defect
