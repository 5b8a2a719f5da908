"""``eform``: the command as CONTRACT has it, and its additions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.resources import resource
from tests.cli.conftest import BIRTH, MONDAY, Motcua
from tests.printing import reading
from tests.services.test_eforms import CHILD, STATUS
from tests.support import desk as desks


def values(tmp_path: Path, content: object) -> str:
    """A file of answers."""
    path = tmp_path / "gia-tri.json"
    path.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    return str(path)


@pytest.fixture
def number(motcua: Motcua) -> str:
    """A birth registration of Monday morning."""
    return str(motcua.json("receive", *BIRTH, "--at", MONDAY)["number"])


def test_fill_answers_and_writes_the_paper(motcua: Motcua, tmp_path: Path, number: str) -> None:
    out = tmp_path / "to-khai.pdf"
    given = values(tmp_path, CHILD)
    made = motcua.json("eform", "fill", number, "--form", "khai_sinh", "--values", given, "--out", str(out))
    assert set(made) == {"ok", "form", "version", "pages", "warnings"}
    assert (made["ok"], made["form"], made["version"], made["pages"]) == (True, "khai_sinh", "1", 1)
    assert all(set(each) == {"code", "field", "text"} for each in made["warnings"])
    assert "HOÀNG MA NGỌC ÁNH" in reading.words(out.read_bytes())
    data = tmp_path / "to-khai.json"
    assert motcua.json("eform", "export", number, "--form", "khai_sinh", "--out", str(data))["ok"]
    assert json.loads(data.read_text("utf-8"))["values"]["con_gioi_tinh"] == "Nữ"


def fill(number: str, form: str, given: str, out: Path) -> tuple[str, ...]:
    """The command line."""
    return ("eform", "fill", number, "--form", form, "--values", given, "--out", str(out))


def test_refusals_name_the_field(motcua: Motcua, tmp_path: Path, number: str) -> None:
    out = tmp_path / "to-khai.pdf"
    bad: list[tuple[Any, int, str, str]] = [
        ({**CHILD, "la_gi": 1}, 3, "eform-unknown-field", "la_gi"),
        ({**CHILD, "con_ngay_sinh": "30/02/2026"}, 3, "date-impossible", "con_ngay_sinh"),
        ([1], 2, "values-shape", "values"),
    ]
    for content, code, name, field in bad:
        error = motcua.error(code, *fill(number, "khai_sinh", values(tmp_path, content), out))
        assert (error["code"], error["field"]) == (name, field)
    error = motcua.error(3, *fill(number, "khai_sinh", values(tmp_path, {}), out))
    assert error["code"] == "eform-missing" and error["field"] == error["missing"][0]
    assert {"con_ho_ten", "con_ngay_sinh", "cam_doan"} <= set(error["missing"])
    assert not {"nyc_ho_ten", "kinh_gui", "chu_ky", "ngay_lam"} & set(error["missing"])
    good = values(tmp_path, CHILD)
    assert motcua.error(4, *fill("KHONG-CO", "khai_sinh", good, out))["code"] == "no-dossier"
    assert motcua.error(4, *fill(number, "khong_co", good, out))["field"] == "form"
    assert motcua.error(2, *fill(number, "khai_sinh", str(tmp_path / "khong.json"), out))["field"] == "values"
    (tmp_path / "hong.json").write_bytes(b'{"con_ho_ten": ' + b"[" * 9000)
    assert motcua.error(2, *fill(number, "khai_sinh", str(tmp_path / "hong.json"), out))["field"] == "values"
    assert not out.exists()


def test_blank_and_prefill(motcua: Motcua, tmp_path: Path, number: str) -> None:
    out = tmp_path / "trong.pdf"
    made = motcua.json("eform", "blank", number, "--form", "khai_sinh", "--out", str(out))
    assert made == {"ok": True, "form": "khai_sinh", "version": "1", "pages": 1}
    assert "Ma Thị Hường" not in reading.words(out.read_bytes())
    known = motcua.json("eform", "prefill", number, "--form", "khai_sinh")
    assert known["values"]["nyc_ho_ten"] == "Ma Thị Hường"
    again = motcua.json(*fill(number, "xac_nhan_tthn", values(tmp_path, STATUS), out))
    assert "eform-other-procedure" in [each["code"] for each in again["warnings"]]


def test_the_act_has_its_own_time(motcua: Motcua, tmp_path: Path, number: str) -> None:
    out = tmp_path / "to-khai.pdf"
    command = fill(number, "khai_sinh", values(tmp_path, CHILD), out)
    motcua.json(*command, "--at", "2026-11-25T08:00")
    assert "ngày 25 tháng 11 năm 2026" in reading.words(out.read_bytes())
    line = next(x for x in motcua.json("show", number)["history"] if x["act"] == "eform")
    assert line["at"].startswith("2026-11-25T08:00")


def test_import_takes_a_file_or_names_its_line(motcua: Motcua, tmp_path: Path) -> None:
    doc = json.loads(resource("eforms", "khai_sinh.json").read_text("utf-8"))
    path = tmp_path / "mau.json"
    path.write_text(json.dumps({**doc, "version": "2"}, indent=1), "utf-8")
    assert motcua.error(3, "eform", "import", str(path))["code"] == "not-permitted"
    motcua.patch.setenv("MOTCUA_PASSWORD", desks.demo_password())
    taken = motcua.json("--as", "quantri", "eform", "import", str(path))
    assert (taken["version"], taken["fields"], taken["new"]) == ("2", 35, True)
    assert len(taken["sha256"]) == 64
    path.write_text('{\n"format": "motcua-eform/1",\n"id": 5\n}', "utf-8")
    error = motcua.error(3, "--as", "quantri", "eform", "import", str(path))
    assert error["code"] == "eform-malformed" and error["title"].startswith("Dòng 3 ")
    assert (
        motcua.error(5, "--as", "quantri", "eform", "import", str(tmp_path / "khong.json"))["field"] == "file"
    )
