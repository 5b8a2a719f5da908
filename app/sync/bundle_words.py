"""What can go wrong with a bundle on a stick, a sentence each: what is safe, what next (§3.10)."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from app.errors import AppError, CircumstanceError, RuleError, StorageError
from app.text import t

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_LOCKED = (errno.EROFS, errno.EACCES, errno.EPERM)


@contextmanager
def stick_told() -> Iterator[None]:
    """Failures of the stick as our own errors: "stick-full", "stick-locked", "stick-gone"."""
    try:
        yield
    except OSError as failure:
        raise _stick(failure) from failure


def _stick(failure: OSError) -> AppError:
    if failure.errno in _FULL:
        return CircumstanceError(
            "stick-full",
            t("USB không đủ chỗ nên chưa chép gói. Hồ sơ vẫn an toàn trên máy và vẫn chờ gửi."),
            t("Xóa bớt trên USB hoặc dùng USB khác rồi xuất lại."),
            field="bundle",
        )
    if failure.errno in _LOCKED:
        return CircumstanceError(
            "stick-locked",
            t("USB đang khóa ghi nên chưa chép gói. Hồ sơ vẫn an toàn trên máy và vẫn chờ gửi."),
            t("Gạt nấc khóa trên USB hoặc chọn thư mục ghi được rồi xuất lại."),
            field="bundle",
        )
    return CircumstanceError(
        "stick-gone",
        t("USB bị rút hoặc không đọc ghi được giữa chừng. Hồ sơ vẫn an toàn trên máy và vẫn chờ gửi."),
        t("Cắm lại USB rồi làm lại; phần chép dở không được tính."),
        field="bundle",
    )


def not_written_whole() -> AppError:
    """What was read back is not what was written."""
    return CircumstanceError(
        "stick-unsound",
        t("Chép xong đọc lại không giống, USB này có thể đã hỏng. Hồ sơ vẫn an toàn trên máy."),
        t("Dùng USB khác rồi xuất lại."),
        field="bundle",
    )


def exists() -> AppError:
    """A file of that name lies there."""
    return RuleError(
        "bundle-exists",
        t("Đã có tệp trùng tên; không ghi đè lên gói cũ."),
        t("Đặt tên khác cho gói mới."),
        field="bundle",
    )


def never_heard() -> AppError:
    """The gateway's name is not known yet."""
    return RuleError(
        "bundle-no-recipient",
        t("Quầy chưa biết gói phải gửi cho cổng nào của tỉnh."),
        t("Ghi danh lại hoặc đồng bộ qua mạng một lần rồi xuất gói."),
        field="bundle",
    )


def no_receipt() -> AppError:
    """No file under that name."""
    return RuleError(
        "no-receipt",
        t("Không thấy tệp biên nhận này."),
        t("Kiểm tra đường dẫn, cắm lại USB."),
        field="bundle",
    )


def other_desk() -> AppError:
    """A receipt for somebody else."""
    return RuleError(
        "receipt-other-desk",
        t("Biên nhận này không phải của quầy này nên không mở được."),
        t("Chọn đúng tệp biên nhận tỉnh trả cho quầy; dữ liệu ở quầy giữ nguyên."),
        field="bundle",
    )


def not_genuine() -> AppError:
    """Not signed by the province this desk knows."""
    return RuleError(
        "receipt-not-genuine",
        t("Biên nhận này không mang chữ ký của cổng tỉnh nên chưa ghi nhận gì."),
        t("Xin lại biên nhận từ tỉnh; dữ liệu ở quầy giữ nguyên."),
        field="bundle",
    )


def other_history() -> AppError:
    """The receipt speaks of events this copy of the desk does not have."""
    return RuleError(
        "receipt-other-history",
        t("Biên nhận nói về những việc máy này không có; máy có thể vừa được khôi phục từ bản cũ."),
        t("Đồng bộ qua mạng một lần để lấy lại việc của quầy, rồi nhận biên nhận nếu còn cần."),
        field="bundle",
    )


def damaged() -> AppError:
    """Changed or cut on the way."""
    return StorageError(
        "receipt-damaged",
        t("Biên nhận trên USB bị hỏng hoặc bị sửa; chưa ghi nhận gì."),
        t("Chép lại biên nhận từ tỉnh; hồ sơ ở quầy vẫn nguyên và vẫn chờ gửi."),
        field="bundle",
    )
