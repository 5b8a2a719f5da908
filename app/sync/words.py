"""What happened on the line, in words for the officer. Codes decide, words are for people (§3.4).

Every sentence says what is safe first: a record made at the counter is never in danger from the line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.errors import LineError
from app.protocol.messages import Problem, Verdict
from app.sync.trouble import (
    BusyError,
    CredentialsRefusedError,
    ForkError,
    LineTroubleError,
    NoLineError,
    NotBelievedError,
    RefusedError,
    TwinError,
)
from app.text import t

PROVINCE: Final = "Tỉnh"


@dataclass(frozen=True)
class Outcome:
    """How a round ended: a stable code, what happened, what to do next."""

    code: str
    words: str
    next_step: str = ""

    def as_error(self) -> LineError:
        """The same as an error of the edge."""
        return LineError(self.code, self.words, self.next_step)


def outcome_of(trouble: LineTroubleError) -> Outcome:
    """The words for any trouble on the line."""
    if isinstance(trouble, NoLineError):
        return _no_line(trouble)
    if isinstance(trouble, NotBelievedError):
        return Outcome(
            "not-believed",
            t("Mạng có trả lời nhưng không phải cổng của tỉnh, nên chưa gửi gì. Hồ sơ vẫn an toàn trên máy."),
            t("Nếu mạng cần đăng nhập Wi-Fi thì đăng nhập trước; máy sẽ tự gửi lại."),
        )
    if isinstance(trouble, BusyError):
        return Outcome(
            "province-busy",
            t("Cổng của tỉnh đang bận hoặc bảo trì. Hồ sơ vẫn an toàn trên máy."),
            t("Không cần làm gì, máy sẽ tự gửi lại sau ít phút."),
        )
    if isinstance(trouble, CredentialsRefusedError):
        return Outcome(
            "credentials-refused",
            t("Tỉnh chưa nhận ra khóa của quầy này. Hồ sơ vẫn an toàn trên máy."),
            t("Gọi quản trị viên xin mã ghi danh mới rồi nối lại với tỉnh."),
        )
    if isinstance(trouble, TwinError):
        return _twin()
    if isinstance(trouble, ForkError):
        return Outcome(
            "stream-forked",
            t("Tỉnh đang giữ những việc mà máy này không có, nên chưa gửi gì thêm để tránh ghi đè."),
            t("Máy có thể vừa được khôi phục từ bản cũ. Quầy vẫn làm việc; báo quản trị viên trước khi gửi."),
        )
    if isinstance(trouble, RefusedError):
        return _refused(trouble.problem)
    raise AssertionError(type(trouble))


def _no_line(trouble: NoLineError) -> Outcome:
    if trouble.clock:
        return Outcome(
            "clock-wrong",
            t("Ngày giờ của máy có vẻ sai nên chưa nối được an toàn với tỉnh. Hồ sơ vẫn an toàn trên máy."),
            t("Chỉnh lại ngày giờ của máy rồi bấm Gửi ngay."),
        )
    if trouble.certificate:
        return Outcome(
            "certificate-refused",
            t("Không xác minh được cổng của tỉnh nên chưa gửi gì. Hồ sơ vẫn an toàn trên máy."),
            t("Kiểm tra mạng đang dùng; nếu vẫn vậy, báo quản trị viên xem lại chứng thư của tỉnh."),
        )
    if trouble.slow:
        return Outcome(
            "line-slow",
            t("Mạng quá chậm nên lần gửi này chưa xong. Những gì tỉnh đã nhận thì không gửi lại."),
            t("Không cần làm gì, máy sẽ gửi tiếp khi mạng khá hơn."),
        )
    return Outcome(
        "no-line",
        t("Chưa nối được với tỉnh. Hồ sơ vẫn an toàn trên máy và in ra vẫn có giá trị."),
        t("Cứ làm việc bình thường, máy sẽ tự gửi khi có mạng."),
    )


def _twin() -> Outcome:
    """Only another copy of this desk closes the epoch this one writes to."""
    return Outcome(
        "twin",
        t("Một bản sao khác của chính quầy này đã gửi lên tỉnh, nên máy này dừng gửi. Hồ sơ vẫn nguyên."),
        t("Chỉ dùng một máy cho quầy này. Máy này vẫn cần dùng thì xin tỉnh mã ghi danh mới cho nó."),
    )


def _refused(problem: Problem) -> Outcome:
    if problem.code == "epoch-closed":
        return _twin()
    if problem.code == "desk-suspended":
        return Outcome(
            "desk-suspended",
            t("Tỉnh đang tạm dừng nhận từ quầy này. Hồ sơ vẫn an toàn trên máy."),
            t("Quầy vẫn làm việc bình thường; liên hệ tỉnh để được mở lại."),
        )
    if problem.code == "cursor-expired":
        return Outcome(
            "cursor-expired",
            t("Quầy đã xa tỉnh quá lâu nên cần nhận lại toàn bộ tình trạng hồ sơ từ tỉnh."),
            t("Việc của quầy đã gửi đủ; báo quản trị viên để nhận lại dữ liệu của tỉnh."),
        )
    if problem.code == "enrolment-refused":
        return Outcome(
            "enrolment-refused",
            t("Tỉnh chưa nhận mã ghi danh này: mã sai, đã dùng cho máy khác, đã hết hạn hoặc của xã khác."),
            t("So lại từng chữ với giấy tỉnh cấp, hoặc xin mã mới."),
        )
    return Outcome(
        "province-refused",
        t("Tỉnh chưa nhận yêu cầu này của máy. Hồ sơ vẫn an toàn trên máy."),
        t("Thử lại sau; nếu vẫn vậy, báo quản trị viên."),
    )


def keys_not_changed() -> Outcome:
    """The round ran through, but the province has not taken the new keys."""
    return Outcome(
        "keys-not-changed",
        t("Tỉnh chưa nhận khóa mới nên quầy vẫn dùng khóa cũ. Hồ sơ vẫn gửi được như thường."),
        t("Máy sẽ tự thử lại trong ngày; nếu vẫn vậy, báo quản trị viên của tỉnh."),
    )


def never_enrolled() -> LineError:
    """The desk is not known to any province yet."""
    return LineError(
        "never-enrolled",
        t("Quầy này chưa nối với tỉnh nên chưa gửi được. Hồ sơ vẫn an toàn trên máy."),
        t("Xin tỉnh mã ghi danh rồi nối một lần trong Cài đặt."),
    )


def complete(waiting: int, needs_officer: int) -> Outcome:
    """The end check fitted."""
    if needs_officer:
        words = t("Tỉnh và quầy đã khớp nhau; còn {n} việc cần cán bộ xem.").format(n=needs_officer)
        return Outcome("complete", words, t("Mở màn hình Đồng bộ để xem từng việc."))
    if waiting:
        return Outcome(
            "complete", t("Tỉnh và quầy đã khớp nhau; còn {n} việc mới chờ gửi.").format(n=waiting)
        )
    return Outcome("complete", t("Đã đồng bộ. Tỉnh và quầy khớp nhau, không thiếu việc nào."))


def files_waiting(count: int) -> Outcome:
    """Events fit; scans are still to be sent."""
    return Outcome("files-waiting", t("Tỉnh đã nhận đủ các việc; còn {n} bản quét chờ gửi.").format(n=count))


def held_back(count: int) -> Outcome:
    """The province's program is older than this desk's."""
    return Outcome(
        "held-back",
        t("Còn {n} việc chờ tỉnh nâng cấp phần mềm mới nhận được. Hồ sơ vẫn an toàn trên máy.").format(
            n=count
        ),
        t("Không cần làm gì ở quầy; máy sẽ tự gửi khi tỉnh nâng cấp."),
    )


def difference(ours: int, theirs: int, what: str) -> Outcome:
    """The end check still differs after the repair; both counts are shown (§3.3 step 8)."""
    return Outcome(
        "difference",
        t(
            "Số {what} ở quầy ({ours}) và ở tỉnh ({theirs}) chưa khớp. Không bên nào bị xóa hay ghi đè."
        ).format(what=what, ours=ours, theirs=theirs),
        t("Máy sẽ so lại lần sau; nếu vẫn lệch, báo quản trị viên kèm hai con số này."),
    )


def stopped() -> Outcome:
    """The officer, or the closing window, stopped the round."""
    return Outcome("stopped", t("Đã dừng giữa chừng. Phần đã gửi vẫn được tính, phần còn lại gửi lần sau."))


def verdict_words(verdict: Verdict) -> str:
    """What the outbox and the screen say of an event's verdict."""
    outcome = verdict.outcome
    if outcome == "accepted":
        return t("Tỉnh đã nhận")
    if outcome == "deferred":
        kinds = {each.kind for each in verdict.waiting_for}
        if "file" in kinds:
            return t("Tỉnh chờ bản quét")
        if "approval" in kinds:
            return t("Chờ tỉnh duyệt")
        return t("Chờ bước trước của hồ sơ được nhận")
    return rejection_words(verdict.problem)


def rejection_words(problem: Problem | None) -> str:
    """Why an event was not taken: the province's own Vietnamese words, else ours by code."""
    if problem is not None and problem.detail:
        return problem.detail
    return t(_REJECTIONS.get(problem.code if problem else "", _REJECTED))


_REJECTED: Final = "Tỉnh chưa nhận việc này. Giấy đã đưa công dân vẫn có giá trị."
_REJECTIONS: Final[dict[str, str]] = {
    "conflict": "Hồ sơ đã được đơn vị khác xử lý trước.",
    "not-custodian": "Hồ sơ này hiện do đơn vị khác giữ nên quầy chưa cập nhật được.",
    "illegal-transition": "Bước này không nối tiếp được tình trạng hồ sơ ở tỉnh.",
    "field-not-owned": "Nội dung này do đơn vị khác quản lý.",
    "number-outside-block": "Số hồ sơ nằm ngoài dải số tỉnh đã cấp cho quầy.",
    "number-taken": "Số hồ sơ này đã có ở tỉnh.",
    "procedure-version-unknown": "Tỉnh chưa có phiên bản thủ tục này.",
    "placeholder-identifier": "Số giấy tờ của công dân có vẻ là số tạm; cần số đúng.",
    "blocked-by-rejected": "Việc trước đó của hồ sơ chưa được nhận.",
    "file-invalid": "Bản quét kèm theo không mở được ở tỉnh.",
    "unknown-subject": "Tỉnh chưa biết hồ sơ này.",
}
