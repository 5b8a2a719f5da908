"""What the office decides about itself and no law or province says: names, counts, days, where backups go.

Each decision is one row of the audit chain; values that rules depend on are read by the services concerned,
never from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final

from sqlalchemy import Connection, insert, select, update

from app.clock import VIETNAM
from app.domain.certification import Kind
from app.domain.closing_time import read_hour
from app.domain.roles import Officer, Permission
from app.domain.stamp_text import StampLine
from app.domain.vietnamese import clean_text, require_text
from app.domain.working_calendar import EditKind
from app.errors import RuleError
from app.models import tables
from app.services.certify.stamps import wording
from app.services.desk import Desk, read_setting, with_fresh_profile, write_setting
from app.services.extensions import EXTENSIONS_SETTING, extensions_allowed
from app.services.recording import Recorder
from app.services.safety.automatic import FOLDER_SETTING
from app.text import t

MOST_EXTENSIONS: Final = 9
LONGEST_NAME: Final = 40
LONGEST_WORDS: Final = 300
CLOSING_SETTING: Final = "closing_time"
CLOSING_DEFAULT: Final = time(19)
"""No rule names an hour: late enough for a counter that works on in the evening."""
BACK, AHEAD = timedelta(days=366), timedelta(days=3 * 366)
"""How far from today a day may be decided: later ones nobody has announced, earlier ones are history."""


class DayKind(StrEnum):
    """What is decided of a day."""

    OFF = "off"
    WORKING = "working"
    AS_LAW = "as_law"
    """The decision is taken back: the day is as the State's calendar has it."""


@dataclass(frozen=True)
class DayDecision:
    """What the office says of a day over the calendar. ``basis``: the notice it rests on ("CV số …")."""

    day: date
    kind: DayKind
    name: str
    basis: str
    officer_name: str
    at: datetime


@dataclass(frozen=True)
class DeskWords:
    """Who this desk is, as the store says now."""

    name: str
    unit_name: str
    unit_code: str
    agency_code: str | None
    desk_no: int


def require_office(by: Officer) -> None:
    """The administrator decides these things, or a leader. Raises ``RuleError`` "not-permitted"."""
    if not by.may(Permission.OVERRIDE):
        by.require(Permission.CONFIGURE)


def desk_words(desk: Desk) -> DeskWords:
    """Name, unit and codes of the desk."""
    with desk.store.read() as connection:
        profile = with_fresh_profile(connection, desk).profile
    return DeskWords(profile.name, profile.unit_name, profile.unit_code, profile.agency_code, profile.desk_no)


def rename_desk(desk: Desk, by: Officer, name: str) -> str:
    """The desk's name as citizens read it ("Quầy 2"). Raises ``RuleError`` "desk-name" (field ``name``)."""
    by.require(Permission.CONFIGURE)
    written = clean_text(require_text(name, "name"))
    if not written or len(written) > LONGEST_NAME:
        raise RuleError(
            "desk-name",
            t("Tên quầy cần có, tối đa {most} ký tự.").format(most=LONGEST_NAME),
            t("Gõ như trên biển ở quầy, ví dụ: Quầy 2."),
            field="name",
        )
    with desk.store.write() as connection:
        connection.execute(update(tables.desk).values(name=written))
        _note(connection, desk, by, "rename_desk", "desk", desk.profile.id)
    return written


def allowed_extensions(desk: Desk) -> int:
    """How often a due date may be put off with an apology."""
    with desk.store.read() as connection:
        return extensions_allowed(connection)


def allow_extensions(desk: Desk, by: Officer, count: int) -> int:
    """Set it; 0 is never. Raises ``RuleError`` "not-permitted", "extensions-range" (field ``count``)."""
    require_office(by)
    if not 0 <= count <= MOST_EXTENSIONS:
        raise RuleError(
            "extensions-range",
            t("Số lần xin lỗi, hẹn lại từ 0 đến {most}.").format(most=MOST_EXTENSIONS),
            t("Gõ lại theo quy định của tỉnh."),
            field="count",
        )
    _keep(desk, by, EXTENSIONS_SETTING, count)
    return count


def edit_day(desk: Desk, by: Officer, day: date, kind: DayKind, name: str = "", basis: str = "") -> None:
    """Decide whether a day is worked. Dossiers already received keep the day they were promised.

    Raises ``RuleError``: "not-permitted", "day-far" (``day``), "day-name" (``name``), "day-basis"
    (``basis``), "day-as-law" where nothing was decided.
    """
    require_office(by)
    now = desk.clock.now()
    _check_day(day, now.astimezone(VIETNAM).date())
    named, resting = (clean_text(require_text(text, "name"))[:LONGEST_WORDS] for text in (name, basis))
    if kind is not DayKind.AS_LAW:
        _check_words(named, resting)
    with desk.store.write() as connection:
        if kind is DayKind.AS_LAW and not any(one.day == day for one in _decisions(connection)):
            raise RuleError(
                "day-as-law",
                t("Ngày {day} đang theo lịch chung.").format(day=f"{day:%d/%m/%Y}"),
                t("Không cần đổi gì."),
                field="day",
            )
        row = {"day": day, "kind": kind.value, "name": named, "basis": resting}
        connection.execute(insert(tables.calendar_edit).values(**row, officer_id=by.id, at=now))
        _note(connection, desk, by, "edit_day", "calendar", day.isoformat(), ("kind", "name", "basis"))
    desk.reference.load_local(desk.store)


def day_decisions(desk: Desk) -> tuple[DayDecision, ...]:
    """Days that the office itself decided and has not taken back, the latest day first."""
    with desk.store.read() as connection:
        return _decisions(connection)


def backup_place(desk: Desk) -> str:
    """The folder set for automatic backups; empty: beside the desk's own data."""
    with desk.store.read() as connection:
        kept = read_setting(connection, FOLDER_SETTING)
    return kept if isinstance(kept, str) else ""


def set_backup_place(desk: Desk, by: Officer, folder: str) -> str:
    """Put automatic backups on another disk or stick; empty goes back beside the data.

    Raises ``RuleError`` "not-permitted", "backup-folder" (field ``folder``) for a place that is not there,
    takes no file, or lies within the desk's own folder.
    """
    require_office(by)
    written = folder.strip()
    if written:
        written = str(_writable(Path(written), desk.folder))
    _keep(desk, by, FOLDER_SETTING, written)
    return written


def closing_time(desk: Desk) -> time | None:
    """The hour after which a desk left alone closes its store; ``None``: it does not close by the clock."""
    with desk.store.read() as connection:
        kept = read_setting(connection, CLOSING_SETTING)
    return None if kept == "" else read_hour(kept) or CLOSING_DEFAULT


def set_closing_time(desk: Desk, by: Officer, hour: time | None) -> time | None:
    """Set it, to the minute; ``None`` leaves the idle lock alone. Raises ``RuleError`` "not-permitted"."""
    by.require(Permission.CONFIGURE)
    kept = None if hour is None else time(hour.hour, hour.minute)
    _keep(desk, by, CLOSING_SETTING, "" if kept is None else f"{kept:%H:%M}")
    return kept


def stamp_wording(desk: Desk, kind: Kind) -> tuple[tuple[StampLine, ...], bool]:
    """The lines of attestation now in use, and whether somebody answers for them."""
    with desk.store.read() as connection:
        return wording(connection, kind)


def _writable(folder: Path, home: Path) -> Path:
    try:
        place = folder.resolve()
        inside = place.is_relative_to(home.resolve())
        with TemporaryFile(dir=place):
            pass
    except (OSError, ValueError):
        raise _no_folder(t("Chưa ghi được vào thư mục này.")) from None
    if inside or not folder.is_absolute():
        raise _no_folder(t("Bản sao cần nằm ngoài thư mục dữ liệu của quầy."))
    return place


def _no_folder(title: str) -> RuleError:
    return RuleError(
        "backup-folder",
        title,
        t("Chọn một thư mục có sẵn trên ổ khác hoặc USB, ghi cả đường dẫn."),
        field="folder",
    )


def _check_day(day: date, today: date) -> None:
    if not today - BACK <= day <= today + AHEAD:
        raise RuleError(
            "day-far",
            t("Ngày này quá xa để quyết định bây giờ."),
            t("Chọn một ngày từ năm ngoái đến ba năm tới."),
            field="day",
        )


def _check_words(name: str, basis: str) -> None:
    if not name:
        raise RuleError(
            "day-name",
            t("Chưa ghi vì sao ngày này khác lịch chung."),
            t("Ghi ngắn gọn, ví dụ: nghỉ bù, làm bù, mất điện."),
            field="name",
        )
    if not basis:
        raise RuleError(
            "day-basis",
            t("Chưa ghi căn cứ."),
            t("Ghi số và ngày của văn bản hoặc thông báo."),
            field="basis",
        )


def _decisions(connection: Connection) -> tuple[DayDecision, ...]:
    c, o = tables.calendar_edit.c, tables.officer.c
    query = select(tables.calendar_edit, o.name.label("officer_name")).outerjoin(
        tables.officer, o.id == c.officer_id
    )
    newest = {row["day"]: row for row in connection.execute(query.order_by(c.id)).mappings()}
    return tuple(
        DayDecision(
            day, DayKind(row["kind"]), row["name"], row["basis"], row["officer_name"] or "", row["at"]
        )
        for day, row in sorted(newest.items(), reverse=True)
        if row["kind"] in set(EditKind)
    )


def _keep(desk: Desk, by: Officer, key: str, value: object) -> None:
    with desk.store.write() as connection:
        write_setting(connection, key, value)
        _note(connection, desk, by, "configure", "setting", key)


def _note(
    connection: Connection,
    desk: Desk,
    by: Officer,
    act: str,
    kind: str,
    record: str,
    fields: tuple[str, ...] = (),
) -> None:
    Recorder(connection, desk, by, desk.clock.now()).audit(act, kind, record, fields)
