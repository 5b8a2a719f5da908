"""Build ``resources/catalogue`` from the seed catalogue and the index of procedures.

    python tools/build_catalogue.py PROCEDURES_YAML INDEX_JSON [--out DIR]

Reads also ``aliases.yaml`` in the target folder (short names, everyday words, ranks: made by hand) and
writes ``procedures.json`` (full records) and ``index.json`` (name only, "chưa có chi tiết"), one
procedure a line. The sources give no first day for a version: 2025-07-01, the first day of two-level
local government, stands there, so that every dossier this program can hold finds a version.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping
from datetime import date, time
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app.domain.catalogue import (  # noqa: E402
    ComponentKind,
    ComponentRule,
    Detail,
    Fact,
    FeeRule,
    Mandatory,
    ProcedureVersion,
    TimeLimit,
    TimeUnit,
)
from app.domain.catalogue_json import procedure_to_json  # noqa: E402

EFFECTIVE_FROM = date(2025, 7, 1)
OWN_PROVINCE = "UBND tỉnh Tuyên Quang"
NATIONAL = "toan_quoc"

_ONLINE = {"toan_trinh": "full", "mot_phan": "partial", "khong": "information_only"}
_UNIT_WORDS = {"working_day": "ngày làm việc", "day": "ngày", "month": "tháng", "same_day": "trong ngày"}
_FEE_PER = {"trang": "page", "bản sao": "copy", "văn bản": "copy"}
_PAPER_CHANNEL = "nộp trực tiếp hoặc qua bưu chính"
_PROXY_ID = "van_ban_uy_quyen"
_EXEMPT = "miễn:"


# -- the 69 full records -----------------------------------------------------------------------------


def build_procedures(source: Mapping[str, Any], curated: Mapping[str, Any]) -> list[ProcedureVersion]:
    """The full records, in the order of the source. Raises ``KeyError`` where nothing was curated."""
    replaced: dict[str, list[str]] = {}
    for row in source.get("replaced_codes", []):
        replaced.setdefault(row["new"], []).extend(row["old"])
    shorts = curated.get("component_short_names", {})
    return [
        build_procedure(row, curated["procedures"][row["code"]], shorts, replaced.get(row["code"], []))
        for row in source["procedures"]
        if row.get("active", True)
    ]


def build_procedure(
    row: Mapping[str, Any], curated: Mapping[str, Any], shorts: Mapping[str, str], replaces: Iterable[str]
) -> ProcedureVersion:
    """One full record, version 1."""
    result = row.get("result") or {}
    return ProcedureVersion(
        code=row["code"],
        version=1,
        name=_tidy(row["name"]),
        short_name=curated["short"],
        field=row["field"],
        effective_from=EFFECTIVE_FROM,
        field_code=row.get("field_code") or "",
        aliases=tuple(curated["aliases"]),
        time_limits=(build_time_limit(row["time"]),),
        fees=(build_fee(row, curated.get("exemptions", ())),),
        components=tuple(build_component(item, shorts) for item in row.get("components") or ()),
        result_name=result.get("name", ""),
        result_code=result.get("national_code", ""),
        legal_basis=tuple(row.get("legal_basis") or ()),
        online_level=_ONLINE[row["online_level"]],
        note=row.get("note") or "",
        extended_terms=tuple(extended_term(item) for item in row["time"].get("extended") or ()),
        everyday_rank=curated["rank"],
        replaces=tuple(replaces),
        eform=row.get("eform") or "",
        confidence=row.get("confidence") or "",
        source=row.get("source") or "",
    )


def build_time_limit(row: Mapping[str, Any]) -> TimeLimit:
    """The ordinary term; ``qty`` null stays unknown."""
    cutoff = row.get("late_cutoff")
    return TimeLimit(
        amount=row["qty"],
        unit=TimeUnit(row["unit"]) if row["unit"] else None,
        late_cutoff=time.fromisoformat(cutoff) if cutoff else None,
        note=row.get("note") or "",
    )


def extended_term(row: Mapping[str, Any]) -> str:
    """A longer term as a sentence; what the source is unsure of says so."""
    doubt = " (chưa chắc, chờ tỉnh xác nhận)" if row.get("confidence") == "unsure" else ""
    return f"{row['when']}: {row['qty']} {_UNIT_WORDS[row['unit']]}{doubt}"


def build_fee(row: Mapping[str, Any], curated_exemptions: Iterable[str] = ()) -> FeeRule:
    """The fee. Zero only where the source says "free" and is not unsure of it; otherwise unknown.

    The source repeats one list of exemptions, that of the civil-status law (Luật Hộ tịch, điều 11), in
    land and business rows as well; it is kept in civil-status rows only.
    """
    fee = row["fee"]
    civil_status = row["field"] == "Hộ tịch"
    central = fee["kind"] == "central"
    words = fee.get("rule") or ""
    if fee["kind"] == "provincial_council" and not civil_status:
        words = words.split(f"; {_EXEMPT}")[0]
    if words.startswith("Mức do HĐND"):
        words = words.replace(", nạp qua tệp danh mục", "")
    return FeeRule(
        code="PHI" if central and row["field"] != "Nuôi con nuôi" else "LP",
        name=_fee_name(row["field"], central),
        amount_vnd=_fee_amount(row),
        per=_FEE_PER.get(fee.get("unit", ""), "job" if central else "dossier"),
        rule=words,
        exemptions=tuple(curated_exemptions) or exemptions_in(words),
        first_pages=fee.get("first_pages"),
        next_page_vnd=fee.get("next_page_vnd"),
        cap_vnd=fee.get("cap_vnd"),
    )


def _fee_name(field: str, central: bool) -> str:
    if central and field == "Chứng thực":
        return "Phí chứng thực"
    if central and field == "Hộ tịch":
        return "Phí hộ tịch"
    return "Lệ phí"


def _fee_amount(row: Mapping[str, Any]) -> int | None:
    fee = row["fee"]
    if fee["kind"] == "free":
        sure = (row.get("confidence_detail") or {}).get("fee") != "unsure"
        return 0 if sure else None
    amount = fee.get("amount_vnd")
    return int(amount) if amount else None


def exemptions_in(words: str) -> tuple[str, ...]:
    """The exemptions a fee's rule lists after "miễn:"."""
    _, mark, tail = words.partition(_EXEMPT)
    if not mark:
        return ()
    return tuple(part.strip() for part in tail.split(";" if ";" in tail else ",") if part.strip())


def build_component(row: Mapping[str, Any], shorts: Mapping[str, str]) -> ComponentRule:
    """One paper. What the program can know by itself is marked, so that nobody is asked for it."""
    condition = row.get("condition") or ""
    return ComponentRule(
        id=row["id"],
        name=row["name"],
        kind=ComponentKind(row["kind"]),
        mandatory=Mandatory(row["mandatory"]),
        originals=row["originals"],
        copies=row["copies"],
        national_code=row.get("national_code") or "",
        group=row.get("one_of_group"),
        condition=condition,
        known_by=_known_by(row["id"], row["mandatory"], condition),
        reuse_source=row.get("reuse_source") or "",
        short_name=shorts.get(row["name"], ""),
    )


def _known_by(identifier: str, mandatory: str, condition: str) -> Fact | None:
    if mandatory == "yes" and condition.startswith(_PAPER_CHANNEL):
        return Fact.PAPER_CHANNEL
    return Fact.BY_PROXY if identifier == _PROXY_ID and mandatory == "conditional" else None


# -- rows of the index -------------------------------------------------------------------------------


def build_index(source: Mapping[str, Any], full: Iterable[str]) -> list[ProcedureVersion]:
    """Commune-level rows, national or of our province, that are in force and have no full record."""
    known = set(full)
    rows = [row for row in source["procedures"] if _offered(row) and row["code"] not in known]
    return [build_index_row(row) for row in sorted(rows, key=lambda row: str(row["code"]))]


def _offered(row: Mapping[str, Any]) -> bool:
    ours = row["scope"] in (NATIONAL, OWN_PROVINCE)
    return row["group"] == "xa" and ours and row["status"] != "replaced" and not row.get("replaced_by")


def build_index_row(row: Mapping[str, Any]) -> ProcedureVersion:
    """A row known by name: a term by hand and a free list of papers at reception."""
    name = _tidy(row["name"])
    term = row.get("time")
    limits = (TimeLimit(term["qty"], TimeUnit(term["unit"])),) if term else ()
    return ProcedureVersion(
        code=row["code"],
        version=1,
        name=name,
        short_name=short_name(name),
        field=row["field"],
        effective_from=EFFECTIVE_FROM,
        field_code=row.get("field_code") or "",
        time_limits=limits,
        detail=Detail.INDEX,
        source="toàn quốc" if row["scope"] == NATIONAL else row["scope"],
    )


def short_name(name: str) -> str:
    """The name without the word "Thủ tục" and, where the portal shouts, in small letters."""
    quiet = name.lower() if name.isupper() or name.split("(")[0].isupper() else name
    for start in ("thủ tục hành chính ", "thủ tục "):
        if quiet.lower().startswith(start):
            quiet = quiet[len(start) :]
            break
    return quiet[:1].upper() + quiet[1:].rstrip(" .")


def _tidy(name: str) -> str:
    return " ".join(name.split())


# -- writing -----------------------------------------------------------------------------------------


def lines_of(head: Mapping[str, Any], versions: Iterable[ProcedureVersion]) -> str:
    """The file: one procedure a line, so that a change reads as one line."""
    rows = ",\n".join(_compact(procedure_to_json(version)) for version in versions)
    return _compact(head)[:-1] + ',"procedures":[\n' + rows + "\n]}\n"


def _compact(body: Mapping[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def main(arguments: list[str]) -> int:
    """Build both files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("procedures", type=Path)
    parser.add_argument("index", type=Path)
    parser.add_argument("--out", type=Path, default=ROOT / "resources" / "catalogue")
    options = parser.parse_args(arguments)
    source = yaml.safe_load(options.procedures.read_text(encoding="utf-8"))
    index = json.loads(options.index.read_text(encoding="utf-8"))
    curated = yaml.safe_load((options.out / "aliases.yaml").read_text(encoding="utf-8"))
    full = build_procedures(source, curated)
    rows = build_index(index, [version.code for version in full])
    head = {"schema_version": 1, "catalogue": source["catalogue"], "as_of": source["as_of"]}
    _write(options.out / "procedures.json", lines_of(head, full))
    head = {"schema_version": 1, "catalogue": "commune-index", "as_of": index["meta"]["made_on"]}
    _write(options.out / "index.json", lines_of(head, rows))
    print(f"{len(full)} procedures, {len(rows)} index rows")
    return 0


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
