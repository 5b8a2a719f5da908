"""Opening a store that falls short of what was told to an officer: kept aside and said, never in silence."""

from __future__ import annotations

from sqlalchemy import insert, select

from app.clock import Clock
from app.models import tables
from app.models.database import Store
from app.services.desk import read_setting, write_setting
from app.services.safety.aside import keep_aside
from app.text import t

SETTING = "lost_end"


def note_lost_end(store: Store, clock: Clock) -> bool:
    """Whether the store lacks its end; then a copy of it and its log is kept and a notice written, once.

    Called while the store is open and nothing was written yet, so that its log still lies as it was found.
    """
    mark = store.head.read()
    if mark is None:
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
        connection.execute(
            insert(tables.notice).values(
                at=clock.now(),
                severity="error",
                body=t(
                    "Kho thiếu những việc cuối cùng đã lưu trước khi máy tắt. Đồng bộ để lấy lại việc đã gửi,"
                    " đối chiếu giấy đã in, rồi chạy lệnh kiểm tra. Bản kho cũ được giữ trong kept-aside."
                ),
            )
        )
        write_setting(connection, SETTING, mark.mac)
    return True
