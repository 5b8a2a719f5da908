"""A dossier and its steps as DongBoHoSoMC and CapNhatTienDoHoSoMC take them (NWF 4, 5; generation 2). Pure.

Every scalar is text, an empty optional value is ``""``; nothing is filled in that is not known.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from app.province.national.record import Record, Round, Step
from app.province.national.settings import Settings
from app.province.national.wording import NAME_MAX, Builder, building, clean, compact_time, has_digits
from app.province.problems import JsonObject

_ABSTRACT_MAX: Final = 1000
_PAPER_MAX: Final = 4000
_RESULT_MAX: Final = 2000
_DIGITS: Final = {"personal_number": 12, "id_card_9": 9}


def dossier_body(record: Record, settings: Settings) -> JsonObject:
    """One element of ``data``, the whole dossier. Raises ``Unmapped``."""
    with building(settings) as build:
        return {
            **_head(record, build),
            **_owner(record, build),
            **_times(record, build),
            **_facts(record, build),
            "TaiLieuNop": list(_papers(record, build)),
            "DanhSachLePhi": [_fee(fee, build) for fee in record.fees],
            "DanhSachTepDinhKemKhac": [],
            "DanhSachHoSoBoSung": [_round(record, each, build) for each in record.rounds],
            "DanhSachGiayToKetQua": [_result(record, each, build) for each in record.results],
        }


def step_body(record: Record, step: Step, settings: Settings) -> JsonObject:
    """One element of ``data`` of CapNhatTienDoHoSoMC. Raises ``Unmapped``."""
    with building(settings) as build:
        return {
            "MaHoSo": build.number(record.code, record.filing),
            "NguoiXuLy": build.required("NguoiXuLy", clean(step.officer, NAME_MAX)),
            "ChucDanh": clean(step.position),
            "ThoiDiemXuLy": compact_time(step.at),
            "PhongBanXuLy": clean(step.department),
            "NoiDungXuLy": clean(step.text),
            "TrangThai": build.code("status", step.status),
            "NgayBatDau": compact_time(step.started_at),
            "NgayKetThucTheoQuyDinh": compact_time(step.due_at),
        }


def _head(record: Record, build: Builder) -> JsonObject:
    filing = record.filing
    code = filing["procedure"]["code"]
    procedure = build.procedure(code)
    return {
        "MaHoSo": build.number(record.code, filing),
        "MaTTHC": build.procedure_part(code, procedure, "code"),
        "TenTTHC": build.procedure_part(code, procedure, "name"),
        "MaLinhVuc": build.procedure_part(code, procedure, "field_code"),
        "TenLinhVuc": build.procedure_part(code, procedure, "field_name"),
        "KenhThucHien": build.code("channel", filing["channel"]),
        "SoBienNhan": "",
        "TrichYeuHoSo": build.required("TrichYeuHoSo", clean(filing["abstract"], _ABSTRACT_MAX)),
    }


def _owner(record: Record, build: Builder) -> JsonObject:
    owner = record.filing["owner"]
    identities = _identities(owner, build)
    return {
        "ChuHoSo": build.required("ChuHoSo", clean(owner["full_name"])),
        "LoaiDoiTuong": build.code("party", owner["kind"]),
        "MaDoiTuong": owner.get("portal_account_id") or "",
        "SoGiayToChuHoSo": identities[0]["SoDinhDanh"] if identities else "",
        "DinhDanhCHS": identities,
        "ThongTinKhac": "",
        "Email": clean(owner.get("email")),
        "Fax": "",
        "SoDienThoai": clean(owner.get("phone")),
    }


def _identities(owner: JsonObject, build: Builder) -> list[JsonObject]:
    """The identity papers the portal has a code for; none of them: held, unless the province allows it."""
    held_before = len(build.missing)
    found = []
    for each in owner["identifiers"]:
        scheme, value = each["scheme"], clean(each["value"])
        if scheme in _DIGITS and not has_digits(value, _DIGITS[scheme]):
            build.miss("identity-shape")
        else:
            found.append({"LoaiDinhDanh": build.code("identifier", scheme), "SoDinhDanh": value})
    known = [each for each in found if each["LoaiDinhDanh"]]
    if known:
        del build.missing[held_before:]
    elif not owner["identifiers"] and build.settings.province.without_identity != "empty":
        build.miss("identity")
    return known


def _times(record: Record, build: Builder) -> JsonObject:
    filing = record.filing
    return {
        "NgayNopHoSo": compact_time(record.submitted_at),
        "NgayTiepNhan": compact_time(record.accepted_at),
        "NgayHenTra": compact_time(record.due_at),
        "NgayKetThucXuLy": compact_time(record.ended_at),
        "NgayTra": compact_time(record.returned_at),
        "NgayTuChoi": compact_time(record.refused_at),
        "TrangThaiHoSo": build.code("status", record.status),
        "HinhThuc": build.code("return_method", filing["return_method"]),
        "ThongTinTra": "",
        "DonViXuLy": clean(build.agency(record.custodian_code).name),
        "GhiChu": "",
        "NoiNopHoSo": build.code("filed_via", filing["filed_via"]),
    }


def _facts(record: Record, build: Builder) -> JsonObject:
    databases = [build.code("database", name) for name in record.filing["consulted_databases"]]
    return {
        "HoSoCoThanhPhanSoHoa": _flag(any(paper["digitised"] for paper in record.papers)),
        "TaiKhoanDuocXacThucVoiVNeID": _flag(record.filing["vneid_verified"]),
        "DuocThanhToanTrucTuyen": build.code("paid", record.paid),
        "DSKetNoiCSDL": [{"MaCSDL": code} for code in databases],
    }


def _papers(record: Record, build: Builder) -> Iterator[JsonObject]:
    for paper in record.papers:
        file = paper.get("file")
        removed = paper["component_id"] in record.removed
        yield {
            "TepDinhKemId": paper["component_id"],
            "TenTepDinhKem": build.required("TenTepDinhKem", clean(paper["name"], _PAPER_MAX)),
            "IsDeleted": "True" if removed else "False",
            "MaThanhPhanHoSo": build.catalogue_code("paper", paper["code"]),
            "DuongDanTaiTepTin": build.file_address(record.unit_code, file["sha256"]) if file else "",
            "DuocSoHoa": _flag(paper["digitised"]),
            "DuocTaiSuDung": build.code("reuse", paper["reuse"]),
            "DuocLayTuKhoDMQG": _flag(paper["from_national_store"]),
            "MaKetQuaThayThe": paper.get("substitute_result_code") or "",
        }


def _fee(fee: JsonObject, build: Builder) -> JsonObject:
    return {
        "TenPhiLePhi": clean(fee["name"]),
        "MaPhiLePhi": build.catalogue_code("fee", fee["code"]),
        "HinhThucThu": build.code("stage", fee["stage"]),
        "Gia": str(fee["amount_vnd"]),
        "LoaiPhiLePhi": build.code("fee_kind", fee["kind"]),
    }


def _round(record: Record, each: Round, build: Builder) -> JsonObject:
    """One supplement round. The last two lists' shapes were declared, never seen filled: papers as above."""
    return {
        "HoSoBoSungId": each.request_id,
        "NguoiYeuCauBoSung": clean(each.asked_by, NAME_MAX),
        "NoiDungBoSung": clean(each.content),
        "NgayBoSung": compact_time(each.asked_at),
        "NguoiTiepNhanBoSung": clean(each.received_by, NAME_MAX),
        "ThongTinTiepNhan": "",
        "NgayTiepNhanBoSung": compact_time(each.received_at),
        "TrangThaiBoSung": "",
        "DanhSachGiayToBoSung": [
            {
                "TenGiayTo": clean(paper["name"], _PAPER_MAX),
                "MaThanhPhanHoSo": build.catalogue_code("paper", paper["code"]),
            }
            for paper in each.papers
        ],
        "DanhSachLePhiBoSung": [],
        "NgayHenTraTruoc": compact_time(each.due_before),
        "NgayHenTraMoi": compact_time(each.due_after),
    }


def _result(record: Record, result: JsonObject, build: Builder) -> JsonObject:
    """A result paper; an electronic one needs its result code to count (NWF 4.2)."""
    file = result.get("file")
    code = build.catalogue_code("result", result["code"])
    if file and not code:
        build.miss("result-code", result["code"])
    return {
        "TenGiayTo": build.required("TenGiayTo", clean(result["name"], _RESULT_MAX)),
        "MaThanhPhanHoSo": "",
        "GiayToId": result["result_id"],
        "DuongDanTepTinKetQua": build.file_address(record.unit_code, file["sha256"]) if file else "",
        "MaGiayToKetQua": code,
    }


def _flag(value: object) -> str:
    return "1" if value else "0"
