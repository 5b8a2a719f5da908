"""Opening a store that falls short of what was told to an officer: kept aside and said, never in silence."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select

from app.clock import Clock
from app.models import tables
from app.models.database import Store
from app.models.head_mark import HEAD, Head
from app.services.desk import audit_key_in, read_setting, write_setting
from app.services.recording import audit_end, audit_row
from app.services.safety.aside import keep_aside
from app.text import t

SETTING = "lost_end"


def note_lost_end(store: Store, clock: Clock) -> bool:
    """Whether the store lacks its end; then a copy of it and its log is kept and a notice written, once.

    Called while the store is open and nothing was written yet, so that its log still lies as it was found.
    The audit log itself says so for ever, also once it has grown past the mark it fell short of; and it
    says where the mark was gone, for then nobody can tell.
    """
    mark = store.head.read()
    if mark is None:
        _note_gone(store, clock)
        return False
    c = tables.audit.c
    with store.read() as connection:
        there = connection.execute(select(c.mac).where(c.seq == mark.seq)).scalar_one_or_none()
        told = read_setting(connection, SETTING)
    if there == mark.mac or told == mark.mac:
        return False
    with keep_aside(store.path.parent) as kept:
        kept.keep()
    with store.write() as connection:
        _tell(
            connection,
            clock,
            t(
                "Kho thiếu những việc cuối cùng đã lưu trước khi máy tắt. Đồng bộ để lấy lại việc đã gửi,"
                " đối chiếu giấy đã in, rồi chạy lệnh kiểm tra. Bản kho cũ được giữ trong kept-aside."
            ),
        )
        write_setting(connection, SETTING, mark.mac)
        _record(connection, store, clock, "end_lost", str(mark.seq))
    return True


def _note_gone(store: Store, clock: Clock) -> None:
    with store.write() as connection:
        end = audit_end(connection)
        if not end.seq or store.head.read() is not None:  # being made, by this process or one beside it
            return
        _tell(
            connection,
            clock,
            t(
                "Tệp dấu mốc cạnh kho không còn nên không biết kho có thiếu những việc cuối không. Đối chiếu"
                " giấy đã in gần đây với danh sách hồ sơ. Dấu mốc mới đã được lập."
            ),
        )
        _record(connection, store, clock, "mark_gone", str(end.seq))


def _tell(connection: Connection, clock: Clock, body: str) -> None:
    connection.execute(insert(tables.notice).values(at=clock.now(), severity="error", body=body))


def _record(connection: Connection, store: Store, clock: Clock, act: str, seq: str) -> None:
    """An entry of the program's own; ``seq``: the entry the mark spoke of, or the last one found."""
    row = audit_row(
        audit_key_in(connection, store.key),
        audit_end(connection),
        at=clock.now(),
        officer_id="program",
        act=act,
        record=("audit", seq),
    )
    connection.execute(insert(tables.audit).values(**row))
    connection.info[HEAD] = Head(row["seq"], row["mac"])
