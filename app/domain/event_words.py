"""What the events of the wire are called to an officer, by their type."""

from __future__ import annotations

from app.text import t

_WORDS = {
    "stream.opened": "Mở sổ gửi của quầy",
    "dossier.received": "Tiếp nhận",
    "dossier.refused": "Từ chối tiếp nhận",
    "dossier.amended": "Sửa thông tin",
    "dossier.progress": "Xử lý",
    "dossier.supplement_requested": "Yêu cầu bổ sung",
    "dossier.supplement_received": "Nhận giấy tờ bổ sung",
    "dossier.fee_requested": "Nghĩa vụ tài chính",
    "dossier.withdrawn": "Công dân rút hồ sơ",
    "dossier.stopped": "Dừng giải quyết",
    "dossier.due_date_changed": "Đổi ngày hẹn trả",
    "dossier.transferred": "Chuyển đơn vị khác",
    "dossier.custody_accepted": "Nhận hồ sơ chuyển đến",
    "dossier.completed": "Đã xử lý xong",
    "dossier.returned": "Trả kết quả",
    "fee.collected": "Thu phí, lệ phí",
    "fee.refunded": "Hoàn phí, lệ phí",
    "document.digitised": "Bản quét",
    "document.revoked": "Rút bản quét",
    "citizen.account_requested": "Hỗ trợ tài khoản",
    "feedback.recorded": "Đánh giá, góp ý",
    "event.voided": "Hủy một việc đã ghi",
    "number_block.released": "Trả lại dải số",
}


def event_words(event_type: str) -> str:
    """The act an event tells of."""
    return t(_WORDS.get(event_type, "Việc khác"))
