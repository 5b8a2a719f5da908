"""The diagnosis pack: what is in it, and that a citizen who got into a log does not leave with it."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.clock import FixedClock
from app.domain.account_help import ConsentPurpose
from app.services.desk import Desk, write_setting
from app.services.help.account_help import open_case
from app.services.intake.guidance import GuidanceOrder, give_guidance, new_request
from app.services.intake.reception import receive_dossier
from app.services.support.citizens import Citizens, without
from app.services.support.pack import LOG_LINES, make_pack, pack_name
from app.settings import Settings, save_settings
from tests.support.desk import HUONG, MONDAY, birth, make_desk, officer


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make_desk(tmp_path, FixedClock(MONDAY))
    canbo = officer(made)
    receive_dossier(made, canbo, birth())
    open_case(made, canbo, HUONG, "0911222333", (ConsentPurpose.CONTACT,))
    give_guidance(
        made, canbo, GuidanceOrder(new_request(), "1.001193", (), "Mang giấy", "Bàn A Pó", "0988777666")
    )
    yield made
    made.close()


def texts(desk: Desk) -> dict[str, str]:
    return {part.name: part.text for part in make_pack(desk, officer(desk)).parts}


def test_it_says_versions_counts_and_whether_the_store_is_whole(desk):
    parts = texts(desk)
    assert (
        json.loads(parts["chuong-trinh.json"])["schema"]
        == json.loads(parts["chuong-trinh.json"])["schema_of_program"]
    )
    assert json.loads(parts["so-dem.json"])["dossier"] == 1
    checked = json.loads(parts["kiem-tra.json"])
    assert (checked["pages"], checked["problems"]) == (["ok"], [])
    assert json.loads(parts["dong-bo.json"])["enrolled"] is False
    assert json.loads(parts["may.json"])["cores"]


def test_a_broken_chain_is_in_it(desk):
    with desk.store.write() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_never_changes")
        connection.exec_driver_sql("UPDATE audit SET act = 'x' WHERE seq = 1")
    found = json.loads(texts(desk)["kiem-tra.json"])["problems"]
    assert ("audit", "1") in [(each["kind"], each["name"]) for each in found]


def test_of_a_desk_with_many_events_their_digests_are_left_to_the_command(desk, monkeypatch):
    from app.services.support import pack

    assert json.loads(texts(desk)["kiem-tra.json"])["events_checked"] is True
    monkeypatch.setattr(pack, "MOST_EVENTS", 0)
    assert json.loads(texts(desk)["kiem-tra.json"])["events_checked"] is False


def test_settings_tell_no_words_of_the_office_and_no_name_of_a_printer(desk):
    save_settings(desk.folder, Settings(printer="HP của chị Yến", idle_lock_minutes=7))
    with desk.store.write() as connection:
        write_setting(connection, "office_name", "Trung tâm của xã")
        write_setting(connection, "signer_title:Nguyễn Thị Vân", "KT. CHỦ TỊCH")
        write_setting(connection, "help_retention_months", 6)
    told = json.loads(texts(desk)["cai-dat.json"])
    assert told["window"]["printer"] == "set"
    assert told["window"]["idle_lock_minutes"] == 7
    assert told["desk"] == {"help_retention_months": 6, "office_name": "…", "signer_title": "…"}


@pytest.mark.parametrize(
    "leak",
    [
        "Ma Thị Hường",
        "MA THI HUONG",
        "xin chao ma thi huong nhe",
        "008198000000",
        "0900000123",
        "0911222333",
        "Bàn A Pó",
        "0988777666",
        "Thôn Nà Mẫu",
    ],
)
def test_a_line_with_a_citizen_stays_here_whatever_wrote_it(desk, leak):
    folder = desk.folder / "logs"
    folder.mkdir(exist_ok=True)
    clean = json.dumps({"said": "round done", "dossier": "01a206fc-bdf3-74eb-ad3a-41e6a1150f5f"})
    (folder / "window.log").write_text(
        clean + "\n" + json.dumps({"said": leak}, ensure_ascii=False) + "\n", "utf-8"
    )
    (folder / "crash-1.json").write_text(json.dumps({"where": leak}), "utf-8")
    pack = make_pack(desk, officer(desk))
    by_name = {part.name: part for part in pack.parts}
    assert by_name["window.log"].dropped == 1
    assert by_name["crash-1.json"].dropped == 1
    assert "round done" in by_name["window.log"].text
    assert all(leak not in part.text for part in pack.parts)
    assert leak.encode() not in pack.data


def test_what_is_no_line_of_ours_does_not_leave(desk):
    folder = desk.folder / "logs"
    folder.mkdir(exist_ok=True)
    (folder / "window.log").write_text('free words\n["list"]\n{"said": "ok"}\n', "utf-8")
    (folder / "crash-2.json").write_text("no json", "utf-8")
    (folder / "notes.txt").write_text("secret", "utf-8")
    parts = texts(desk)
    assert parts["window.log"].split() == ['{"said":', '"ok"}']
    assert parts["crash-2.json"].strip() == ""
    assert "notes.txt" not in parts


def test_a_long_log_leaves_with_its_newest_lines(desk):
    folder = desk.folder / "logs"
    folder.mkdir(exist_ok=True)
    lines = [json.dumps({"said": "x", "n": n}) for n in range(LOG_LINES + 50)]
    (folder / "window.log").write_text("\n".join(lines), "utf-8")
    kept = texts(desk)["window.log"].splitlines()
    assert len(kept) == LOG_LINES
    assert json.loads(kept[-1])["n"] == LOG_LINES + 49


def test_the_zip_holds_what_was_shown_and_its_name_tells_nobody(desk):
    pack = make_pack(desk, officer(desk))
    with zipfile.ZipFile(BytesIO(pack.data)) as archive:
        assert {name: archive.read(name).decode() for name in archive.namelist()} == {
            part.name: part.text for part in pack.parts
        }
    assert pack.data == pack.data
    assert pack_name(desk) == "motcua-chan-doan-20261123-0900.zip"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(before=st.text(max_size=20), after=st.text(max_size=20))
def test_a_name_is_found_between_any_words(desk, before, after):
    with desk.store.read() as connection:
        citizens = Citizens(connection)
    line = f"{before} Ma Thị Hường {after}"
    kept, dropped = without(citizens, [line, "Đã đồng bộ 10:42"])
    assert (kept, dropped) == (["Đã đồng bộ 10:42"], 1)
