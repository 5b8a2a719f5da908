"""Who a dossier is for, from a card's text or from a small JSON file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from app.cli.commands.options import given_file
from app.domain.citizen_qr import CitizenCard, parse_citizen_qr
from app.domain.people import Address, IdKind, Person, Sex
from app.errors import RuleError, UsageError
from app.text import t

MEMBERS = ("name", "id_kind", "id_value", "birth_date", "sex", "address", "nationality")


def read_card(text: str, today: date) -> tuple[Person, CitizenCard]:
    """The person a card names, and the card with its warnings."""
    card = parse_citizen_qr(text, today)
    person = Person(
        name=card.name,
        id_kind=IdKind.PERSONAL_NUMBER,
        id_value=card.personal_id,
        old_id=card.old_id,
        birth_date=card.birth_date,
        sex=card.sex,
        address=Address(as_written=card.address),
        issue_date=card.issue_date,
    )
    return person, card


def read_person(path: Path) -> Person:
    """The person of F.json (CONTRACT ``receive``): all but the name may be ``null`` or left out.

    Raises ``UsageError`` "person-file" for a file that is no such object, ``RuleError`` naming the member.
    """
    try:
        document = json.loads(given_file(path, "person").decode("utf-8-sig"))
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict) or not set(document) <= set(MEMBERS):
        raise UsageError(
            "person-file",
            t("Tệp người nộp chưa đúng mẫu."),
            t("Tệp là một đối tượng JSON chỉ gồm: {members}.").format(members=", ".join(MEMBERS)),
            field="person",
        )
    return Person(
        name=_text(document, "name") or "",
        id_kind=_id_kind(document),
        id_value=_text(document, "id_value"),
        birth_date=_day(document, "birth_date"),
        sex=_sex(document),
        address=Address(as_written=_text(document, "address") or ""),
        nationality=_text(document, "nationality"),
    )


def _text(document: Mapping[str, Any], name: str) -> str | None:
    value = document.get(name)
    if value is None or isinstance(value, str):
        return value
    raise _wrong(name, t("Giá trị này phải là chữ."), t("Ghi trong dấu ngoặc kép, hoặc để null."))


def _id_kind(document: Mapping[str, Any]) -> IdKind:
    text = _text(document, "id_kind")
    if text is None and not _text(document, "id_value"):
        return IdKind.NONE
    if text not in set(IdKind):
        kinds = ", ".join(kind.value for kind in IdKind)
        raise _wrong("id_kind", t("Chưa rõ loại giấy tờ."), t("Ghi một trong: {kinds}.").format(kinds=kinds))
    return IdKind(text)


def _sex(document: Mapping[str, Any]) -> Sex | None:
    text = _text(document, "sex")
    if text is None:
        return None
    if text not in set(Sex):
        raise _wrong("sex", t("Chưa rõ giới tính."), t("Ghi male, female hoặc null."))
    return Sex(text)


def _day(document: Mapping[str, Any], name: str) -> date | None:
    text = _text(document, name)
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise _wrong(
            name, t("Không có ngày này."), t("Ghi năm-tháng-ngày, ví dụ 1998-08-14, hoặc null.")
        ) from None


def _wrong(name: str, title: str, next_step: str) -> RuleError:
    return RuleError("person-value", title, next_step, field=name)
