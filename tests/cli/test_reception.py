"""``read-card``, ``receive``, ``due``, ``show``, ``find``, ``slip``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import BIRTH, CARD, MONDAY, Motcua


def test_read_card_gives_every_field(motcua: Motcua) -> None:
    assert motcua.json("read-card", CARD) == {
        "personal_id": "008198000000",
        "old_id": None,
        "name": "Ma Thị Hường",
        "birth_date": "1998-08-14",
        "sex": "female",
        "address": "Thôn Nà Mẫu, xã Nà Hang, tỉnh Tuyên Quang",
        "issue_date": "2024-10-04",
        "warnings": [],
    }


def test_a_malformed_date_is_null_and_a_warning(motcua: Motcua) -> None:
    card = motcua.json("read-card", CARD.replace("14081998", "31021998"))
    assert card["birth_date"] is None
    assert [warning["field"] for warning in card["warnings"]] == ["birth_date"]


def test_a_card_comes_from_stdin_so_that_it_is_no_argument(motcua: Motcua) -> None:
    assert motcua.json("read-card", "-", stdin=CARD.encode() + b"\n")["name"] == "Ma Thị Hường"
    received = motcua.json(
        "receive", "--procedure", "1.001193", "--card", "-", "--all-required", stdin=CARD.encode()
    )
    assert received["status"] == 2


def test_a_broken_card_names_the_field(motcua: Motcua) -> None:
    assert motcua.error(3, "read-card", "008198000000|x")["field"] == "card"
    assert motcua.error(3, "read-card", "-", stdin=b"\xff\xfe|x\n")["code"] == "card-not-utf8"


def test_receive_answers_number_due_date_and_reckoning(motcua: Motcua) -> None:
    received = motcua.json("receive", *BIRTH, "--at", "2026-11-23T15:12")
    assert list(received) == ["id", "number", "provisional", "due_at", "due_reason", "status"]
    assert received["provisional"] is True
    assert received["number"].startswith("TN-02221-261123-2")
    assert received["due_at"] == "2026-11-25T17:00:00+07:00"
    assert "24/11" in received["due_reason"]
    assert received["status"] == 2


def test_missing_papers_are_named(motcua: Motcua) -> None:
    error = motcua.error(3, "receive", "--procedure", "1.001193", "--card", CARD, "--component", "to_khai")
    assert error["code"] == "components-missing"
    assert error["missing"] == ["giay_chung_sinh|vb_nguoi_lam_chung", "giay_to_tuy_than"]
    assert motcua.json("find", "hường")["count"] == 0


def test_papers_kinds_counts_and_copies(motcua: Motcua) -> None:
    received = motcua.json(
        "receive", *BIRTH, "--component", "to_khai:photocopy:3", "--copies", "2", "--channel", "post"
    )
    shown = motcua.json("show", received["number"])
    form = next(each for each in shown["components"] if each["id"] == "to_khai")
    assert (form["required"], form["kind"], form["files"]) == (True, "photocopy", [])
    assert 3 in form.values()
    assert shown["channel"] == "post"


@pytest.mark.parametrize(
    ("argv", "exit_code", "field"),
    [
        (("--component", "khong_co"), 3, "component"),
        (("--component", "to_khai:xyz"), 2, "component"),
        (("--phone", "123"), 3, "phone"),
        (("--copies", "0"), 3, "copies"),
        (("--copies", "nhiều"), 2, "copies"),
        (("--for-unit", "99999"), 3, "for_unit"),
        (("--due", "2026-12-01", "--reason", ""), 3, "reason"),
        (("--reason", "vì vậy"), 2, "due"),
        (("--due", "2026-11-28", "--reason", "vì vậy"), 3, "due"),
        (("--due", "hôm nay", "--reason", "vì vậy"), 2, "due"),
        (("--at", "2026-13-01"), 2, "at"),
        (("--at", "99999999-01-01"), 2, "at"),
        (("--channel", "fax"), 2, "channel"),
    ],
)
def test_a_wrong_option_is_told_by_name(
    motcua: Motcua, argv: tuple[str, ...], exit_code: int, field: str
) -> None:
    at = () if "--at" in argv else ("--at", MONDAY)
    assert motcua.error(exit_code, "receive", *BIRTH, *at, *argv)["field"] == field


def test_an_unknown_procedure_is_not_found(motcua: Motcua) -> None:
    assert motcua.error(4, "receive", "--procedure", "9.999999", "--card", CARD)["field"] == "procedure"


def test_a_procedure_without_a_term_needs_a_due_date_and_a_reason(motcua: Motcua) -> None:
    argv = ("receive", "--procedure", "1.001776", "--card", CARD, "--all-required", "--at", MONDAY)
    assert motcua.error(3, *argv)["code"] == "due-unknown"
    received = motcua.json(*argv, "--due", "2026-12-01T17:00", "--reason", "Hẹn theo lịch xác minh")
    assert (received["due_at"], received["due_reason"]) == (
        "2026-12-01T17:00:00+07:00",
        "Hẹn theo lịch xác minh",
    )


def test_a_row_of_the_index_takes_papers_by_name(motcua: Motcua) -> None:
    index = json.loads((Path(__file__).parents[2] / "resources/catalogue/index.json").read_text("utf-8"))
    rows = index if isinstance(index, list) else next(v for v in index.values() if isinstance(v, list))
    code = rows[0]["code"]
    received = motcua.json(
        "receive", "--procedure", code, "--card", CARD, "--component", "Đơn đề nghị:photocopy:2",
        "--at", MONDAY, "--due", "2026-12-01", "--reason", "Chưa có thời hạn trong danh mục",
    )  # fmt: skip
    assert motcua.json("show", received["id"])["components"][0]["required"] is False


def person(tmp_path: Path, **members: Any) -> str:
    """A person's file."""
    path = tmp_path / "person.json"
    path.write_text(json.dumps({"name": "Mỷ", **members}), "utf-8")
    return str(path)


def test_a_person_without_a_card(motcua: Motcua, tmp_path: Path) -> None:
    everything = dict.fromkeys(("id_kind", "id_value", "birth_date", "sex", "address", "nationality"))
    argv = ("receive", "--procedure", "1.001193", "--all-required", "--person")
    received = motcua.json(*argv, person(tmp_path, **everything))
    party = motcua.json("show", received["number"])["parties"][0]
    assert party["name" if "name" in party else "full_name"] == "Mỷ"
    motcua.json(*argv, person(tmp_path, id_kind="passport", id_value="C1234567", sex="female"))


@pytest.mark.parametrize(
    ("members", "exit_code", "field"),
    [
        ({"name": ""}, 3, "name"),
        ({"name": None}, 3, "name"),
        ({"name": 5}, 3, "name"),
        ({"sex": "x"}, 3, "sex"),
        ({"id_kind": "x", "id_value": "1"}, 3, "id_kind"),
        ({"id_value": "008198000000"}, 3, "id_kind"),
        ({"id_kind": "personal_number", "id_value": "12"}, 3, "id_value"),
        ({"birth_date": "1998-02-31"}, 3, "birth_date"),
        ({"birth_date": "2090-01-01"}, 3, "birth_date"),
        ({"surname": "Ma"}, 2, "person"),
    ],
)
def test_a_wrong_member_of_the_file_is_told(
    motcua: Motcua, tmp_path: Path, members: dict[str, Any], exit_code: int, field: str
) -> None:
    argv = ("receive", "--procedure", "1.001193", "--all-required", "--at", MONDAY, "--person")
    assert motcua.error(exit_code, *argv, person(tmp_path, **members))["field"] == field


def test_a_file_that_is_no_person(motcua: Motcua, tmp_path: Path) -> None:
    argv = ("receive", "--procedure", "1.001193", "--person")
    assert motcua.error(2, *argv, str(tmp_path / "missing.json"))["field"] == "person"
    for content in (b"[1]", b"\xff", b"{", b"[" * 100_000):
        (tmp_path / "bad.json").write_bytes(content)
        assert motcua.error(2, *argv, str(tmp_path / "bad.json"))["field"] == "person"


def test_register_only_is_not_accepted_and_not_sent(motcua: Motcua) -> None:
    received = motcua.json("receive", "--procedure", "1.001193", "--card", CARD, "--register-only")
    assert received["status"] == 1
    assert motcua.json("show", received["number"])["sync"] == "none"


def test_show_is_the_whole_dossier(motcua: Motcua) -> None:
    received = motcua.json("receive", *BIRTH, "--at", MONDAY)
    shown = motcua.json("show", received["number"])
    assert {
        "id", "number", "provisional", "provisional_number", "procedure", "channel", "status", "received_at",
        "due_at", "ended_at", "returned_at", "parties", "components", "history", "sync", "files",
    } <= set(shown)  # fmt: skip
    assert shown["received_at"] == "2026-11-23T09:00:00+07:00"
    assert shown["sync"] == "waiting"
    assert [set(line) for line in shown["history"]] == [{"act", "at", "by"}]
    assert motcua.json("show", received["id"]) | {"history": []} == shown | {"history": []}
    assert motcua.error(4, "show", "TN-02221-261123-9999")["code"] == "no-dossier"


def test_find_by_name_number_and_personal_id(motcua: Motcua) -> None:
    received = motcua.json("receive", *BIRTH, "--phone", "0900000123")
    for text in ("huong", "Ma Thị Hường", "mth", received["number"], "008198000000", "0900000123"):
        found = motcua.json("find", text)
        assert set(found) == {"count", "results", "ms"}
        assert [hit["id"] for hit in found["results"]] == [received["id"]], text
        assert set(found["results"][0]) == {"id", "number", "name", "procedure", "status", "due_at"}
    assert motcua.json("find", "-", stdin="hường\n".encode())["count"] == 1
    assert motcua.json("find", 'x" OR * NEAR', "--limit", "5")["count"] == 0


def test_due_alone(motcua: Motcua) -> None:
    due = motcua.json("due", "--from", "2026-11-23T15:12", "--procedure", "1.001193")
    assert due == {
        "due_at": "2026-11-25T17:00:00+07:00",
        "reason": "Vì nhận sau 15 giờ (15:12) và thứ Ba 24/11 nghỉ Ngày Văn hóa Việt Nam.",
        "confirmed": True,
    }


@pytest.mark.parametrize("start", ["2026-11-23", "2026-11-23T07:30", "2026-11-23T00:30:00Z"])
def test_a_day_is_its_opening_hour_and_no_offset_is_our_own(motcua: Motcua, start: str) -> None:
    due = motcua.json("due", "--from", start, "--procedure", "1.001193")
    assert due["due_at"] == "2026-11-23T17:00:00+07:00"
    assert "07:30" in due["reason"]


def test_due_without_a_term_and_in_a_guessed_year(motcua: Motcua) -> None:
    assert motcua.json("due", "--from", MONDAY, "--procedure", "1.001776")["due_at"] is None
    assert motcua.json("due", "--from", "2027-03-01", "--procedure", "1.004873")["confirmed"] is False


def test_slip_is_a_pdf_and_a_reprint_is_counted(motcua: Motcua, tmp_path: Path) -> None:
    number = motcua.json("receive", *BIRTH)["number"]
    out = tmp_path / "new folder" / "slip.pdf"
    made = motcua.json("slip", number, "--form", "01", "--out", str(out))
    assert out.read_bytes().startswith(b"%PDF")
    assert set(made) == {"form", "form_set", "pages", "copy_no"}
    assert (made["form"], made["pages"], made["copy_no"]) == ("01", 1, 1)
    assert motcua.json("slip", number, "--form", "01", "--out", str(out))["copy_no"] == 2


@pytest.mark.parametrize("form", ["02", "03", "04", "05"])
def test_a_paper_before_its_act_is_refused(motcua: Motcua, tmp_path: Path, form: str) -> None:
    number = motcua.json("receive", *BIRTH)["number"]
    out = tmp_path / "x.pdf"
    assert motcua.error(3, "slip", number, "--form", form, "--out", str(out))["code"] == "act-not-done"
    assert not out.exists()


def test_a_place_that_cannot_be_written_loses_nothing(motcua: Motcua, tmp_path: Path) -> None:
    number = motcua.json("receive", *BIRTH)["number"]
    (tmp_path / "file").touch()
    out = str(tmp_path / "file" / "slip.pdf")
    assert motcua.error(5, "slip", number, "--form", "01", "--out", out)["field"] == "out"


def test_words_for_people_without_json(motcua: Motcua) -> None:
    said = motcua("receive", *BIRTH)
    assert said.exit == 0
    assert said.out.startswith("Đã lưu hồ sơ.")
    failed = motcua("receive", "--procedure", "1.001193", "--card", CARD)
    assert failed.exit == 3
    assert failed.out == ""
    assert "thiếu 3 giấy tờ" in failed.err


def test_the_channels_offered_are_those_of_the_domain() -> None:
    from app.cli.commands.enter import CHANNELS
    from app.domain.catalogue import Channel

    assert set(CHANNELS) == {channel.value for channel in Channel}


def test_an_option_given_nothing_but_dashes_is_wrong_usage(motcua: Motcua) -> None:
    told = motcua.error(2, "receive", "--procedure", "1.001193", "--card=--")
    assert (told["code"], told["field"]) == ("usage", "card")
