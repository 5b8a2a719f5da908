"""Small shapes both generations share: texts, times, and a builder that collects what is missing. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from app.clock import VIETNAM
from app.province.national.reasons import Reason, Unmapped
from app.province.national.settings import Agency, Procedure, Settings
from app.province.problems import JsonObject

NAME_MAX: Final = 50
_MANY: Final = "0123456789"
_NATIONAL: Final = re.compile(r"[0-9A-Z.]+-[A-Z]+[0-9]+")
"""Codes of papers and results as the national catalogue writes them, ``000.00.00.G15-KQ003204``."""


def compact_time(moment: datetime | None) -> str:
    """``yyyyMMddHHmmss`` of Viet Nam, 24 hours, no offset; empty where there is none (NWF 7)."""
    return "" if moment is None else f"{moment.astimezone(VIETNAM):%Y%m%d%H%M%S}"


def spaced_time(moment: datetime | None) -> str:
    """``yyyy-MM-dd HH:mm:ss``, as the 2026 interface writes a dossier's times."""
    return "" if moment is None else f"{moment.astimezone(VIETNAM):%Y-%m-%d %H:%M:%S}"


def exact_time(moment: datetime | None) -> str:
    """``yyyy-MM-ddTHH:mm:ss.fff``, as the 2026 interface writes a step's times."""
    if moment is None:
        return ""
    local = moment.astimezone(VIETNAM)
    return f"{local:%Y-%m-%dT%H:%M:%S}.{local.microsecond // 1000:03d}"


def clean(text: str | None, longest: int | None = None) -> str:
    """Composed letters (NFC), no signs that cannot be shown, cut to the receiver's known length."""
    composed = unicodedata.normalize("NFC", text or "")
    shown = "".join(each if each.isprintable() else " " for each in composed)
    whole = " ".join(shown.split())
    return whole if longest is None else whole[:longest]


@dataclass
class Builder:
    """Looks things up and remembers what is missing, so that the operator sees everything at once."""

    settings: Settings
    missing: list[Reason] = field(default_factory=list)

    def miss(self, code: str, place: str = "") -> str:
        """Note something that is missing; the place stays empty."""
        self.missing.append(Reason(code, place))
        return ""

    def code(self, list_name: str, name: object) -> str:
        """The portal's value of one of our names."""
        found = self.settings.codes.find(list_name, str(name))
        if isinstance(found, Reason):
            self.missing.append(found)
            return ""
        return found.code

    def catalogue_code(self, list_name: str, code: str) -> str:
        """A national catalogue's code: as it is, or by the province's list; a desk's own word is none."""
        if _NATIONAL.fullmatch(code):
            return code
        found = self.settings.codes.find(list_name, code)
        return "" if isinstance(found, Reason) else found.code

    def required(self, name: str, text: str) -> str:
        """A text that must not be empty."""
        return text or self.miss("blank", name)

    def procedure(self, code: str) -> Procedure:
        """The procedure as the national catalogue names it."""
        found = self.settings.procedures.get(code)
        if found is None:
            self.miss("procedure", code)
            return Procedure()
        return found

    def procedure_part(self, code: str, procedure: Procedure, name: str) -> str:
        """One part of a mapped procedure."""
        value = clean(str(getattr(procedure, name)))
        if not value and code in self.settings.procedures:
            self.miss("procedure-part", code)
        return value

    def agency(self, unit_code: str) -> Agency:
        """The unit as the portal names it."""
        found = self.settings.agencies.get(unit_code)
        if found is None or not found.code or not found.name:
            self.miss("agency", unit_code)
            return Agency()
        return found

    def number(self, code: str, filing: JsonObject) -> str:
        """The dossier number at the portal: its own where the dossier was filed there, else ours."""
        if filing["filed_via"] == "national_portal":
            return filing.get("portal_dossier_code") or self.miss("portal-number")
        prefixes = self.settings.province.number_prefixes
        if not prefixes:
            return self.miss("setting", "province.number_prefixes")
        if not any(code == each or code.startswith((f"{each}.", f"{each}-")) for each in prefixes):
            return self.miss("number")
        return code

    def file_address(self, unit_code: str, sha256: str) -> str:
        """Where the portal fetches a file."""
        pattern = self.settings.province.documents_url
        if "{sha256}" not in pattern or not pattern.isascii():
            return self.miss("file-address")
        return pattern.replace("{sha256}", sha256).replace("{unit}", unit_code)


@contextmanager
def building(settings: Settings) -> Iterator[Builder]:
    """A builder. Raises ``Unmapped`` at the end where anything was missing."""
    builder = Builder(settings)
    yield builder
    if builder.missing:
        raise Unmapped(builder.missing)


def has_digits(text: str, count: int) -> bool:
    """Whether a text is exactly so many plain digits."""
    return len(text) == count and not text.strip(_MANY)
