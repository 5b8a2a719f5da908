"""The province's own file: where the portal is, and what our codes are called there.

Nothing in it is guessed: what is left empty holds the dossiers that need it. Secrets are not in it, only
the names of the files they are in.
"""

from __future__ import annotations

import os
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from app.errors import UsageError
from app.protocol.canonical import digest_hex
from app.protocol.hosts import is_loopback
from app.province.national.codes import Codes, load_codes
from app.text import t

GENERATIONS: Final = ("g2", "g3")
KEY_VARIABLE: Final = "MOTCUA_NATIONAL_KEY"
SECRET_VARIABLE: Final = "MOTCUA_NATIONAL_SECRET"
_MAX_BYTES: Final = 8 * 1024 * 1024


@dataclass(frozen=True)
class LineSettings:
    """Where the portal is. ``settle_s``: how long an answer that never came may still take effect."""

    url: str
    token_url: str
    key_file: str = ""
    secret_file: str = ""
    ca_file: str = ""
    connect_s: float = 10.0
    stall_s: float = 60.0
    settle_s: float = 120.0


@dataclass(frozen=True)
class ProvinceSettings:
    """What only the province can say; empty means not said.

    ``since``: a day (YYYY-MM-DD); dossiers received earlier went another way and are left alone.
    """

    since: str = ""
    number_prefixes: tuple[str, ...] = ()
    documents_url: str = ""
    steps_repeat: str = ""
    lookup_path: str = ""
    lookup_steps: str = ""
    without_identity: str = "hold"


@dataclass(frozen=True)
class G3Settings:
    """Paths and success codes of the 2026 interface, none of which is public."""

    number_path: str = ""
    upload_path: str = ""
    create_path: str = ""
    progress_path: str = ""
    status_path: str = ""
    success_codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Procedure:
    """A procedure as the national catalogue names it."""

    code: str = ""
    name: str = ""
    field_code: str = ""
    field_name: str = ""
    service_code: str = ""


@dataclass(frozen=True)
class Agency:
    """A unit as the portal names it."""

    code: str = ""
    name: str = ""


@dataclass(frozen=True)
class Settings:
    """One file, read. ``digest`` changes with anything that could free a held dossier."""

    generation: str
    line: LineSettings
    province: ProvinceSettings
    g3: G3Settings
    codes: Codes
    digest: str
    procedures: Mapping[str, Procedure] = field(default_factory=dict)
    agencies: Mapping[str, Agency] = field(default_factory=dict)


def load_settings(path: Path) -> Settings:
    """The file of the province. Raises ``UsageError`` (field ``national``) for one that cannot be used."""
    try:
        raw = path.read_bytes()
        if len(raw) > _MAX_BYTES:
            raise ValueError("too large")
        told = tomllib.loads(raw.decode("utf-8"))
        settings = _settings(told)
    except (OSError, ValueError, TypeError, AttributeError) as failure:
        raise UsageError(
            "national-file",
            t("Không đọc được tệp cấu hình nối Cổng quốc gia."),
            t("Kiểm tra đường dẫn và cách viết theo mẫu province-template.toml rồi chạy lại."),
            field="national",
        ) from failure
    for url in (settings.line.url, settings.line.token_url):
        _require_secure(url)
    return settings


def read_secrets(line: LineSettings) -> tuple[str, str]:
    """(Key, secret) from the variables or the files.

    Raises ``UsageError`` where there is none, or where others than the service could read the file.
    """
    return (
        os.environ.get(KEY_VARIABLE) or _secret_file(line.key_file),
        os.environ.get(SECRET_VARIABLE) or _secret_file(line.secret_file),
    )


def _settings(told: Mapping[str, Any]) -> Settings:
    generation = told.get("generation")
    if generation not in GENERATIONS:
        raise ValueError("unknown generation")
    repeat = told.get("province", {}).get("steps_repeat", "")
    if repeat not in ("", "merged", "doubled"):
        raise ValueError("steps_repeat")
    return Settings(
        generation=generation,
        line=_filled(LineSettings, told.get("line", {})),
        province=_filled(ProvinceSettings, told.get("province", {})),
        g3=_filled(G3Settings, told.get("g3", {})),
        codes=load_codes(generation, told.get("codes", {})),
        digest=digest_hex({name: value for name, value in told.items() if name != "line"}),
        procedures={code: _filled(Procedure, each) for code, each in told.get("procedures", {}).items()},
        agencies={code: _filled(Agency, each) for code, each in told.get("agencies", {}).items()},
    )


def _filled(kind: Any, told: Mapping[str, Any]) -> Any:
    """A settings object; unknown names are refused, so that a typing error is seen."""
    return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in told.items()})


def _require_secure(url: str) -> None:
    parts = urlsplit(url)
    safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
    if not safe or not parts.hostname or parts.query or parts.fragment or "@" in url:
        raise UsageError(
            "national-address",
            t("Địa chỉ Cổng quốc gia trong tệp cấu hình chưa dùng được."),
            t("Ghi đủ url và token_url, bắt đầu bằng https://"),
            field="national",
        )


def _secret_file(name: str) -> str:
    try:
        path = Path(name)
        mode = path.stat().st_mode
        secret = path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        secret, mode = "", 0
    if not name or not secret:
        raise UsageError(
            "national-secret",
            t("Chưa có khóa hoặc mật mã để vào trục kết nối của tỉnh."),
            t("Khai key_file và secret_file, hoặc đặt hai biến môi trường như hướng dẫn ở docs/national.md."),
            field="national",
        )
    if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise UsageError(
            "national-secret-open",
            t("Tệp khóa của trục kết nối đang để người khác trên máy đọc được nên chưa dùng."),
            t("Đặt quyền chỉ cho tài khoản chạy cổng (chmod 600) rồi chạy lại."),
            field="national",
        )
    return secret
