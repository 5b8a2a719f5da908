"""Dated terms of ``resources/privacy`` with what the office has set over them: one row of the audit each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection

from app.clock import VIETNAM
from app.domain.account_help import DEFAULT_RETENTION_MONTHS
from app.domain.privacy import How, Term, Terms, Unit, read_term, terms_on
from app.domain.roles import Officer
from app.domain.vietnamese import require_text
from app.errors import RuleError
from app.resources import resource
from app.services.desk import Desk, read_setting, write_setting
from app.services.help.consent import RETENTION_SETTING
from app.services.office_settings import require_office
from app.services.recording import Recorder
from app.text import t

SETTING: Final = "privacy_terms"
HELP: Final = "help_cases"
LONGEST_BASIS: Final = 300
_ANSWER_UNITS = (Unit.DAYS, Unit.WORKING_DAYS)
_KEEP_UNITS = (Unit.DAYS, Unit.MONTHS)


def terms(desk: Desk) -> Terms:
    """The terms that hold today."""
    with desk.store.read() as connection:
        return terms_within(connection, desk)


def terms_within(connection: Connection, desk: Desk) -> Terms:
    """The same inside another act."""
    own = read_setting(connection, SETTING)
    kept: dict[str, Any] = dict(own) if isinstance(own, dict) else {}
    months = read_setting(connection, RETENTION_SETTING)
    if isinstance(months, int) and HELP in kept:
        kept[HELP] = {**kept[HELP], "count": months, "unit": Unit.MONTHS.value}
    return terms_on(_document(), desk.clock.now().astimezone(VIETNAM).date(), kept)


def set_term(desk: Desk, by: Officer, kind: str, count: int, unit: str, basis: str) -> Terms:
    """The office's own term with the basis it was read in. What is past the new term goes at the next run.

    Raises ``RuleError`` "not-permitted", "term-unknown" (field ``kind``), "term-range" (field ``term``),
    "basis-missing", "basis-long" (field ``basis``).
    """
    require_office(by)
    term = read_term(count, unit)
    words = _basis(basis)
    with desk.store.write() as connection:
        _require_settable(terms_within(connection, desk), kind, term)
        own = read_setting(connection, SETTING)
        kept = dict(own) if isinstance(own, dict) else {}
        kept[kind] = {"count": term.count, "unit": term.unit.value, "basis": words}
        write_setting(connection, SETTING, kept)
        if kind == HELP:
            write_setting(connection, RETENTION_SETTING, term.count)
        Recorder(connection, desk, by, desk.clock.now()).audit("set_term", "term", kind, ("term", "basis"))
        return terms_within(connection, desk)


def unset_term(desk: Desk, by: Officer, kind: str) -> Terms:
    """Back to what the program ships. Raises ``RuleError`` "not-permitted", "term-unknown"."""
    require_office(by)
    with desk.store.write() as connection:
        _require_settable(terms_within(connection, desk), kind, None)
        own = read_setting(connection, SETTING)
        kept = dict(own) if isinstance(own, dict) else {}
        kept.pop(kind, None)
        write_setting(connection, SETTING, kept)
        if kind == HELP:
            write_setting(connection, RETENTION_SETTING, DEFAULT_RETENTION_MONTHS)
        Recorder(connection, desk, by, desk.clock.now()).audit("set_term", "term", kind, ("term",))
        return terms_within(connection, desk)


def _require_settable(now: Terms, kind: str, term: Term | None) -> None:
    kept = {each.id for each in now.keep if each.how is How.RUN}
    answered = {each.id for each in now.answer}
    if kind not in kept | answered:
        raise RuleError(
            "term-unknown",
            t("Loại dữ liệu này không đặt thời hạn ở đây."),
            t("Chọn một dòng trong bảng thời hạn; hồ sơ và nhật ký không tự xóa."),
            field="kind",
        )
    units = _ANSWER_UNITS if kind in answered else (Unit.MONTHS,) if kind == HELP else _KEEP_UNITS
    if term is not None and term.unit not in units:
        raise RuleError(
            "term-range",
            t("Thời hạn này không tính theo đơn vị đã chọn."),
            t("Chọn đơn vị khác."),
            field="term",
        )
    if term is not None and kind == HELP and term.count > 120:
        raise RuleError("term-range", t("Tối đa 120 tháng."), t("Gõ số nhỏ hơn."), field="term")


def _basis(text: str) -> str:
    words = require_text(text, "basis")
    if not words:
        raise RuleError(
            "basis-missing",
            t("Chưa ghi căn cứ của thời hạn."),
            t("Ghi số văn bản và điều đã đọc, hoặc quyết định của cơ quan."),
            field="basis",
        )
    if len(words) > LONGEST_BASIS:
        raise RuleError("basis-long", t("Căn cứ dài quá 300 ký tự."), t("Rút gọn căn cứ."), field="basis")
    return words


@cache
def _document() -> list[Mapping[str, Any]]:
    body: list[Mapping[str, Any]] = json.loads(resource("privacy", "terms.json").read_text("utf-8"))
    return body
