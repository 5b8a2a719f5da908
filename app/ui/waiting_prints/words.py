"""What a waiting paper is called."""

from __future__ import annotations

from app.clock import VIETNAM
from app.services.papers.waiting_prints import WaitingPaper
from app.text import t
from app.ui.widgets import RowItem, near

_NAMES = {
    "01": "Giấy tiếp nhận và hẹn trả",
    "02": "Phiếu yêu cầu bổ sung",
    "03": "Phiếu từ chối tiếp nhận",
    "04": "Văn bản xin lỗi, gia hạn",
    "05": "Thông báo dừng giải quyết",
    "06": "Phiếu kiểm soát quá trình",
    "07": "Sổ theo dõi hồ sơ",
    "guidance": "Phiếu hướng dẫn",
    "group": "Danh mục hồ sơ nhận cùng lượt",
    "account-card": "Phiếu mang về",
    "day-book": "Sổ chứng thực",
    "copy-sheet": "Bảng kê chứng thực",
    "copy-stamps": "Lời chứng",
    "BK": "Bảng kê giao nhận",
    "NPB": "Nhãn phong bì",
    "bang-ke-thu": "Bảng kê thu tiền trong ngày",
    "bien-nhan": "Biên nhận thu tiền",
    "BNTKQ": "Biên nhận trả kết quả",
    "BC": "Trang bằng chứng",
    "PTL": "Trả lời yêu cầu về dữ liệu",
    "SDY": "Sổ đồng ý",
    "PSC": "Phiếu sự cố",
}
"""By the form a printing bears; others are papers."""


def form_name(form: str) -> str:
    """The paper's name as it begins a line."""
    return t(_NAMES.get(form, "Giấy tờ"))


def row_of(paper: WaitingPaper) -> RowItem:
    """One row: which paper of whom, since when, and which printer did not take it."""
    made = paper.made_at.astimezone(VIETNAM)
    parts = [paper.number, paper.name, t("làm lúc {at}").format(at=f"{made:%H:%M %d/%m}")]
    if paper.printer:
        parts.append(t("máy in {name}").format(name=paper.printer))
    again = "" if paper.copy_no == 1 else t(" (in lại lần {n})").format(n=paper.copy_no - 1)
    return RowItem(
        key=str(paper.job_id),
        title=form_name(paper.form) + again,
        detail=" · ".join(part for part in parts if part),
        state=near(t("Chờ in")),
    )


def job_title(paper: WaitingPaper) -> str:
    """What stands in the system's queue for all to read: no name of a citizen."""
    return f"{form_name(paper.form)} {paper.number}".strip()


def count_words(count: int) -> str:
    """Beside the title."""
    return t("{count} bản in còn chờ").format(count=count) if count else t("Không còn bản in nào chờ")
