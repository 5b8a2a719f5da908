"""What each act, kind of record and field of the audit log is called on screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.domain.dossier_status import Act
from app.services.audit.verify import AnchorKind, AuditVerdict, Misfit
from app.text import t

PROGRAM: Final = "program"
"""Who acts where no officer does: restoring a backup."""

ACT_WORDS: Final = {
    "read": "Xem",
    "read_audit": "Xem nhật ký",
    "read_paper": "Mở lại bản in đã lưu",
    "read_visits": "Xem các lần đến trước",
    "list": "Xem danh sách bằng lệnh",
    "copy_rows": "Chép danh sách hồ sơ",
    "receive": "Tiếp nhận",
    "override": "Nhận khi thiếu giấy tờ",
    "print": "In",
    "print_dropped": "Bỏ bản in đang chờ",
    **{act.value: act.label for act in Act},
    "request-fee": "Yêu cầu nộp phí, lệ phí",
    "refund": "Hủy biên nhận, hoàn tiền",
    "correct": "Sửa thông tin trên giấy hẹn",
    "arriving": "Đơn vị khác chuyển hồ sơ đến",
    "approval_asked": "Trình lãnh đạo ký",
    "approval_taken_back": "Rút lại việc trình ký",
    "approved": "Lãnh đạo ký",
    "declined": "Lãnh đạo trả lại",
    "post_arrived": "Phong bì đến qua bưu chính",
    "post_ready": "Giữ kết quả để giao bưu chính",
    "post_handed": "Giao kết quả cho bưu chính",
    "post_came_back": "Bưu chính chuyển lại",
    "open_list": "Lập bảng kê bàn giao",
    "fill_eform": "Điền tờ khai",
    "export_eform": "Xuất dữ liệu tờ khai",
    "import_eform": "Nhập mẫu tờ khai",
    "guide": "Hướng dẫn, chưa lập hồ sơ",
    "withdraw_guidance": "Hủy phiếu hướng dẫn",
    "drop_draft": "Bỏ bản nháp",
    "help": "Hỗ trợ tài khoản (đếm trong ngày)",
    "help_open": "Mở hồ sơ hỗ trợ tài khoản",
    "help_step": "Ghi bước hỗ trợ tài khoản",
    "consent": "Ghi sự đồng ý của công dân",
    "withdraw_consent": "Rút sự đồng ý của công dân",
    "erase": "Xóa dữ liệu cá nhân",
    "record_request": "Ghi yêu cầu về dữ liệu cá nhân",
    "decide_request": "Trả lời yêu cầu về dữ liệu cá nhân",
    "correct_on_request": "Sửa hồ sơ theo yêu cầu của công dân",
    "end_restriction": "Thôi hạn chế xử lý dữ liệu",
    "export_person": "Xuất dữ liệu của một người",
    "let_go": "Bỏ dữ liệu quá thời hạn",
    "set_term": "Đặt thời hạn",
    "diagnose": "Lập gói chẩn đoán",
    "cash_count": "Kiểm quỹ",
    "tariff": "Sửa biểu phí",
    "configure": "Sửa cài đặt",
    "set": "Sửa lời chứng",
    "edit_day": "Sửa lịch làm việc",
    "rename_desk": "Đổi tên quầy",
    "switch_queue": "Bật hoặc tắt số thứ tự",
    "set_agency_code": "Ghi mã cơ quan",
    "set_signer_title": "Ghi chức danh người ký",
    "delegate": "Ủy quyền ký",
    "end_delegation": "Kết thúc ủy quyền ký",
    "open_field_session": "Mở buổi lưu động",
    "close_field_session": "Đóng buổi lưu động",
    "sign_in": "Đăng nhập",
    "change_password": "Đổi mật khẩu",
    "reset_password": "Cấp lại mật khẩu",
    "recover_password": "Đặt lại mật khẩu bằng tờ khôi phục",
    "second_step_on": "Bật bước hai khi đăng nhập",
    "second_step_off": "Tắt bước hai khi đăng nhập",
    "change_key": "Đổi khóa dữ liệu",
    "new_recovery_sheet": "Lập tờ khôi phục mới",
    "add_officer": "Thêm cán bộ",
    "change_role": "Đổi vai trò cán bộ",
    "deactivate_officer": "Cho cán bộ nghỉ đăng nhập",
    "reactivate_officer": "Cho cán bộ đăng nhập lại",
    "create_desk": "Tạo quầy",
    "backup": "Sao lưu",
    "restore": "Khôi phục từ bản sao lưu",
    "end_lost": "Thấy kho thiếu phần cuối",
    "mark_gone": "Thấy mất dấu mốc cạnh kho",
    "resend": "Gửi lại việc tỉnh trả về",
    "give_up": "Bỏ việc tỉnh trả về",
    "notice_seen": "Đánh dấu đã xem thông báo",
}

_KIND_WORDS: Final = {
    "dossier": "Hồ sơ",
    "eform": "Tờ khai",
    "payment": "Biên nhận",
    "approval": "Việc trình ký",
    "print_job": "Bản in",
    "guidance": "Phiếu hướng dẫn",
    "help_case": "Hồ sơ hỗ trợ tài khoản",
    "help_count": "Số lượt hỗ trợ",
    "hand_over_list": "Bảng kê bàn giao",
    "intake_group": "Lượt nhận nhiều hồ sơ",
    "field_session": "Buổi lưu động",
    "post_labels": "Nhãn phong bì",
    "register": "Sổ theo dõi hồ sơ",
    "day_book": "Sổ chứng thực",
    "batch": "Lượt chứng thực",
    "cash_day": "Quỹ trong ngày",
    "draft": "Bản nháp",
    "tariff_line": "Dòng biểu phí",
    "stamp_wording": "Lời chứng",
    "setting": "Cài đặt",
    "calendar": "Lịch làm việc",
    "delegation": "Ủy quyền",
    "officer": "Cán bộ",
    "key": "Khóa dữ liệu",
    "recovery_sheet": "Tờ khôi phục",
    "desk": "Quầy",
    "stream": "Dãy việc gửi tỉnh",
    "event": "Việc gửi tỉnh",
    "notice": "Thông báo",
    "audit": "Nhật ký",
    "grid": "Danh sách hồ sơ",
    "subject_request": "Yêu cầu về dữ liệu cá nhân",
    "consent_book": "Sổ đồng ý",
    "retention": "Thời hạn giữ",
    "term": "Thời hạn",
    "breach_sheet": "Phiếu sự cố",
    "pack": "Gói chẩn đoán",
}

_KEPT_WORDS: Final = {
    "drafts": "Bản nháp bỏ dở",
    "help_cases": "Lượt hỗ trợ tài khoản",
    "queue_tickets": "Số thứ tự",
    "notices": "Thông báo đã xem",
    "logs": "Nhật ký kỹ thuật",
    "leftovers": "Tệp tạm còn sót",
    "old_stores": "Bản kho cũ",
    "guidance": "Phiếu hướng dẫn",
    "prints": "Bản in giữ lại",
    "requests": "Yêu cầu đã trả lời",
}

_FIELD_WORDS: Final = {
    "phone": "điện thoại",
    "address": "địa chỉ",
    "status": "tình trạng",
    "state": "tình trạng",
    "due_at": "ngày hẹn trả",
    "reason": "lý do",
    "missing": "giấy tờ còn thiếu",
    "amount_vnd": "số tiền",
    "basis": "căn cứ",
    "cancel_reason": "lý do hủy",
    "role": "vai trò",
    "note": "ghi chú",
    "obstacles": "vướng mắc",
    "next_visit": "ngày hẹn",
}


def act_words(act: str) -> str:
    """What an act is called; one that a later version wrote is told as such."""
    return t(ACT_WORDS.get(act, "Việc khác"))


def kind_words(kind: str) -> str:
    """What a kind of record is called."""
    return t(_KIND_WORDS.get(kind, "Dữ liệu khác"))


def kept_words(kind: str) -> str:
    """What a kind of data in the table of terms is called."""
    return t(_KEPT_WORDS.get(kind, "Dữ liệu khác"))


def fields_words(fields: Sequence[str]) -> str:
    """The fields that have a name on screen, and the form of a paper; never a value."""
    named = [t(_FIELD_WORDS[name]) for name in fields if name in _FIELD_WORDS]
    forms = [name.removeprefix("form_") for name in fields if name.startswith("form_")]
    numbered = [t("mẫu {form}").format(form=form) for form in forms if form.isdigit()]
    return ", ".join(dict.fromkeys((*numbered, *named)))


def verdict_words(verdict: AuditVerdict) -> tuple[str, str]:
    """What was found of the log, and what to do next."""
    if verdict.ok:
        whole = t("Nhật ký nguyên vẹn, {rows} dòng.").format(rows=verdict.rows)
        return whole, t("Mọi dòng khớp nhau và tới đúng dấu mốc cuối.")
    return _failed_words(verdict), t("Giữ nguyên máy và báo quản trị viên.")


_WHERE = {
    AnchorKind.MARK: t("dấu mốc cạnh kho"),
    AnchorKind.EVENT: t("việc gửi tỉnh"),
    AnchorKind.PRINTED: t("trang sổ đã in"),
}


def _failed_words(verdict: AuditVerdict) -> str:
    failed = verdict.anchor
    if failed is None:
        return t("Nhật ký bị sửa từ dòng {row}.").format(row=verdict.first_broken)
    if failed.misfit is Misfit.GONE:
        return t(
            "Các dòng nhật ký khớp nhau, nhưng dấu mốc cạnh kho không còn nên có thể đã thiếu phần cuối."
        )
    where = _WHERE[failed.kind]
    if failed.misfit is Misfit.SHORT:
        words = t(
            "Nhật ký chỉ có {rows} dòng, còn {where} ghi đã tới dòng {seq}: phần cuối bị mất, hoặc kho"
            " bị thay bằng bản cũ."
        )
    else:
        words = t("Dòng {seq} của nhật ký không phải dòng mà {where} đã ghi: kho bị thay bằng kho khác.")
    return words.format(rows=verdict.rows, where=where, seq=failed.seq)
