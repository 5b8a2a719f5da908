"""The five declarations to print: filled, with long content, and blank. ``SAMPLES`` by file name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime

from app.clock import VIETNAM
from app.domain.eform.checks import Surroundings
from app.domain.eform.filling import Filled, fill
from app.domain.eform.form import EForm
from app.domain.eform.paper import DeclarationPaper, declaration_paper
from app.domain.eform.reading import read_form
from app.domain.units import unit_index_from_json
from app.printing.declaration import draw_declaration
from app.resources import resource

MADE_AT = datetime(2026, 11, 23, 9, 5, tzinfo=VIETNAM)
DAY = date(2026, 11, 23)
FORMS = ("khai_sinh", "khai_tu", "ket_hon", "xac_nhan_tthn", "ban_sao_trich_luc")
HOME = "Thôn Nà Mẫu, xã Nà Hang, tỉnh Tuyên Quang"
CARD = {
    "kind": "can_cuoc",
    "number": "008198000000",
    "place": "Bộ Công an",
    "date": "2025-09-12",
}
END: Mapping[str, object] = {"cam_doan": True, "lam_tai": "Nà Hang", "ngay_lam": "2026-11-23"}
ASKER: Mapping[str, object] = {
    "kinh_gui": "Ủy ban nhân dân xã Nà Hang, tỉnh Tuyên Quang",
    "nyc_ho_ten": "Ma Thị Hường",
    "nyc_noi_cu_tru": HOME,
    "nyc_giay_to": CARD,
}
ANSWERS: Mapping[str, Mapping[str, object]] = {
    "khai_sinh": {
        **ASKER,
        "nyc_quan_he": "Mẹ",
        "con_ho_ten": "Hoàng Ma Ngọc Ánh",
        "con_ngay_sinh": "2026-11-02",
        "con_gioi_tinh": "Nữ",
        "con_dan_toc": "Tày",
        "con_quoc_tich": "Việt Nam",
        "con_noi_sinh": "Trung tâm Y tế Na Hang, xã Nà Hang, tỉnh Tuyên Quang",
        "con_que_quan": "xã Nà Hang, tỉnh Tuyên Quang",
        "so_giay_chung_sinh": "08001.GCS.00012.26",
        "me_nam_sinh": "1998-08-14",
        "me_dan_toc": "Tày",
        "me_quoc_tich": "Việt Nam",
        "cha_ho_ten": "Hoàng Văn Quyết",
        "cha_nam_sinh": "1994",
        "cha_dan_toc": "Tày",
        "cha_quoc_tich": "Việt Nam",
        "cha_noi_cu_tru": HOME,
        "cha_giay_to": {"kind": "can_cuoc", "number": "008094000111"},
        "ban_sao": True,
        "ban_sao_so_luong": 2,
        **END,
    },
    "khai_tu": {
        **ASKER,
        "nyc_quan_he": "Con",
        "nc_ho_ten": "Ma Văn Pẩu",
        "nc_ngay_sinh": "1941",
        "nc_gioi_tinh": "Nam",
        "nc_dan_toc": "Tày",
        "nc_quoc_tich": "Việt Nam",
        "nc_noi_cu_tru": HOME,
        "nc_giay_to": {"kind": "can_cuoc", "number": "008041000222"},
        "chet_luc_gio": "04:20",
        "chet_ngay": "2026-11-20",
        "noi_chet": HOME,
        "nguyen_nhan": "Tuổi già",
        "gbt_loai": "Giấy báo tử",
        "gbt_so": "12/GBT",
        "gbt_do": "Ủy ban nhân dân xã Nà Hang",
        "gbt_ngay": "2026-11-21",
        "ban_sao": False,
        **END,
    },
    "ket_hon": {
        "kinh_gui": "Ủy ban nhân dân xã Nà Hang, tỉnh Tuyên Quang",
        "nu_ho_ten": "Ma Thị Hường",
        "nu_ngay_sinh": "1998-08-14",
        "nu_dan_toc": "Tày",
        "nu_quoc_tich": "Việt Nam",
        "nu_noi_cu_tru": HOME,
        "nu_giay_to": CARD,
        "nu_lan_kh": 1,
        "nu_tinh_trang": {
            "result": "Chưa đăng ký kết hôn với ai",
            "source": "CSDL hộ tịch điện tử",
            "at": "23/11/2026 08:50",
            "by": "Lục Thị Yến",
        },
        "nam_ho_ten": "Hoàng Văn Quyết",
        "nam_ngay_sinh": "1994-02-03",
        "nam_dan_toc": "Dao",
        "nam_quoc_tich": "Việt Nam",
        "nam_noi_cu_tru": {
            "text": "xã Lâm Bình, tỉnh Tuyên Quang",
            "old": "Thị trấn Lăng Can, huyện Lâm Bình",
        },
        "nam_giay_to": {"kind": "can_cuoc", "number": "008094000111"},
        "nam_lan_kh": 1,
        "ban_sao": True,
        "ban_sao_so_luong": 1,
        **END,
    },
    "xac_nhan_tthn": {
        **ASKER,
        "nyc_quan_he": "Bản thân",
        "ndc_ngay_sinh": "1998-08-14",
        "ndc_gioi_tinh": "Nữ",
        "ndc_dan_toc": "Tày",
        "ndc_quoc_tich": "Việt Nam",
        "tinh_trang": "Đã ly hôn, chưa đăng ký kết hôn lại",
        "tt_can_cu": "Quyết định số 15/2024/QĐST-HNGĐ ngày 03/5/2024 của Tòa án nhân dân",
        "giai_doan_noi": "xã Lâm Bình, tỉnh Tuyên Quang",
        "tu_ngay": "2019-03-01",
        "den_ngay": "2023-12-31",
        "muc_dich": "Đăng ký kết hôn",
        "kh_voi_ai": "Hoàng Văn Quyết, sinh năm 1994, căn cước số 008094000111",
        "kh_noi": "Ủy ban nhân dân xã Nà Hang",
        **END,
    },
    "ban_sao_trich_luc": {
        **ASKER,
        "nyc_quan_he": "Bản thân",
        "loai": "Khai sinh",
        "nd_ngay_sinh": "1998-08-14",
        "nd_gioi_tinh": "Nữ",
        "nd_dan_toc": "Tày",
        "nd_quoc_tich": "Việt Nam",
        "da_dk_tai": "UBND xã Năng Khả, huyện Na Hang, tỉnh Tuyên Quang",
        "dk_ngay": "1998-09",
        "dk_so": "45",
        "so_luong": 3,
        **END,
    },
}


def form(form_id: str) -> EForm:
    """A declaration as shipped."""
    return read_form(resource("eforms", f"{form_id}.json").read_bytes())


def surroundings(day: date = DAY) -> Surroundings:
    """The made-up commune's own province."""
    units = json.loads(resource("units", "units-08.json").read_text("utf-8"))
    return Surroundings(day, unit_index_from_json(units), "02221")


def filled(form_id: str, answers: Mapping[str, object] | None = None) -> Filled:
    """A declaration with its sample answers, or others."""
    return fill(form(form_id), ANSWERS[form_id] if answers is None else answers, surroundings(), DAY)


def paper(form_id: str) -> DeclarationPaper:
    """The printed sample."""
    done = filled(form_id)
    done.require()
    return declaration_paper(done.form, done.answers)


def long_paper() -> DeclarationPaper:
    """Content that needs a second page."""
    words = "Thôn Nà Mẫu, cạnh nhà văn hóa thôn, đường liên xã đi Nà Hang, khu tái định cư số "
    longer = {
        field.id: f"{words} {number}, " * 3 + "xã Nà Hang, tỉnh Tuyên Quang"
        for number, field in enumerate(form("khai_sinh").fields)
        if field.type in ("address", "birthplace", "address_2level")
    }
    done = filled("khai_sinh", {**ANSWERS["khai_sinh"], **longer})
    return declaration_paper(done.form, done.answers)


def blank_paper(form_id: str) -> DeclarationPaper:
    """Every field left to a hand."""
    return declaration_paper(form(form_id), {})


SAMPLES: Mapping[str, DeclarationPaper] = {
    **{f"declaration-{each}": paper(each) for each in FORMS},
    **{f"declaration-{each}-blank": blank_paper(each) for each in FORMS},
    "declaration-khai_sinh-long": long_paper(),
}
"""What ``draw_sample`` draws, by file name."""


def draw_sample(name: str) -> bytes:
    """One sample as PDF; the same bytes each time."""
    return draw_declaration(SAMPLES[name], MADE_AT)
