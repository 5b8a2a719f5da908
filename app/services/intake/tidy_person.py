"""A person's fields made fit to store: tidied where certain, refused beside the field, never guessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from app.domain.people import Address, IdKind, Person
from app.domain.personal_id import require_id_value
from app.domain.phone import normalise_phone
from app.domain.unit_address import present_of
from app.domain.units import UnitIndex
from app.domain.vietnamese import check_name, require_text, tidy_name
from app.errors import RuleError
from app.text import t

LONGEST_ADDRESS = 500
LONGEST_NAME = 300
"""What the wire carries (province-api.v1, Person)."""
OLDEST = date(1900, 1, 1)


def tidy_person(units: UnitIndex, person: Person, today: date, prefix: str) -> Person:
    """The person as stored. ``prefix`` names the person in ``field`` ("" for the owner).

    Raises ``RuleError`` with the field: name, id_value, birth_date, phone, email, address.
    """
    id_kind, id_value = person.id_kind, person.id_value
    if not (id_value or "").strip():
        id_kind, id_value = IdKind.NONE, None
    if id_kind is not IdKind.NONE and id_value is not None:
        id_value = require_id_value(id_kind, id_value, prefix + "id_value")
    return replace(
        person,
        name=_name(person.name, prefix),
        id_kind=id_kind,
        id_value=id_value,
        birth_date=_birth(person.birth_date, today, prefix),
        phone=_phone(person.phone, prefix),
        email=_email(person.email, prefix),
        nationality=require_text(person.nationality, prefix + "nationality") if person.nationality else None,
        address=_address(units, person.address, person.issue_date, prefix),
    )


def _name(value: str, prefix: str) -> str:
    name = tidy_name(check_name(value, prefix + "name"))
    if len(name) > LONGEST_NAME:
        raise RuleError(
            "name-long",
            t("Họ tên dài quá {most} ký tự nên tỉnh sẽ không nhận.").format(most=LONGEST_NAME),
            t("Gõ họ tên như trên giấy tờ, không kèm ghi chú."),
            field=prefix + "name",
        )
    return name


def _birth(value: date | None, today: date, prefix: str) -> date | None:
    if value is not None and not OLDEST <= value <= today:
        raise RuleError(
            "birth-date-range",
            t("Ngày sinh phải từ năm 1900 đến hôm nay."),
            t("Gõ lại ngày sinh, ví dụ 14081998."),
            field=prefix + "birth_date",
        )
    return value


def _phone(value: str | None, prefix: str) -> str | None:
    text = require_text(value or "", prefix + "phone")
    return normalise_phone(text, prefix + "phone") if text else None


def _email(value: str | None, prefix: str) -> str | None:
    text = require_text(value or "", prefix + "email")
    if not text:
        return None
    name, _, host = text.partition("@")
    if not name or "." not in host or " " in text or len(text) > 200:
        raise RuleError(
            "email-shape",
            t("Địa chỉ email chưa đúng."),
            t("Gõ lại, ví dụ ten@vidu.vn, hoặc để trống."),
            field=prefix + "email",
        )
    return text


def _address(units: UnitIndex, address: Address, issued: date | None, prefix: str) -> Address:
    written = require_text(address.as_written, prefix + "address")
    detail = require_text(address.detail, prefix + "address")
    if max(len(written), len(detail)) > LONGEST_ADDRESS:
        raise RuleError(
            "address-long",
            t("Địa chỉ dài quá 500 ký tự."),
            t("Rút gọn địa chỉ."),
            field=prefix + "address",
        )
    tidy = replace(address, as_written=written, detail=detail)
    if tidy.commune_code is None and written:
        match = present_of(units, written, issued=issued)
        if match.unit is not None and not match.doubtful:
            return replace(tidy, commune_code=match.unit.code, province_code=match.unit.province_code)
    return tidy
