"""Translates what SQLite and the disk say into sentences (one translator, RELIABILITY promise 7)."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy.exc import DBAPIError

from app.errors import RuleError, StorageError
from app.text import t

_GONE = (
    errno.ENOENT,
    errno.ENOTDIR,
    errno.EEXIST,
    errno.ENAMETOOLONG,
    errno.ENODEV,
    errno.ENXIO,
)
"""A folder that is a file, moved away, or on a drive that was pulled out."""


@contextmanager
def told() -> Iterator[None]:
    """Turn a storage failure inside the block into a ``StorageError``; other errors pass.

    Bytes that were never UTF-8 cannot be stored: ``RuleError`` "text-not-utf8", for the letters are lost.
    """
    try:
        yield
    except DBAPIError as failure:
        raise _translate(str(failure.orig)) from failure
    except sqlcipher.Error as failure:
        raise _translate(str(failure)) from failure
    except OSError as failure:
        if failure.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise disk_full() from failure
        if failure.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
            raise read_only() from failure
        if failure.errno == errno.EIO:
            raise disk_failing() from failure
        if failure.errno in _GONE:
            raise folder_gone() from failure
        raise
    except UnicodeEncodeError as failure:
        raise RuleError(
            "text-not-utf8",
            t("Có chữ không đọc được trong điều vừa nhập."),
            t("Chưa lưu gì. Gõ lại bằng bảng mã Unicode."),
        ) from failure


def disk_full() -> StorageError:
    return StorageError(
        "disk-full",
        t("Ổ đĩa đã đầy nên lần này chưa lưu được. Những gì đã lưu trước đó vẫn nguyên."),
        t("Xóa bớt tệp không cần trên ổ đĩa rồi bấm lại; bản nháp vẫn còn trên màn hình."),
    )


def read_only() -> StorageError:
    return StorageError(
        "read-only",
        t("Không ghi được vào thư mục dữ liệu."),
        t("Kiểm tra quyền ghi của thư mục hoặc ổ đĩa rồi thử lại."),
    )


def folder_gone() -> StorageError:
    return StorageError(
        "folder-gone",
        t("Không dùng được thư mục dữ liệu: ổ đĩa đã rút ra, hoặc thư mục bị đổi chỗ."),
        t("Cắm lại ổ đĩa hoặc chọn đúng thư mục rồi làm lại. Những gì đã lưu trước đó vẫn nguyên."),
    )


def damaged() -> StorageError:
    """A store that is not whole; it is left as it is (I6)."""
    return StorageError(
        "store-damaged",
        t("Kho dữ liệu có chỗ hỏng."),
        t("Đừng xóa gì. Chạy lệnh kiểm tra, rồi khôi phục từ bản sao lưu gần nhất."),
    )


def store_locked() -> StorageError:
    """The full lock is down: there is no key in this process."""
    return StorageError(
        "store-locked",
        t("Kho dữ liệu đã khóa nên chưa làm việc này."),
        t("Mở khóa rồi làm lại; những gì đã lưu vẫn nguyên."),
    )


def disk_failing() -> StorageError:
    """The disk answers reads or writes with an error of its own: neither full, nor shut, nor gone."""
    return StorageError(
        "disk-failing",
        t("Ổ đĩa báo lỗi khi đọc hoặc ghi nên lần này chưa lưu được. Những gì đã lưu trước đó vẫn nguyên."),
        t("Sao lưu ra ổ khác ngay khi còn mở được, rồi báo người hỗ trợ thay ổ đĩa hoặc dây nối."),
    )


def _translate(words: str) -> Exception:
    low = words.lower()
    if "locked" in low or "busy" in low:
        return StorageError(
            "store-busy",
            t("Kho dữ liệu đang bận với việc khác quá 30 giây."),
            t("Đợi việc kia xong rồi làm lại; chưa có gì bị mất."),
        )
    if "full" in low:
        return disk_full()
    if "disk i/o" in low:
        return disk_failing()
    if "readonly" in low or "unable to open" in low:
        return read_only()
    if "not a database" in low or "hmac" in low:
        return StorageError(
            "wrong-key",
            t("Khóa không mở được kho dữ liệu này."),
            t("Dữ liệu vẫn nguyên. Kiểm tra đúng thư mục, đúng máy, hoặc dùng tờ khôi phục."),
        )
    if any(word in low for word in ("malformed", "corrupt", "vtable constructor failed")):
        return damaged()
    return RuntimeError("unexpected answer of the store")
