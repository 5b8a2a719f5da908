"""``init``, ``officer add``, who acts, secrets."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import BIRTH, CARD, Motcua
from tests.support.desk import demo_password


def test_init_demo_answers_what_the_sheet_needs(bare: Motcua) -> None:
    made = bare.json("init", "--demo")
    assert list(made) == ["data", "desk", "unit", "officers", "demo_password", "recovery_words"]
    assert made["data"] == str(bare.data)
    assert made["unit"] == "02221"
    assert made["officers"] == ["canbo", "lanhdao", "quantri"]
    assert len(made["recovery_words"].split()) == 9
    assert made["demo_password"]


def test_a_desk_that_is_there_is_left_alone(motcua: Motcua) -> None:
    before = (motcua.data / "desk.json").read_bytes()
    assert motcua.error(3, "init", "--demo")["code"] == "desk-exists"
    assert (motcua.data / "desk.json").read_bytes() == before


def test_a_real_desk_takes_its_first_password_from_the_environment(bare: Motcua) -> None:
    assert bare.error(3, "init", "--unit", "02221")["field"] == "password"
    assert not bare.data.exists()
    bare.patch.setenv("MOTCUA_PASSWORD", "một câu dễ nhớ")
    made = bare.json("init", "--unit", "02221", "--agency", "H60.14.3")
    assert made["officers"] == ["quantri"]
    assert made["demo_password"] is None
    added = bare.json(
        "--as", "quantri", "officer", "add", "lan.tt", "--name", "Trần Thị Lan", "--role", "reception"
    )
    assert set(added) == {"login", "role", "one_time_password"}
    bare.patch.setenv("MOTCUA_PASSWORD", added["one_time_password"])
    bare.patch.setenv("MOTCUA_NEW_PASSWORD", "hoa ban trên núi")
    assert bare.json("--as", "lan.tt", "receive", *BIRTH)["status"] == 2


def test_the_one_time_password_opens_nothing_until_it_is_changed(motcua: Motcua) -> None:
    motcua.patch.setenv("MOTCUA_PASSWORD", demo_password())
    add = ("officer", "add", "lan.tt", "--name", "Trần Thị Lan", "--role", "reception")
    once = motcua.json("--as", "quantri", *add)["one_time_password"]
    motcua.patch.setenv("MOTCUA_PASSWORD", once)
    told = motcua.error(3, "--as", "lan.tt", "find", "x")
    assert told["code"] == "password-once"
    assert "MOTCUA_NEW_PASSWORD" in told["next_step"]
    for unfit, code in (("ngắn", "password-short"), (once, "password-same")):
        motcua.patch.setenv("MOTCUA_NEW_PASSWORD", unfit)
        assert motcua.error(3, "--as", "lan.tt", "find", "x")["code"] == code
    motcua.patch.setenv("MOTCUA_NEW_PASSWORD", "hoa ban trên núi")
    assert motcua.json("--as", "lan.tt", "find", "x")["count"] == 0
    assert motcua.error(3, "--as", "lan.tt", "find", "x")["code"] == "wrong-login"
    motcua.patch.setenv("MOTCUA_PASSWORD", "hoa ban trên núi")
    motcua.patch.delenv("MOTCUA_NEW_PASSWORD")
    assert motcua.json("--as", "lan.tt", "find", "x")["count"] == 0


@pytest.mark.parametrize("argv", [("--unit", "99999"), ("--unit", "02221", "--agency", "nope")])
def test_a_wrong_unit_or_agency_makes_no_desk(bare: Motcua, argv: tuple[str, ...]) -> None:
    bare.patch.setenv("MOTCUA_PASSWORD", "một câu dễ nhớ")
    assert bare.error(3, "init", *argv)["field"] is not None
    assert not bare.data.exists()


def test_no_key_store_and_no_passphrase_is_told(bare: Motcua) -> None:
    bare.patch.delenv("MOTCUA_PASSPHRASE")
    assert bare.error(5, "init", "--demo")["code"] == "no-key-store"
    assert not bare.data.exists()


def test_a_folder_without_a_desk_is_not_found(bare: Motcua) -> None:
    assert bare.error(4, "find", "x")["code"] == "no-desk"


def test_a_wrong_passphrase_opens_nothing(motcua: Motcua) -> None:
    motcua.patch.setenv("MOTCUA_PASSPHRASE", "khác")
    assert motcua.error(5, "find", "x")["code"] == "wrong-passphrase"


def test_the_demo_desk_works_as_canbo_without_a_password(motcua: Motcua) -> None:
    assert motcua.json("find", "x")["count"] == 0
    assert motcua.json("--as", "canbo", "find", "x")["count"] == 0


def test_every_other_officer_needs_the_password(motcua: Motcua) -> None:
    assert motcua.error(3, "--as", "lanhdao", "find", "x")["code"] == "password-missing"
    motcua.patch.setenv("MOTCUA_PASSWORD", "sai rồi nhé")
    assert motcua.error(3, "--as", "lanhdao", "find", "x")["code"] == "wrong-login"
    assert motcua.error(3, "--as", "nobody", "find", "x")["code"] == "wrong-login"
    motcua.patch.setenv("MOTCUA_PASSWORD", demo_password())
    assert motcua.json("--as", "lanhdao", "find", "x")["count"] == 0


def test_a_role_refuses_what_is_outside_it(motcua: Motcua) -> None:
    error = motcua.error(3, "officer", "add", "lan", "--name", "Lan", "--role", "reception")
    assert error["code"] == "not-permitted"
    motcua.patch.setenv("MOTCUA_PASSWORD", demo_password())
    assert motcua.error(3, "--as", "quantri", "receive", *BIRTH)["code"] == "not-permitted"
    assert motcua.error(3, "--as", "quantri", "find", "x")["code"] == "not-permitted"


def test_a_real_desk_asks_who_acts(bare: Motcua) -> None:
    bare.patch.setenv("MOTCUA_PASSWORD", "một câu dễ nhớ")
    bare.json("init", "--unit", "02221")
    assert bare.error(2, "find", "x")["code"] == "officer-missing"
    assert bare.error(3, "demo", "fill", "--dossiers", "3", "--as", "quantri")["code"] == "not-permitted"


def test_logs_hold_ids_only(motcua: Motcua) -> None:
    motcua.json("receive", *BIRTH)
    motcua.error(3, "receive", "--procedure", "1.001193", "--card", CARD)
    written = "".join(path.read_text("utf-8") for path in (motcua.data / "logs").iterdir())
    assert "desk open" in written
    for secret in ("Hường", "008198000000", "Nà Mẫu", "mot cum mat khau"):
        assert secret not in written


def test_the_default_folder_follows_the_platform(tmp_path: Path) -> None:
    from app.cli.folder import default_folder

    assert default_folder({"XDG_DATA_HOME": str(tmp_path)}, "linux") == tmp_path / "motcua"
    assert default_folder({"LOCALAPPDATA": str(tmp_path)}, "win32") == tmp_path / "motcua"
    assert default_folder({}, "linux").parts[-3:] == (".local", "share", "motcua")
