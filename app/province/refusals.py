"""The reasons an event is not taken, each with its code, a sentence and a next step in Vietnamese."""

from __future__ import annotations

from collections.abc import Iterable

from app.province.case import Refusal
from app.province.dossiers import Dossier
from app.province.problems import JsonObject, at, rejection
from app.text import t


def schema_invalid(places: Iterable[JsonObject]) -> Refusal:
    """The event does not fit its schema."""
    return Refusal(
        rejection(
            "schema-invalid",
            t("Bản ghi còn thiếu hoặc viết chưa đúng ở vài chỗ."),
            t("Mở hồ sơ, sửa những chỗ được nêu rồi gửi lại; các bản ghi khác không bị ảnh hưởng."),
            places,
        )
    )


def unknown_type() -> Refusal:
    """This gateway does not know the event type."""
    return Refusal(
        rejection(
            "unknown-type",
            t("Máy chủ của tỉnh chưa biết loại bản ghi này."),
            t("Tỉnh cần nâng cấp máy chủ trước; báo cán bộ quản trị của tỉnh."),
            [at("/type", t("chưa được biết"))],
        )
    )


def unknown_schema() -> Refusal:
    """This gateway does not know the schema number."""
    return Refusal(
        rejection(
            "unknown-schema",
            t("Máy chủ của tỉnh chưa đọc được bản ghi kiểu mới này."),
            t("Tỉnh cần nâng cấp máy chủ trước; báo cán bộ quản trị của tỉnh."),
            [at("/schema", t("chưa được biết"))],
        )
    )


def event_id_reuse() -> Refusal:
    """The event id belongs to another event."""
    return Refusal(
        rejection(
            "event-id-reuse",
            t("Mã bản ghi này đã dùng cho một bản ghi khác."),
            t("Ghi lại việc này thành bản ghi mới; bản ghi trước vẫn giữ nguyên."),
            [at("/event_id", t("đã dùng"))],
            status=409,
        )
    )


def unknown_subject(pointer: str = "/subject/id") -> Refusal:
    """No such dossier, event or block within the unit's sight."""
    return Refusal(
        rejection(
            "unknown-subject",
            t("Tỉnh chưa có hồ sơ mà bản ghi này nói đến."),
            t("Kiểm tra hồ sơ đã được gửi lên chưa; nếu đã gửi, đồng bộ lại rồi ghi lại việc này."),
            [at(pointer, t("không tìm thấy"))],
            status=404,
        )
    )


def conflict(pointer: str, detail: str, dossier: Dossier | None = None) -> Refusal:
    """The event contradicts what is already there."""
    current = None if dossier is None else dossier.state(with_filing=False)
    return Refusal(
        rejection(
            "conflict",
            t("Bản ghi này không khớp với hiện trạng ở tỉnh."),
            detail,
            [at(pointer, t("không khớp"))],
            status=409,
            current=current,
        )
    )


def not_custodian(dossier: Dossier) -> Refusal:
    """Another unit holds the dossier."""
    return Refusal(
        rejection(
            "not-custodian",
            t("Đơn vị khác đang giữ hồ sơ này."),
            t("Chỉ đơn vị đang giữ hồ sơ mới ghi được bước này; liên hệ đơn vị đó hoặc chờ bàn giao."),
            [at("/subject/id", t("đang do đơn vị khác giữ"))],
            status=409,
            current=dossier.state(with_filing=False),
        )
    )


def illegal_transition(dossier: Dossier | None, *, needs_leader: bool = False) -> Refusal:
    """The step does not follow from the dossier's status."""
    if needs_leader:
        detail, pointer = t("Bước này cần lãnh đạo duyệt; xin duyệt rồi ghi lại."), "/actor/approved_by"
    else:
        detail, pointer = t("Xem lại trạng thái hồ sơ rồi chọn bước phù hợp."), "/type"
    return Refusal(
        rejection(
            "illegal-transition",
            t("Hồ sơ đang ở trạng thái không đi tiếp được bước này."),
            detail,
            [at(pointer, t("không đi tiếp được"))],
            status=409,
            current=None if dossier is None else dossier.state(with_filing=False),
        )
    )


def field_not_owned(pointers: Iterable[str], detail: str | None = None) -> Refusal:
    """The field belongs to the other side."""
    return Refusal(
        rejection(
            "field-not-owned",
            t("Mục này không do quầy sửa."),
            detail or t("Gửi đề nghị đến đơn vị phụ trách mục này; các mục khác vẫn sửa được."),
            [at(pointer, t("không do quầy sửa")) for pointer in pointers],
            status=409,
        )
    )


def number_outside_block() -> Refusal:
    """The number is not one of this desk's."""
    return Refusal(
        rejection(
            "number-outside-block",
            t("Mã hồ sơ này không nằm trong khối số tỉnh đã cấp cho quầy."),
            t("Ghi lại hồ sơ với số biên nhận tạm; tỉnh sẽ cấp mã chính thức."),
            [at("/subject/code", t("ngoài khối số"))],
            status=409,
        )
    )


def number_taken() -> Refusal:
    """The number was given to another dossier."""
    return Refusal(
        rejection(
            "number-taken",
            t("Mã hồ sơ này đã cấp cho một hồ sơ khác."),
            t("Ghi lại hồ sơ với số biên nhận tạm; tỉnh sẽ cấp mã chính thức."),
            [at("/subject/code", t("đã cấp"))],
            status=409,
        )
    )


def procedure_version_unknown(pointer: str) -> Refusal:
    """No such procedure version was published."""
    return Refusal(
        rejection(
            "procedure-version-unknown",
            t("Tỉnh chưa công bố phiên bản thủ tục này."),
            t("Cập nhật danh mục thủ tục rồi ghi lại hồ sơ với phiên bản đang dùng."),
            [at(pointer, t("chưa công bố"))],
        )
    )


def placeholder_identifier(pointers: Iterable[str]) -> Refusal:
    """A made-up number stands where an identity number belongs."""
    return Refusal(
        rejection(
            "placeholder-identifier",
            t("Số giấy tờ này là số điền tạm, không phải của người nộp."),
            t("Để trống số giấy tờ và ghi lý do chưa có, rồi gửi lại."),
            [at(pointer, t("số điền tạm")) for pointer in pointers],
        )
    )


def blocked_by_rejected() -> Refusal:
    """The event that should have created the dossier was given up."""
    return Refusal(
        rejection(
            "blocked-by-rejected",
            t("Bản ghi tiếp nhận của hồ sơ này đã bị hủy nên bước này không còn áp dụng."),
            t("Nếu hồ sơ vẫn cần giải quyết, tiếp nhận lại thành hồ sơ mới."),
            [at("/subject/id", t("đã hủy"))],
            status=409,
        )
    )


def voided_before_use() -> Refusal:
    """A waiting event was given up by its desk."""
    return Refusal(
        rejection(
            "conflict",
            t("Bản ghi đã được quầy hủy khi còn chờ."),
            t("Không cần làm gì thêm."),
            [at("/event_id", t("đã hủy"))],
            status=409,
        )
    )


def file_invalid(sha256s: Iterable[str]) -> Refusal:
    """A file is not what it says it is."""
    return Refusal(
        rejection(
            "file-invalid",
            t("Có tệp quét không đọc được đúng như loại tệp đã ghi."),
            t("Quét lại giấy tờ đó và đính kèm lại."),
            [at("/files", sha256) for sha256 in sha256s],
        )
    )


def not_replaceable() -> Refusal:
    """``corrects`` names an event that is neither rejected nor voided."""
    return Refusal(
        rejection(
            "conflict",
            t("Bản ghi được sửa vẫn còn hiệu lực ở tỉnh."),
            t("Hủy bản ghi cũ trước, hoặc ghi một việc mới."),
            [at("/corrects", t("còn hiệu lực"))],
            status=409,
        )
    )
