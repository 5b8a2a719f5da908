"""Why a dossier is not told onward yet, in plain words for the province's operator. No personal data.

``place`` is a code (procedure, unit, kind of paper), never a value a citizen gave.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from app.text import t


@dataclass(frozen=True, order=True)
class Reason:
    """One thing that is missing. ``code`` is one of ``_WORDS``."""

    code: str
    place: str = ""

    def words(self) -> str:
        """The sentence shown."""
        return t(_WORDS[self.code]).format(place=self.place)


class Unmapped(Exception):  # noqa: N818
    """A dossier cannot be put into the portal's words; nothing is sent of it."""

    def __init__(self, reasons: Iterable[Reason]) -> None:
        self.reasons = tuple(sorted(set(reasons)))
        super().__init__(", ".join(reason.code for reason in self.reasons))


def to_text(reasons: Sequence[Reason]) -> str:
    """As stored."""
    return json.dumps([[reason.code, reason.place] for reason in reasons])


def from_text(text: str | None) -> tuple[Reason, ...]:
    """From the store."""
    return tuple(Reason(code, place) for code, place in json.loads(text or "[]"))


_WORDS: Final[dict[str, str]] = {
    "procedure": "Thủ tục {place} chưa có trong bảng đối chiếu với Cổng quốc gia.",
    "procedure-part": "Thủ tục {place} chưa đủ tên, lĩnh vực hoặc mã trong bảng đối chiếu.",
    "agency": "Đơn vị {place} chưa có trong bảng đối chiếu với Cổng quốc gia.",
    "code": "Danh mục của Cổng quốc gia chưa có giá trị cho “{place}”; tỉnh cần cho biết.",
    "code-unsure": "Giá trị cho “{place}” mới là suy đoán, tỉnh cần xác nhận trước khi gửi.",
    "status": "Trạng thái {place} không có trong danh mục quốc gia.",
    "number": "Mã hồ sơ không bắt đầu bằng mã định danh của tỉnh nên Cổng quốc gia sẽ không nhận về tỉnh.",
    "portal-number": "Hồ sơ nộp trên Cổng quốc gia nhưng thiếu mã hồ sơ trên Cổng.",
    "identity": "Chủ hồ sơ chưa có số giấy tờ mà Cổng quốc gia nhận; cán bộ bổ sung tại quầy.",
    "identity-shape": "Số giấy tờ của chủ hồ sơ chưa đủ số chữ số của loại giấy tờ đã chọn; cán bộ kiểm tra.",
    "blank": "Mục “{place}” bắt buộc mà đang trống.",
    "file-address": "Hồ sơ có tệp kèm theo, nhưng chưa khai địa chỉ để Cổng quốc gia tải tệp.",
    "file-missing": "Một tệp của hồ sơ chưa có trong kho của cổng tỉnh.",
    "result-code": "Giấy tờ kết quả “{place}” có tệp nhưng chưa có mã kết quả của danh mục quốc gia.",
    "steps-unclear": "Chưa rõ các bước vừa gửi đã tới Cổng quốc gia hay chưa; xem trên Cổng rồi báo lại.",
    "refused": "Cổng quốc gia không nhận nội dung gửi lên (mã trả lời {place}); hồ sơ ở tỉnh vẫn nguyên.",
    "no-correction": "Cổng quốc gia chưa có cách nhận sửa đổi sau khi tạo; phần trạng thái vẫn được gửi.",
    "setting": "Chưa khai “{place}” trong tệp cấu hình nối Cổng quốc gia.",
}
