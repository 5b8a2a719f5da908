"""The one light with its four wordings, and the outbox."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from app.clock import FixedClock, to_wire
from app.models import tables
from app.models.sync_state import refresh_sync_state
from app.protocol.ids import new_id
from app.sync import status
from app.sync.context import SyncDesk
from app.sync.marks import ALARM, COMPLETE, SENDING, write_mark
from app.sync.status import Colour, Light
from app.sync.watcher import LineState
from tests.support.desk_store import MONDAY, Received, act, make_sync_desk, receive

UP, DOWN = LineState.UP, LineState.DOWN


@pytest.fixture
def desk(tmp_path: Path) -> SyncDesk:
    return make_sync_desk(tmp_path, FixedClock(MONDAY))


def enrolled(desk: SyncDesk) -> None:
    with desk.store.write() as connection:
        connection.execute(
            insert(tables.gateway).values(
                only=1,
                url="http://127.0.0.1:1",
                client_id="d",
                token_url="/t",
                unit_code="H60.1",
                unit_name="",
                signing_kid="k",
                secret=b"",
                server_keys=[],
                bundle_recipients=[],
                enrolled_at=MONDAY,
            )
        )


def answer(desk: SyncDesk, verdict: str, dossier: Received | None = None) -> None:
    c = tables.event.c
    with desk.store.write() as connection:
        which = c.dossier_id == dossier.id if dossier else c.verdict.is_(None)
        connection.execute(update(tables.event).where(which).values(verdict=verdict, last_word="lời tỉnh"))
        if dossier:
            refresh_sync_state(connection, dossier.id)


def shown(desk: SyncDesk, line: LineState = UP, later: timedelta = timedelta()) -> Light:
    return status.light(desk.store, line, MONDAY + later)


def test_green_with_the_time_of_the_last_whole_round(desk: SyncDesk) -> None:
    enrolled(desk)
    answer(desk, "accepted")
    with desk.store.write() as connection:
        write_mark(connection, COMPLETE, to_wire(MONDAY.replace(hour=10, minute=42)))
    assert shown(desk) == Light(Colour.GREEN, "Đã đồng bộ 10:42")
    assert shown(desk, later=timedelta(days=1)) == Light(Colour.GREEN, "Đã đồng bộ 10:42 23/11")


def test_amber_counts_dossiers_not_events(desk: SyncDesk) -> None:
    enrolled(desk)
    dossiers = [receive(desk, n) for n in range(1, 13)]
    act(desk, dossiers[0], "dossier.progress", {})
    assert shown(desk) == Light(Colour.AMBER, "12 hồ sơ chờ gửi")


def test_grey_while_the_line_is_down_and_never_red_for_it(desk: SyncDesk) -> None:
    enrolled(desk)
    receive(desk)
    assert shown(desk, DOWN) == Light(Colour.GREY, "Mất mạng – vẫn làm việc bình thường")


def test_red_when_the_province_sent_one_back(desk: SyncDesk) -> None:
    enrolled(desk)
    one, other = receive(desk, 1), receive(desk, 2)
    answer(desk, "rejected", one)
    assert shown(desk) == shown(desk, DOWN) == Light(Colour.RED, "Cần xem: 1 hồ sơ bị trả về")
    assert [item.dossier_id for item in status.answered_open(desk.store)] == [one.id]
    assert other.id in [item.dossier_id for item in status.outbox(desk.store)]
    with desk.store.write() as connection:
        c = tables.event.c
        connection.execute(
            update(tables.event).where(c.dossier_id == one.id).values(answered_by=other.event_id)
        )
    assert shown(desk).kind is Colour.AMBER


def test_an_alarm_and_a_proposal_are_red_in_words(desk: SyncDesk) -> None:
    enrolled(desk)
    dossier = receive(desk)
    with desk.store.write() as connection:
        alarm = {"code": "difference", "words": "w", "next": "n", "at": to_wire(MONDAY)}
        write_mark(connection, ALARM, alarm)
    assert shown(desk) == Light(Colour.RED, "Cần xem: quầy và tỉnh chưa khớp")
    assert status.alarm(desk.store) == status.Alarm("difference", "w", "n", MONDAY)
    with desk.store.write() as connection:
        change_id = new_id()
        connection.execute(
            insert(tables.change).values(
                change_id=change_id, type="t", at=MONDAY, subject_kind="dossier",
                subject_id=dossier.id, body={}, taken_at=MONDAY, applied=True,
            )
        )  # fmt: skip
        connection.execute(
            insert(tables.proposal).values(
                id=new_id(), dossier_id=dossier.id, change_id=change_id, field="/due_at",
                ours="a", theirs="b", made_at=MONDAY, state="open",
            )
        )  # fmt: skip
    assert shown(desk) == Light(Colour.RED, "Cần xem: 1 hồ sơ tỉnh đề xuất khác")
    (item,) = status.open_proposals(desk.store)
    assert (item.number, item.owner_name, item.ours, item.theirs) == (
        dossier.number,
        "Trần Thị Ví Dụ",
        "a",
        "b",
    )


def test_a_desk_never_enrolled_is_grey(desk: SyncDesk) -> None:
    assert shown(desk) == Light(Colour.GREY, "Chưa nối với tỉnh – vẫn làm việc bình thường")


def test_the_outbox_in_the_order_of_sending(desk: SyncDesk) -> None:
    one = receive(desk, 1)
    act(desk, one, "dossier.progress", {})
    items = status.outbox(desk.store)
    assert [item.desk_seq for item in items] == [1, 2, 3]
    assert [item.act_words for item in items] == ["Mở sổ gửi của quầy", "Tiếp nhận", "Xử lý"]
    assert items[1].number == one.number and items[1].owner_name == "Trần Thị Ví Dụ"
    assert set(items[1].as_dict()) == {"event_id", "epoch", "desk_seq", "type", "number", "tries", "last"}
    with desk.store.write() as connection:
        mark = {"epoch": items[0].epoch, "first": 1, "last": 2, "key": new_id(), "tries": 1}
        write_mark(connection, SENDING, mark)
    assert [item.state.value for item in status.outbox(desk.store)] == ["sending", "sending", "waiting"]
    answer(desk, "accepted")
    assert status.outbox(desk.store) == ()
