"""People as the counter records them: identity, address, contact."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Sex(StrEnum):
    """Sex as on the identity card."""

    MALE = "male"
    FEMALE = "female"


class IdKind(StrEnum):
    """What the identity number is (DOMAIN §6). ``NONE``: a child or foreigner without a number."""

    PERSONAL_NUMBER = "personal_number"
    ID_CARD_9 = "id_card_9"
    PASSPORT = "passport"
    NONE = "none"


@dataclass(frozen=True)
class Address:
    """Where a person lives.

    ``as_written`` is the text as card or citizen gave it and is never altered; the codes name the
    present two-level units and stay ``None`` where the present commune is not certain.
    """

    as_written: str = ""
    detail: str = ""
    commune_code: str | None = None
    province_code: str | None = None


@dataclass(frozen=True)
class Person:
    """One natural person. Only the name must be known; a name may be a single word."""

    name: str
    id_kind: IdKind = IdKind.NONE
    id_value: str | None = None
    birth_date: date | None = None
    sex: Sex | None = None
    address: Address = Address()
    nationality: str | None = None
    phone: str | None = None
    email: str | None = None
    old_id: str | None = None
    issue_date: date | None = None
