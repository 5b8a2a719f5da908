"""What the province's file lacks, told before dossiers are held for it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, select

from app.province.national.codes import Code
from app.province.national.reasons import Reason
from app.province.national.settings import Settings
from app.province.problems import JsonObject
from app.province.tables import dossiers
from app.text import t

_PARTS: Final = ("code", "name", "field_code", "field_name")
_G3_PATHS: Final = (
    "number_path",
    "upload_path",
    "create_path",
    "progress_path",
    "status_path",
    "success_codes",
)


def check(settings: Settings, db: Connection | None) -> JsonObject:
    """``ready`` where nothing known is missing; ``missing`` and ``unsure`` in words."""
    missing: Counter[Reason] = Counter(_own(settings))
    if db is not None:
        missing += _of_dossiers(settings, db)
    lines = [
        {"code": each.code, "place": each.place, "words": each.words(), "dossiers": count}
        for each, count in sorted(missing.items())
    ]
    return {
        "generation": settings.generation,
        "ready": not missing,
        "missing": lines,
        "unsure": [_unsure(code) for code in settings.codes.unsure()],
        "notes": list(_notes(settings)),
    }


def _own(settings: Settings) -> Iterator[Reason]:
    """Gaps that need no dossier to be seen."""
    if not settings.province.number_prefixes and settings.generation == "g2":
        yield Reason("setting", "province.number_prefixes")
    if settings.generation == "g2" and not settings.province.documents_url:
        yield Reason("file-address")
    if settings.generation == "g3":
        for name in _G3_PATHS:
            if not getattr(settings.g3, name):
                yield Reason("setting", f"g3.{name}")
    for code, procedure in settings.procedures.items():
        if not all(getattr(procedure, part) for part in _PARTS):
            yield Reason("procedure-part", code)
    for code, agency in settings.agencies.items():
        if not agency.code or not agency.name:
            yield Reason("agency", code)


def _of_dossiers(settings: Settings, db: Connection) -> Counter[Reason]:
    """Gaps the dossiers in the store would meet, with how many would."""
    found: Counter[Reason] = Counter()
    rows = db.execute(select(dossiers.c.received, dossiers.c.custodian_code).where(dossiers.c.status != 1))
    for row in rows.yield_per(500):
        filing = json.loads(row.received)
        procedure = filing["procedure"]["code"]
        if procedure not in settings.procedures:
            found[Reason("procedure", procedure)] += 1
        if row.custodian_code not in settings.agencies:
            found[Reason("agency", row.custodian_code)] += 1
        for name in filing["consulted_databases"]:
            code = settings.codes.find("database", name)
            if isinstance(code, Reason) and settings.generation == "g2":
                found[code] += 1
    return found


def _notes(settings: Settings) -> Iterator[str]:
    province = settings.province
    if not province.steps_repeat and not (province.lookup_path and province.lookup_steps):
        yield t(
            "Chưa biết Cổng quốc gia xử lý bước gửi lặp thế nào và chưa có dịch vụ tra cứu: "
            "khi mất câu trả lời, hồ sơ sẽ được giữ lại chờ người vận hành xem trên Cổng."
        )


def _unsure(code: Code) -> JsonObject:
    return {"list": code.list_name, "name": code.name, "code": code.code, "mark": code.mark}
