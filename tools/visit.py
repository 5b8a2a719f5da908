"""One whole visit at the counter of an open desk: card, dossier, slip, account help, province, pictures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.cli.commands.people import read_card
from app.cli.links import Line
from app.domain.account_help import STATE_LABELS, ConsentPurpose
from app.domain.deadline import due_words
from app.protocol.ids import new_id
from app.services.access import officer_by_login
from app.services.account_help import open_case
from app.services.dossier_view import show_dossier
from app.services.intake import CARD, Intake
from app.services.reception import receive_dossier
from app.services.slips import make_slip
from app.ui.ports import Runtime

CARD_TEXT = "008198000000||Ma Thị Hường|14081998|Nữ|Thôn Nà Mẫu, xã Nà Hang, tỉnh Tuyên Quang|04102024"
PROCEDURE = "1.001193"


class VisitFailed(Exception):  # noqa: N818
    """Something of the visit did not happen; the words say what."""


@dataclass(frozen=True)
class Visit:
    """What was done, read back from where it was stored."""

    card_words: str
    procedure: str
    number_words: str
    due_words: str
    due_reason: str
    slip_bytes: int
    help_words: str
    sync: Mapping[str, Any]
    screens: tuple[Path, ...]


def perform_visit(runtime: Runtime, line: Line, out: Path) -> Visit:
    """Perform it and check each part. Raises ``VisitFailed``.

    The dossier is taken in through the services; the pictures are the window's own tour of the same desk.
    """
    desk = runtime.desk
    officer = officer_by_login(desk, "canbo")
    person, _ = read_card(CARD_TEXT, desk.clock.now().date())
    received = receive_dossier(
        desk, officer, Intake(new_id(), PROCEDURE, person, source=CARD, all_required=True)
    )
    slip = out / "slip.pdf"
    slip.write_bytes(make_slip(desk, officer, received.id).pdf)
    case = open_case(desk, officer, person, None, {ConsentPurpose.TRACKING})
    sync = line.sync()
    stored = show_dossier(desk, officer, received.id).as_contract()
    _require(sync["reconciled"] and not line.outbox(), "quầy và tỉnh chưa khớp nhau")
    _require(stored["sync"] == "accepted", "tỉnh chưa nhận hồ sơ")
    _require(slip.read_bytes().startswith(b"%PDF"), "chưa có giấy hẹn")
    screens = _tour(runtime, out / "screens")
    _require(bool(screens), "chưa chụp được màn hình nào")
    label = "số biên nhận tạm" if received.provisional else "mã hồ sơ"
    return Visit(
        card_words=f"{person.name}, {person.id_value}",
        procedure="Đăng ký khai sinh",
        number_words=f"{label} {received.number}",
        due_words=due_words(received.due_at) if received.due_at else "",
        due_reason=received.due_reason,
        slip_bytes=slip.stat().st_size,
        help_words=STATE_LABELS[case.state],
        sync=sync,
        screens=screens,
    )


def _tour(runtime: Runtime, folder: Path) -> tuple[Path, ...]:
    from app.ui.start import start

    start(runtime, tour=folder)
    return tuple(sorted(folder.glob("*.png")))


def _require(happened: object, words: str) -> None:
    if not happened:
        raise VisitFailed(words)
