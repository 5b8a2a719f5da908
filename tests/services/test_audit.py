"""The audit log: every change is named by its row, a lost end by the anchor it falls short of (I24)."""

from __future__ import annotations

import json
import shutil
import time
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select, update

from app.clock import VIETNAM
from app.errors import UsageError
from app.models import tables
from app.models.database import STORE_FILE
from app.models.head_mark import FILE, HEAD, Head
from app.services.audit.chain import walk_chain
from app.services.audit.verify import Anchor, AnchorKind, Misfit, note_read, read_anchor, verify_audit
from app.services.intake.reception import receive_dossier
from app.services.recording import AuditEnd, audit_end, audit_mac, audit_row
from tests.support.desk import MONDAY, birth, make_desk, officer

_DOSSIER = "0199aab0-0000-7000-8000-000000000001"


@pytest.fixture
def desk(tmp_path):
    opened = make_desk(tmp_path)
    for _ in range(4):
        note_read(opened, officer(opened), "dossier", _DOSSIER)
    yield opened
    opened.close()


def tampered(desk, *statements):
    """Change the log as somebody with the store's key would, past the triggers."""
    with desk.store.write() as connection:
        for trigger in ("audit_never_changes", "audit_is_kept"):
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {trigger}")
        for statement in statements:
            connection.exec_driver_sql(statement)
    return verify_audit(desk, officer(desk))


def end_of(desk):
    with desk.store.read() as connection:
        return audit_end(connection)


def acts_of(desk):
    with desk.store.read() as connection:
        return list(connection.execute(select(tables.audit.c.act)).scalars())


def test_a_whole_log_reaches_its_mark(desk):
    verdict = verify_audit(desk, officer(desk))
    assert (verdict.ok, verdict.first_broken, verdict.anchor) == (True, None, None)
    assert verdict.rows == end_of(desk).seq


@pytest.mark.parametrize(
    "change",
    [
        "at = substr(at, 1, 19) || '.001+07:00'",
        "at = replace(at, '+07:00', '+0700')",
        "officer_id = 'nobody'",
        "act = 'print'",
        "record_kind = 'draft'",
        "record_id = 'another'",
        "fields = '[\"phone\"]'",
        "fields = '[ ]'",
        "fields = 'no list'",
        'fields = \'[],"officer_id":"x"\'',
        "mac = upper(mac)",
        "mac = 'no mac'",
        "mac = ''",
        "act = CAST(x'ff' AS TEXT)",
        "act = CAST(act AS BLOB)",
        "mac = CAST(mac AS BLOB)",
    ],
)
def test_any_spelling_of_a_changed_column_is_named(desk, change):
    verdict = tampered(desk, f"UPDATE audit SET {change} WHERE seq = 3")
    assert (verdict.ok, verdict.first_broken) == (False, 3)


def test_an_entry_put_before_the_first_is_named(desk):
    copied = "SELECT -4, at, officer_id, act, record_kind, record_id, fields, mac FROM audit WHERE seq = 1"
    assert tampered(desk, f"INSERT INTO audit {copied}").first_broken == -4


def test_an_entry_beyond_a_gap_names_the_gap(desk):
    last = end_of(desk).seq
    copied = f"SELECT {last + 9}, at, officer_id, act, record_kind, record_id, fields, mac FROM audit"
    assert tampered(desk, f"INSERT INTO audit {copied} WHERE seq = 1").first_broken == last + 1


def test_a_cut_end_falls_short_of_the_mark_beside_the_store(desk):
    last = end_of(desk).seq
    verdict = tampered(desk, f"DELETE FROM audit WHERE seq > {last - 2}")
    assert (verdict.ok, verdict.rows, verdict.first_broken) == (False, last - 2, last - 1)
    assert verdict.anchor is not None
    assert (verdict.anchor.kind, verdict.anchor.seq, verdict.anchor.misfit) == (
        AnchorKind.MARK,
        last,
        Misfit.SHORT,
    )


def test_an_older_store_that_went_on_is_betrayed_by_mark_and_by_paper(desk, tmp_path):
    by = officer(desk)
    desk.close()
    shutil.copy(desk.folder / STORE_FILE, tmp_path / "older.db")
    desk = make_desk(tmp_path)
    for _ in range(3):
        note_read(desk, by, "dossier", _DOSSIER)
    paper = end_of(desk)
    desk.close()
    shutil.copy(tmp_path / "older.db", desk.folder / STORE_FILE)
    (desk.folder / FILE).unlink()
    desk = make_desk(tmp_path)
    for _ in range(5):
        note_read(desk, by, "dossier", "another")
    assert verify_audit(desk, by).ok, "chain and mark both go on from the older end"
    assert acts_of(desk).count("mark_gone") == 1, "but the log says for ever that the mark was gone"
    verdict = verify_audit(desk, by, [Anchor(paper.seq, paper.mac[:16])])
    desk.close()
    assert not verdict.ok
    assert verdict.first_broken == paper.seq
    assert verdict.anchor is not None
    assert (verdict.anchor.kind, verdict.anchor.misfit) == (AnchorKind.PRINTED, Misfit.OTHER)


def test_an_older_store_says_for_ever_that_it_lost_its_end(desk, tmp_path):
    by = officer(desk)
    desk.close()
    shutil.copy(desk.folder / STORE_FILE, tmp_path / "older.db")
    desk = make_desk(tmp_path)
    for _ in range(3):
        note_read(desk, by, "dossier", _DOSSIER)
    desk.close()
    shutil.copy(tmp_path / "older.db", desk.folder / STORE_FILE)
    for _ in range(2):
        desk = make_desk(tmp_path)
        note_read(desk, by, "dossier", "another")
        desk.close()
    desk = make_desk(tmp_path)
    note_read(desk, by, "dossier", "another")
    assert verify_audit(desk, by).ok, "it has grown past the mark"
    assert acts_of(desk).count("end_lost") == 1
    desk.close()


def test_a_printed_anchor_that_was_passed_stands(desk):
    printed = end_of(desk)
    note_read(desk, officer(desk), "dossier", _DOSSIER)
    assert verify_audit(desk, officer(desk), [Anchor(printed.seq, printed.mac[:16])]).ok


def test_a_printed_anchor_beyond_the_end_is_named(desk):
    verdict = verify_audit(desk, officer(desk), [Anchor(900, "0" * 16)])
    assert verdict.anchor is not None
    assert (verdict.anchor.kind, verdict.anchor.seq) == (AnchorKind.PRINTED, 900)
    assert verdict.first_broken == verdict.rows + 1


def test_a_mark_that_is_gone_is_told(desk):
    (desk.folder / FILE).unlink()
    verdict = verify_audit(desk, officer(desk))
    assert not verdict.ok
    assert verdict.first_broken is None
    assert verdict.anchor is not None
    assert verdict.anchor.misfit is Misfit.GONE


@pytest.mark.parametrize(
    "text",
    [
        "12 0123456789abcdef",
        " 12, 0123456789ABCDEF ",
        "mục 12, dấu 0123456789abcdef",
        "Nhật ký: mục 12, dấu 0123456789abcdef",
    ],
)
def test_a_printed_anchor_is_read_as_typed(text):
    assert read_anchor(text) == Anchor(12, "0123456789abcdef")


@pytest.mark.parametrize("text", ["", "12", "12 abc", "x 01234567", "12 0123456z"])
def test_what_is_no_anchor_is_told_so(text):
    with pytest.raises(UsageError) as refused:
        read_anchor(text)
    assert refused.value.field == "anchor"


_TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)


@given(
    st.lists(
        st.tuples(
            st.datetimes(timezones=st.just(VIETNAM)).map(
                lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000)
            ),
            _TEXT,
            _TEXT,
            _TEXT,
            _TEXT,
            st.lists(_TEXT, max_size=3),
        ),
        max_size=5,
    )
)
def test_the_walk_agrees_with_the_writer_whatever_is_written(store_of_none, entries):
    """No false alarm: words of any language, quotes, backslashes, line feeds."""
    with store_of_none() as connection:
        end = AuditEnd(0, "0" * 64)
        for at, who, act, kind, record, fields in entries:
            row = audit_row(
                b"k" * 32, end, at=at, officer_id=who, act=act, record=(kind, record), fields=fields
            )
            connection.execute(insert(tables.audit).values(**row))
            end = AuditEnd(row["seq"], row["mac"])
        walk = walk_chain(connection, b"k" * 32)
    assert (walk.rows, walk.first_broken) == (len(entries), None)


@pytest.fixture(scope="module")
def store_of_none():
    """Connections to an empty log, emptied again each time."""
    from contextlib import contextmanager

    from sqlalchemy import create_engine

    engine = create_engine("sqlite://")
    tables.audit.create(engine)

    @contextmanager
    def fresh():
        with engine.connect() as connection:
            yield connection
            connection.rollback()

    yield fresh
    engine.dispose()


def test_a_hundred_thousand_entries_are_walked_well_within_ten_seconds(tmp_path):
    desk = make_desk(tmp_path)
    with desk.store.write() as connection:
        end, rows = audit_end(connection), []
        while end.seq < 100_000:
            row = audit_row(
                desk.audit_key,
                end,
                at=MONDAY + timedelta(seconds=end.seq),
                officer_id=_DOSSIER,
                act="read",
                record=("dossier", _DOSSIER),
                fields=("phone", "address"),
            )
            rows.append(row)
            end = AuditEnd(row["seq"], row["mac"])
        connection.execute(insert(tables.audit), rows)
    desk.store.head.begin(Head(end.seq, end.mac))
    started = time.monotonic()
    verdict = verify_audit(desk, officer(desk))
    took = time.monotonic() - started
    desk.close()
    assert (verdict.rows, verdict.ok) == (100_000, True)
    assert took < 10, took


def _rechained_with_the_key(desk, seq):
    """Somebody who has even the chain's key changes an entry and makes every later MAC anew."""
    with desk.store.write() as connection:
        connection.exec_driver_sql("DROP TRIGGER IF EXISTS audit_never_changes")
        rows = connection.execute(select(tables.audit).order_by(tables.audit.c.seq)).mappings().all()
        previous = rows[seq - 2]["mac"]
        for row in rows[seq - 1 :]:
            changed = {name: row[name] for name in row if name != "mac"}
            changed["record_id"] = "another" if row["seq"] == seq else row["record_id"]
            previous = audit_mac(desk.audit_key, previous, changed)
            connection.execute(
                update(tables.audit)
                .where(tables.audit.c.seq == row["seq"])
                .values(record_id=changed["record_id"], mac=previous)
            )
        connection.info[HEAD] = Head(rows[-1]["seq"], previous)
    desk.store.head.begin(Head(rows[-1]["seq"], previous))


def test_every_event_carries_the_log_out_of_the_pc(desk):
    by = officer(desk)
    before = end_of(desk)
    receive_dossier(desk, by, birth())
    with desk.store.read() as connection:
        c = tables.event.c
        body = connection.execute(select(c.body).order_by(c.desk_seq.desc()).limit(1)).scalar_one()
    assert json.loads(body)["audit"] == {"seq": before.seq, "mac": before.mac[:16]}
    assert verify_audit(desk, by).ok


def test_a_log_made_anew_with_its_key_does_not_fit_what_the_province_was_told(desk):
    by = officer(desk)
    receive_dossier(desk, by, birth())
    note_read(desk, by, "dossier", _DOSSIER)
    assert verify_audit(desk, by).ok
    with desk.store.read() as connection:
        told = connection.exec_driver_sql(
            "SELECT max(json_extract(CAST(body AS TEXT), '$.audit.seq')) FROM event"
        ).scalar_one()
    _rechained_with_the_key(desk, told - 1)
    verdict = verify_audit(desk, by)
    assert not verdict.ok
    assert verdict.anchor is not None
    assert (verdict.anchor.kind, verdict.anchor.misfit) == (AnchorKind.EVENT, Misfit.OTHER)
    assert verdict.first_broken == told
