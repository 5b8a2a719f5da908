"""Declarations of a stored dossier: prefilled, drafted, kept, printed, exported; a province's own form."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from app.clock import FixedClock
from app.domain.people import Address, IdKind, Person, Sex
from app.errors import NotFoundError, RuleError, StorageError
from app.models import counter_tables, tables
from app.resources import resource
from app.services.audit.verify import verify_audit
from app.services.desk import Desk
from app.services.eforms import declarations as eforms
from app.services.eforms.packages import import_eform
from app.services.eforms.shelf import shipped_forms
from app.services.finding.dossier_view import show_dossier
from app.services.intake.reception import receive_dossier
from app.services.papers.slips import kept_paper
from tests.printing import reading
from tests.support.desk import HUONG, MONDAY, birth, make_desk, officer

CHILD: dict[str, Any] = {
    "nyc_quan_he": "Mẹ",
    "con_ho_ten": "Hoàng Ma Ngọc Ánh",
    "con_ngay_sinh": "2/11/2026",
    "con_gioi_tinh": "Nữ",
    "con_dan_toc": "Tày",
    "con_noi_sinh": "Trung tâm Y tế Na Hang",
    "con_que_quan": "xã Nà Hang, tỉnh Tuyên Quang",
    "cam_doan": True,
}
STATUS: dict[str, Any] = {
    "nyc_quan_he": "Bản thân",
    "ndc_dan_toc": "Tày",
    "tinh_trang": "Chưa đăng ký kết hôn với ai",
    "muc_dich": "Vay vốn",
    "cam_doan": True,
}
QUYET = Person(
    "Hoàng Văn Quyết",
    IdKind.PERSONAL_NUMBER,
    "008094000111",
    sex=Sex.MALE,
    address=Address(as_written="xã Lâm Bình"),
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = make_desk(tmp_path)
    yield desk
    desk.close()


def received(desk: Desk, **changes: Any) -> str:
    """A dossier's number."""
    return receive_dossier(desk, officer(desk), birth(**changes)).number


def count(desk: Desk, table: Any) -> int:
    with desk.store.read() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def test_what_the_dossier_knows_is_not_asked_again(desk: Desk) -> None:
    known = eforms.prefill_eform(desk, officer(desk), received(desk), "khai_sinh")
    assert known["nyc_ho_ten"] == HUONG.name
    assert known["nyc_giay_to"] == {"kind": "can_cuoc", "number": "008198000000", "place": "", "date": ""}
    assert known["nyc_so_dinh_danh"] == "008198000000"
    assert known["kinh_gui"] == "Ủy ban nhân dân xã Nà Hang"
    assert known["lam_tai"] == "Nà Hang" and known["ngay_lam"] == "2026-11-23"
    assert known["con_quoc_tich"] == "Việt Nam" and known["ban_sao"] is False


def test_filled_is_kept_printed_and_recorded(desk: Desk) -> None:
    by, number = officer(desk), received(desk)
    events = count(desk, tables.event)
    done = eforms.fill_eform(desk, by, number, "khai_sinh", CHILD)
    assert done.answers["me_ho_ten"] == HUONG.name and done.paper.pages == 1
    words = reading.words(done.paper.pdf)
    assert "HOÀNG MA NGỌC ÁNH" in words and "DỮ LIỆU MẪU" in words
    assert kept_paper(desk, by, done.paper.job_id) == done.paper.pdf
    assert count(desk, tables.event) == events, "the declaration stays at the desk"
    history = show_dossier(desk, by, number).history
    assert [line.act for line in history][-2:] == ["eform", "print"]
    with desk.store.read() as connection:
        row = connection.execute(select(counter_tables.eform)).mappings().one()
        audit = (
            connection.execute(select(tables.audit).where(tables.audit.c.act == "fill_eform"))
            .mappings()
            .one()
        )
    assert row["finished"] and row["version"] == "1" and row["values"]["con_ngay_sinh"] == "2026-11-02"
    assert "con_ho_ten" in audit["fields"] and "Ánh" not in str(dict(audit))
    assert verify_audit(desk, officer(desk, "lanhdao")).ok


def test_again_changes_the_one_row_and_marks_the_paper(desk: Desk) -> None:
    by, number = officer(desk), received(desk)
    eforms.fill_eform(desk, by, number, "khai_sinh", CHILD)
    again = eforms.fill_eform(desk, by, number, "khai_sinh", {"con_ho_ten": "Hoàng Ngọc Ánh"})
    assert again.answers["con_noi_sinh"] == CHILD["con_noi_sinh"], "what was filled once stays"
    assert again.paper.copy_no == 2 and "In lại lần 1" in reading.words(again.paper.pdf)
    assert count(desk, counter_tables.eform) == 1


def test_what_lacks_is_named_and_nothing_kept(desk: Desk) -> None:
    by, number = officer(desk), received(desk)
    with pytest.raises(RuleError) as told:
        eforms.fill_eform(desk, by, number, "khai_sinh", {**CHILD, "cam_doan": False, "con_noi_sinh": ""})
    assert told.value.missing == ("con_noi_sinh", "cam_doan")
    with pytest.raises(RuleError) as told:
        eforms.fill_eform(desk, by, number, "khai_sinh", {**CHILD, "con_tuoi": 1})
    assert told.value.field == "con_tuoi"
    assert count(desk, counter_tables.eform) == 0 and count(desk, tables.print_job) == 0


def test_another_requester_brings_none_of_the_citizens_numbers(desk: Desk) -> None:
    given = {
        **CHILD,
        "nyc_quan_he": "Ông",
        "nyc_ho_ten": "Ma Văn Pẩu",
        "nyc_noi_cu_tru": "xã Nà Hang",
        "nyc_giay_to": "008041000222",
        "me_ho_ten": "Ma Thị Hường",
    }
    done = eforms.fill_eform(desk, officer(desk), received(desk), "khai_sinh", given)
    assert done.answers["nyc_so_dinh_danh"] == "008041000222"
    assert "008198000000" not in str(done.answers)


def test_an_earlier_declaration_of_the_citizen_completes_the_next(desk: Desk) -> None:
    by = officer(desk)
    card = "Căn cước 008198000000, do Bộ Công an cấp ngày 12/09/2025"
    eforms.fill_eform(desk, by, received(desk), "khai_sinh", {**CHILD, "nyc_giay_to": card})
    later = received(desk, procedure_code="1.004873")
    known = eforms.prefill_eform(desk, by, later, "xac_nhan_tthn")
    assert known["nyc_giay_to"]["place"] == "Bộ Công an"  # type: ignore[index,call-overload]
    stranger = received(desk, procedure_code="1.004873", owner=QUYET)
    assert "Bộ Công an" not in str(eforms.prefill_eform(desk, by, stranger, "xac_nhan_tthn"))


def test_both_sides_of_a_marriage_by_their_sex(desk: Desk) -> None:
    number = received(desk, procedure_code="1.000894", owner=HUONG, submitter=QUYET)
    known = eforms.prefill_eform(desk, officer(desk), number, "ket_hon")
    assert (known["nu_ho_ten"], known["nam_ho_ten"]) == ("Ma Thị Hường", "Hoàng Văn Quyết")
    assert known["nam_so_dinh_danh"] == "008094000111"


def test_a_form_of_another_procedure_is_told_not_refused(desk: Desk) -> None:
    done = eforms.fill_eform(desk, officer(desk), received(desk), "xac_nhan_tthn", STATUS)
    assert "eform-other-procedure" in [issue.code for issue in done.warnings]


def test_drafts_reopen_at_their_field_and_go_with_the_finish(desk: Desk) -> None:
    by, number = officer(desk), received(desk)
    opened = eforms.open_eform(desk, by, number, "khai_sinh")
    assert opened.draft_at is None and not opened.finished
    typed = {**opened.raw, "con_ho_ten": "Hoàng Ma", "con_ngay_sinh": "31/11/"}
    eforms.save_eform_draft(desk, by, opened, typed, "con_ngay_sinh")
    again = eforms.open_eform(desk, by, number, "khai_sinh")
    assert again.raw == typed and again.focus == "con_ngay_sinh" and again.draft_at == MONDAY
    other = eforms.open_eform(desk, officer(desk, "lanhdao"), number, "khai_sinh")
    assert other.draft_at is None, "a draft is its officer's"
    assert eforms.look_at(again, typed).refusals[0].field == "con_ngay_sinh"
    eforms.fill_eform(desk, by, number, "khai_sinh", {**typed, **CHILD}, seen=again)
    stored = eforms.open_eform(desk, by, number, "khai_sinh")
    assert stored.draft_at is None and stored.finished and stored.raw["con_ngay_sinh"] == "2026-11-02"


def test_two_officers_at_one_declaration(tmp_path: Path) -> None:
    clock = FixedClock(MONDAY)
    desk = make_desk(tmp_path, clock)
    by, other, number = officer(desk), officer(desk, "lanhdao"), received(desk)
    mine = eforms.open_eform(desk, by, number, "khai_sinh")
    theirs = eforms.open_eform(desk, other, number, "khai_sinh")
    first = eforms.fill_eform(desk, other, number, "khai_sinh", {**theirs.raw, **CHILD}, seen=theirs)
    clock.advance(timedelta(minutes=1))
    eforms.save_eform_draft(desk, by, mine, {**mine.raw, "con_ho_ten": "Ma Ánh"}, "con_ho_ten")
    with pytest.raises(RuleError, match="eform-changed"):
        eforms.fill_eform(desk, by, number, "khai_sinh", {**mine.raw, **CHILD}, seen=mine)
    again = eforms.open_eform(desk, by, number, "khai_sinh")
    assert again.saved_at == first.saved_at and again.raw["con_ho_ten"] == "Ma Ánh", "nothing typed is lost"
    eforms.fill_eform(desk, by, number, "khai_sinh", {**again.raw, **CHILD}, seen=again)
    with desk.store.read() as connection:
        assert "eform" in connection.execute(select(tables.audit.c.record_kind)).scalars().all()
    desk.close()


def test_offered_are_those_of_the_procedure_and_those_stored(desk: Desk) -> None:
    by, number = officer(desk), received(desk)
    assert [(each.form_id, each.finished) for each in eforms.offered_eforms(desk, by, number)] == [
        ("khai_sinh", False)
    ]
    eforms.fill_eform(desk, by, number, "xac_nhan_tthn", STATUS)
    offers = {each.form_id: each.finished for each in eforms.offered_eforms(desk, by, number)}
    assert offers == {"khai_sinh": False, "xac_nhan_tthn": True}


def test_export_is_the_data_and_is_noted(desk: Desk) -> None:
    by, number = officer(desk), received(desk)
    with pytest.raises(NotFoundError):
        eforms.export_eform(desk, by, number, "khai_sinh")
    eforms.fill_eform(desk, by, number, "khai_sinh", CHILD)
    data = eforms.export_eform(desk, by, number, "khai_sinh")
    assert data["number"] == number and data["version"] == "1"
    assert json.loads(json.dumps(data))["values"]["con_gioi_tinh"] == "Nữ"
    with desk.store.read() as connection:
        assert "export_eform" in connection.execute(select(tables.audit.c.act)).scalars().all()


def test_roles_decide(desk: Desk) -> None:
    number = received(desk)
    for act in (
        lambda by: eforms.fill_eform(desk, by, number, "khai_sinh", CHILD),
        lambda by: eforms.export_eform(desk, by, number, "khai_sinh"),
    ):
        with pytest.raises(RuleError, match="not-permitted"):
            act(officer(desk, "quantri"))
    with pytest.raises(RuleError, match="not-permitted"):
        import_eform(desk, officer(desk), resource("eforms", "khai_tu.json"))


# ---- a province's own form


def package(tmp_path: Path, **changes: Any) -> Path:
    """A form file of the province, made of the shipped one."""
    doc = json.loads(resource("eforms", "khai_sinh.json").read_text("utf-8"))
    path = tmp_path / "mau.json"
    path.write_text(json.dumps({**doc, **changes}, ensure_ascii=False, indent=1), "utf-8")
    return path


def test_the_day_of_reception_decides_the_version(tmp_path: Path) -> None:
    """Law of 1/3/2027: a dossier of 28/2 keeps the old form, one of 1/3 has the new, whatever today is."""
    clock = FixedClock(MONDAY)
    desk = make_desk(tmp_path, clock)
    by = officer(desk)
    clock.set(MONDAY.replace(year=2027, month=2, day=26)) if hasattr(clock, "set") else clock.advance(
        timedelta(days=95)
    )
    before = received(desk, received_at=MONDAY.replace(year=2027, month=2, day=26))
    clock.advance(timedelta(days=5))
    after = received(desk, received_at=MONDAY.replace(year=2027, month=3, day=1))
    with pytest.raises(RuleError) as told:
        eforms.open_eform(desk, by, after, "khai_sinh")
    assert told.value.code == "eform-not-in-force" and "01/03/2027" in told.value.title
    path = package(
        tmp_path, version="2", title="TỜ KHAI MẪU THỬ", effective_from="2027-03-01", effective_to=None
    )
    taken = import_eform(desk, officer(desk, "quantri"), path)
    assert taken.new and taken.fields == 35
    assert eforms.open_eform(desk, by, before, "khai_sinh").form.version == "1"
    assert eforms.open_eform(desk, by, after, "khai_sinh").form.version == "2"
    done = eforms.fill_eform(desk, by, after, "khai_sinh", CHILD)
    assert "TỜ KHAI MẪU THỬ" in reading.words(done.paper.pdf)
    import_eform(
        desk,
        officer(desk, "quantri"),
        package(tmp_path, version="3", effective_from="2027-03-01", effective_to=None),
    )
    assert eforms.open_eform(desk, by, after, "khai_sinh").form.version == "2", (
        "stored stays under its version"
    )
    desk.close()


def test_older_and_changed_versions_are_refused(desk: Desk, tmp_path: Path) -> None:
    by = officer(desk, "quantri")
    assert import_eform(desk, by, package(tmp_path, version="2")).new
    assert not import_eform(desk, by, package(tmp_path, version="2")).new, "the same file twice is as once"
    for version in ("2", "2.0", "1"):
        with pytest.raises(RuleError, match="eform-version-taken"):
            import_eform(desk, by, package(tmp_path, version=version, title="KHÁC"))
    for version in ("0.9", "1.5"):
        with pytest.raises(RuleError) as told:
            import_eform(desk, by, package(tmp_path, version=version, title="KHÁC"))
        assert told.value.code == "eform-version-old", version
    assert count(desk, counter_tables.eform_package) == 1


def test_a_malformed_file_leaves_everything_as_it_was(desk: Desk, tmp_path: Path) -> None:
    path = package(tmp_path, version="2")
    lines = path.read_text("utf-8").splitlines()
    lines[40] = "{"
    path.write_text("\n".join(lines), "utf-8")
    with pytest.raises(RuleError) as told:
        import_eform(desk, officer(desk, "quantri"), path)
    assert told.value.code == "eform-malformed" and told.value.title.startswith("Dòng 4")
    with pytest.raises(StorageError):
        import_eform(desk, officer(desk, "quantri"), tmp_path / "khong-co.json")
    assert count(desk, counter_tables.eform_package) == 0


def test_a_new_form_of_the_province_works_whole(desk: Desk, tmp_path: Path) -> None:
    """A form the program has never seen: read, prefilled, checked, printed."""
    doc = {
        "format": "motcua-eform/1",
        "id": "don_xac_nhan",
        "version": "1",
        "title": "ĐƠN ĐỀ NGHỊ XÁC NHẬN",
        "legal": "Văn bản thử",
        "procedures": ["1.001193"],
        "effective_from": "2026-01-01",
        "sections": [
            {
                "id": "a",
                "fields": [
                    {
                        "id": "ho_ten",
                        "label": "Họ tên",
                        "type": "person_name",
                        "required": True,
                        "prefill": "owner.name",
                    },
                    {"id": "ly_do", "label": "Lý do", "type": "text", "required": True},
                    {"id": "ky", "label": "Người làm đơn (ký)", "type": "wet_signature", "required": True},
                ],
            }
        ],
    }
    path = tmp_path / "moi.json"
    path.write_text(json.dumps(doc, ensure_ascii=False), "utf-8")
    import_eform(desk, officer(desk, "quantri"), path)
    by, number = officer(desk), received(desk)
    assert "don_xac_nhan" in [each.form_id for each in eforms.offered_eforms(desk, by, number)]
    done = eforms.fill_eform(desk, by, number, "don_xac_nhan", {"ly_do": "Nộp ngân hàng"})
    words = reading.words(done.paper.pdf)
    assert "Họ tên: Ma Thị Hường" in words and "Lý do: Nộp ngân hàng" in words and "NGƯỜI LÀM ĐƠN" in words


def test_five_forms_are_shipped() -> None:
    assert sorted(form.id for form in shipped_forms()) == [
        "ban_sao_trich_luc",
        "ket_hon",
        "khai_sinh",
        "khai_tu",
        "xac_nhan_tthn",
    ]
    assert shipped_forms()[0].order == (1, 0, 0)
