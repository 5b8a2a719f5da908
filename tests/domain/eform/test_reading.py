"""A form file: the shipped five against the field list's order, malformed ones refused with their line."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.eform.located import MAX_BYTES, parse_located, plain
from app.domain.eform.reading import read_form
from app.errors import RuleError
from app.resources import resource
from tests.domain.eform.field_list import FIELDS
from tests.printing.declaration_samples import FORMS, form

COUNTS = {"khai_sinh": 35, "khai_tu": 28, "ket_hon": 26, "xac_nhan_tthn": 26, "ban_sao_trich_luc": 24}


def document(form_id: str = "khai_tu") -> dict[str, Any]:
    """A shipped file as data."""
    found: dict[str, Any] = json.loads(resource("eforms", f"{form_id}.json").read_text("utf-8"))
    return found


def written(doc: object) -> bytes:
    """A file, one member a line."""
    return json.dumps(doc, ensure_ascii=False, indent=1).encode()


@pytest.mark.parametrize("form_id", FORMS)
def test_shipped_forms_are_whole(form_id: str) -> None:
    found = form(form_id)
    assert len(found.fields) == COUNTS[form_id]
    assert found.procedures and found.effective_from.isoformat() == "2025-07-01"
    assert found.effective_to is not None and found.effective_to.isoformat() == "2027-02-28"
    assert found.fields[0].id == "kinh_gui" and found.field("cam_doan") is not None


@pytest.mark.parametrize("form_id", FORMS)
def test_fields_stand_in_the_order_of_the_list(form_id: str) -> None:
    found = [(field.id, field.type.value, field.required, field.label) for field in form(form_id).fields]
    assert found == list(FIELDS[form_id])


def line_of(content: bytes, words: str) -> int:
    """Line on which the words stand."""
    return (
        content.decode().splitlines().index(next(x for x in content.decode().splitlines() if words in x)) + 1
    )


SPOILT: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "unknown member": (lambda d: d["sections"][0]["fields"][2].update(labl="x"), '"labl"'),
    "unknown type": (lambda d: d["sections"][0]["fields"][2].update(type="adress"), '"adress"'),
    "unknown format": (lambda d: d.update(format="motcua-eform/2"), '"format"'),
    "bad id": (lambda d: d["sections"][1]["fields"][0].update(id="Họ tên"), "Họ tên"),
    "no label": (lambda d: d["sections"][1]["fields"][0].update(label=""), '"label": ""'),
    "required is words": (lambda d: d["sections"][1]["fields"][0].update(required="yes"), '"yes"'),
    "condition on nothing": (
        lambda d: d["sections"][1]["fields"][0].update(show_if={"field": "khong_co", "is": "x"}),
        "khong_co",
    ),
    "rule on nothing": (lambda d: d["rules"][0].update(others=["khong_co"]), "khong_co"),
    "rule unknown": (lambda d: d["rules"][0].update(check="chac_chan"), "chac_chan"),
    "rule without others": (lambda d: d["rules"][0].update(others=[]), '"check": "within_days"'),
    "note without words": (lambda d: d["rules"][1].update(text=""), '"check": "note"'),
    "prefill unknown": (lambda d: d["sections"][0]["fields"][1].update(prefill="db.password"), "db.password"),
    "no day": (lambda d: d.update(effective_from="2027-02-30"), "2027-02-30"),
    "ends before it begins": (lambda d: d.update(effective_to="2020-01-01"), "2020-01-01"),
    "procedure": (lambda d: d["procedures"].append("khai tử"), "khai tử"),
    "version": (lambda d: d.update(version="mới"), '"mới"'),
}


@pytest.mark.parametrize("name", sorted(SPOILT))
def test_a_malformed_file_names_its_line(name: str) -> None:
    doc = document()
    spoil, words = SPOILT[name]
    spoil(doc)
    content = written(doc)
    with pytest.raises(RuleError) as told:
        read_form(content)
    assert told.value.code == "eform-malformed"
    assert told.value.title.startswith(f"Dòng {line_of(content, words)} "), told.value.title


def test_an_id_given_twice_names_the_second() -> None:
    doc = document()
    fields = doc["sections"][1]["fields"]
    fields[3]["id"] = fields[2]["id"]
    content = written(doc)
    lines = [
        n for n, line in enumerate(content.decode().splitlines(), 1) if f'"id": "{fields[2]["id"]}"' in line
    ]
    with pytest.raises(RuleError, match="eform-malformed") as told:
        read_form(content)
    assert told.value.title.startswith(f"Dòng {lines[1]} ")


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", 1),
        (b'{"a": 1,\n "b": }', 2),
        (b'{"a": 1\n "b": 2}', 2),
        (b'{"a": "x\ny"}', 1),
        (b'{"a": 1,\n\n"a": 2}', 3),
        (b'{"a": 1.5}', 1),
        (b'{"a": NaN}', 1),
        (b"\n\n{} x", 3),
        (b'{"a": "\\ud800"}', 1),
        (b"{\n\xff}", 2),
        (b"[" * 5000, 1),
        (b" " * (MAX_BYTES + 1), 1),
        (b'{"a": 99999999999999999999}', 1),
    ],
)
def test_broken_json_names_its_line(content: bytes, line: int) -> None:
    with pytest.raises(RuleError) as told:
        parse_located(content)
    assert told.value.title.startswith(f"Dòng {line} "), told.value.title


@given(st.binary(max_size=300) | st.text(alphabet='{}[]",:01aé\\\n ', max_size=200).map(str.encode))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        parse_located(content)
    except RuleError as told:
        assert told.code == "eform-malformed"


_json = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**14), 10**14) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


@given(_json, st.sampled_from([None, 1, "\t"]))
def test_good_json_is_read_as_any_reader_reads_it(value: object, indent: int | str | None) -> None:
    try:
        found = parse_located(json.dumps(value, ensure_ascii=False, indent=indent).encode())
    except UnicodeEncodeError:
        return
    assert plain(found) == value
