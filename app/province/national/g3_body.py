"""A dossier as the 2026 creation interface takes it (NWF 11; one source). Numbers are numbers here. Pure.

The e-form stays empty: what its members are called has not been published. A file is named by the id and the
hash the portal gave it when it was uploaded.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from app.province.national.adapter import Memory
from app.province.national.record import Record, Step
from app.province.national.settings import Settings
from app.province.national.wording import (
    NAME_MAX,
    Builder,
    building,
    clean,
    exact_time,
    has_digits,
    spaced_time,
)
from app.province.problems import JsonObject

_WITH_LISTS: Final = frozenset({5, 6, 9})
_DIGITS: Final = {"personal_number": 12, "id_card_9": 9}


def create_body(record: Record, memory: Memory, settings: Settings) -> JsonObject:
    """The dossier as it is created. Raises ``Unmapped``."""
    filing = record.filing
    code = filing["procedure"]["code"]
    with building(settings) as build:
        procedure = build.procedure(code)
        return {
            "MaHoSo": number_of(record, memory),
            "MaTTHC": build.procedure_part(code, procedure, "code"),
            "MaDichVuCong": build.procedure_part(code, procedure, "service_code"),
            "ChuHoSo": build.required("ChuHoSo", clean(filing["owner"]["full_name"])),
            "LoaiDoiTuong": _number(build.code("party", filing["owner"]["kind"])),
            "MaDonViTiepNhan": build.agency(record.unit_code).code,
            "NgayNop": spaced_time(record.submitted_at),
            "NgayTiepNhan": spaced_time(record.accepted_at),
            "EformThongTinChiTiet": {},
            "ThanhPhanHoSo": [_paper(paper, memory, build) for paper in record.papers],
            "ThongTinNguoiNop": _filer(filing, build),
        }


def step_body(record: Record, step: Step, memory: Memory, settings: Settings) -> JsonObject:
    """One step. Raises ``Unmapped``."""
    with building(settings) as build:
        return {
            "IDHoSo": build.required("IDHoSo", memory.portal_id or ""),
            "MaHoSo": number_of(record, memory),
            "NguoiXuLy": build.required("NguoiXuLy", clean(step.officer, NAME_MAX)),
            "ThoiDiemXuLy": exact_time(step.at),
            "PhongBanXuLy": clean(step.department),
            "NoiDungXuLy": clean(step.text),
            "TrangThai": _number(build.code("status", step.status)),
            "NgayBatDau": exact_time(step.started_at),
            "NgayKetThucTheoQuyDinh": exact_time(step.due_at),
        }


def status_body(record: Record, memory: Memory, settings: Settings) -> JsonObject:
    """Where the dossier stands; fees and results only with the statuses that may carry them."""
    last = record.steps[-1]
    with building(settings) as build:
        body: JsonObject = {
            "IdHoSo": build.required("IdHoSo", memory.portal_id or ""),
            "MaHoSo": number_of(record, memory),
            "TrangThai": _number(build.code("status", record.status)),
            "NoiDungYKien": "",
            "PhongBanXuLy": clean(last.department),
            "NoiDungXuLy": clean(last.text),
        }
        if record.status in _WITH_LISTS:
            body["DanhSachLePhi"] = [_fee(fee, build) for fee in record.fees]
            body["DanhSachGiayToKetQua"] = [_result(result, memory, build) for result in record.results]
        return body


def files_of_creation(record: Record) -> Iterator[JsonObject]:
    """The files a creation names."""
    return (paper["file"] for paper in record.papers if paper.get("file"))


def files_of_status(record: Record) -> Iterator[JsonObject]:
    """The files a status names."""
    if record.status in _WITH_LISTS:
        yield from (result["file"] for result in record.results if result.get("file"))


def number_of(record: Record, memory: Memory) -> str:
    """The number at the portal: its own for what was filed there, else the one it issued."""
    return record.filing.get("portal_dossier_code") or memory.number or ""


def _paper(paper: JsonObject, memory: Memory, build: Builder) -> JsonObject:
    file = paper.get("file")
    return {
        "MaThanhPhanHoSo": build.catalogue_code("paper", paper["code"]),
        "TenThanhPhanHoSo": build.required("TenThanhPhanHoSo", clean(paper["name"])),
        "SoLuong": paper["quantity"],
        "LoaiBan": _number(build.code("copy_kind", paper["copy_kind"])),
        "GiayToDinhKem": [
            {
                **_file(file["sha256"], memory),
                "MaKetQua": paper.get("substitute_result_code") or "",
                "TenGiayTo": clean(paper["name"]),
            }
        ]
        if file
        else [],
    }


def _result(result: JsonObject, memory: Memory, build: Builder) -> JsonObject:
    file = result.get("file")
    code = build.catalogue_code("result", result["code"])
    if file and not code:
        build.miss("result-code", result["code"])
    told = {"TenGiayTo": clean(result["name"]), "MaGiayToKetQua": code}
    return {**told, **_file(file["sha256"], memory)} if file else told


def _file(sha256: str, memory: Memory) -> JsonObject:
    file_id, file_hash = memory.files.get(sha256, ("", ""))
    return {"IdGiayTo": file_id, "HashTepTin": file_hash}


def _fee(fee: JsonObject, build: Builder) -> JsonObject:
    return {
        "TenPhiLePhi": clean(fee["name"]),
        "MaPhiLePhi": build.catalogue_code("fee", fee["code"]),
        "HinhThucThu": _number(build.code("stage", fee["stage"])),
        "Gia": fee["amount_vnd"],
        "LoaiPhiLePhi": _number(build.code("fee_kind", fee["kind"])),
    }


def _filer(filing: JsonObject, build: Builder) -> JsonObject:
    owner = filing["owner"]
    filer = filing.get("submitter") or owner
    identity = _identity(filer)
    address, home = filer.get("address") or {}, owner.get("address") or {}
    number = identity["value"] if identity else build.miss("identity")
    return {
        "LoaiDoiTuong": _number(build.code("party", filer["kind"])),
        "IdDoiTuong": filer.get("portal_account_id") or "",
        "ThongTinChiTiet": {
            "TenNguoiNop": clean(filer["full_name"]),
            "SoDinhDanh": number,
            "NgayCapDinhDanh": _day(identity.get("issued_on") if identity else None),
            "NgaySinh": _day(filer.get("date_of_birth")),
            "SoDienThoai": clean(filer.get("phone")),
            "Email": clean(filer.get("email")),
            "Fax": "",
            "MaTinh": address.get("province_code") or "",
            "MaHuyen": "",
            "MaXa": address.get("commune_code") or "",
            "DiaChiChiTiet": clean(address.get("detail")),
            "TenChuHs": clean(owner["full_name"]),
            "SoDinhDanhChuHs": (_identity(owner) or {}).get("value", ""),
            "MaTinhChuHs": home.get("province_code") or "",
            "MaXaChuHs": home.get("commune_code") or "",
            "DiaChiChiTietChuHs": clean(home.get("detail")),
        },
    }


def _identity(party: JsonObject) -> JsonObject | None:
    """The party's number, where it has the length of its kind."""
    for each in party["identifiers"]:
        digits = _DIGITS.get(each["scheme"])
        if digits is not None and has_digits(each["value"], digits):
            found: JsonObject = each
            return found
    return None


def _day(text: str | None) -> str:
    """A whole day as the person block writes times; a year or a month alone stays unsaid."""
    digits = (text or "").replace("-", "")
    return f"{digits}000000" if has_digits(digits, 8) else ""


def _number(code: str) -> int | str:
    return int(code) if code else ""
