"""What keeps the gateway from starting, told to its operator in a sentence (RELIABILITY promise 7)."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic.util import CommandError
from sqlalchemy.exc import ArgumentError, DBAPIError

from app.errors import CircumstanceError, LineError, NotFoundError, RuleError, StorageError, UsageError
from app.province.dialect import UnsuitableDatabase
from app.text import t


@contextmanager
def told_to_operator() -> Iterator[None]:
    """Turn what a wrong address, a missing driver or an unreachable database raise into our errors.

    Raises ``UsageError`` "db-url", ``CircumstanceError`` "db-driver-missing", ``StorageError``
    "db-unreachable", "db-unsuitable" or "db-newer"; all name ``db``.
    """
    try:
        yield
    except (ArgumentError, UnicodeError) as failure:
        raise UsageError(
            "db-url",
            t("Chưa hiểu địa chỉ cơ sở dữ liệu của cổng."),
            t("Gõ dạng sqlite:///đường/dẫn/tinh.db hoặc postgresql+psycopg://…"),
            field="db",
        ) from failure
    except ModuleNotFoundError as failure:
        raise CircumstanceError(
            "db-driver-missing",
            t("Máy này chưa cài phần nối tới loại cơ sở dữ liệu đã chỉ."),
            t("Cài phần nối còn thiếu, hoặc dùng sqlite:///đường/dẫn/tinh.db."),
            field="db",
        ) from failure
    except (DBAPIError, OSError) as failure:
        raise StorageError(
            "db-unreachable",
            t("Không mở được cơ sở dữ liệu của cổng; dữ liệu đã có vẫn nguyên."),
            t("Kiểm tra thư mục, quyền ghi, hoặc máy chủ cơ sở dữ liệu rồi chạy lại."),
            field="db",
        ) from failure
    except UnsuitableDatabase as failure:
        raise StorageError(
            "db-unsuitable",
            t("Cơ sở dữ liệu này chưa giữ được dữ liệu an toàn như cổng cần."),
            t(
                "PostgreSQL cần bản 14 trở lên, mã hóa chữ UTF8, fsync và synchronous_commit để bật; "
                "SQLite cần một tệp trên đĩa."
            ),
            field="db",
        ) from failure
    except CommandError as failure:
        raise StorageError(
            "db-newer",
            t("Cơ sở dữ liệu của cổng do một bản chương trình mới hơn tạo ra."),
            t("Cài bản mới rồi chạy lại. Dữ liệu vẫn nguyên."),
            field="db",
        ) from failure


def require_tls_files(tls: tuple[Path, Path]) -> None:
    """Refuse a certificate and key that do not load. Raises ``UsageError`` "tls-files"."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(*tls)
    except (OSError, ValueError) as failure:
        raise UsageError(
            "tls-files",
            t("Không dùng được cặp tệp chứng thư và khóa đã chỉ."),
            t("Chỉ lại đúng tệp .pem của chứng thư rồi tệp khóa của nó, và kiểm tra quyền đọc."),
            field="tls",
        ) from failure


def not_listening() -> LineError:
    """The address is taken or not this machine's."""
    return LineError(
        "listen-refused",
        t("Không lắng nghe được ở địa chỉ đã chỉ: cổng đang có chương trình khác dùng, hoặc sai tên máy."),
        t("Chọn số cổng khác, hoặc dừng chương trình kia rồi chạy lại."),
        field="listen",
    )


def bad_desk_name() -> UsageError:
    """The name of the desk is no identifier."""
    return UsageError(
        "desk-name",
        t("Tên quầy chỉ gồm chữ không dấu, số, dấu chấm, gạch ngang, gạch dưới; tối đa 60 ký tự."),
        t("Gõ lại, ví dụ quay-2."),
        field="desk",
    )


def no_such_desk() -> NotFoundError:
    """No desk has this id."""
    return NotFoundError(
        "desk-unknown",
        t("Cổng không có quầy nào mang mã này."),
        t("Xem mã các quầy bằng lệnh “motcua gateway desks”."),
        field="desk",
    )


def revoked_for_good() -> RuleError:
    """A revoked desk does not come back."""
    return RuleError(
        "desk-revoked",
        t("Quầy này đã bị thu hồi nên không mở lại được."),
        t("Cấp mã ghi danh mới để quầy ghi danh lại; hồ sơ đã gửi vẫn nguyên ở cổng."),
        field="desk",
    )


def nothing_above() -> RuleError:
    """This gateway has no line upward yet."""
    return RuleError(
        "upper-none",
        t("Cổng này chưa nối lên cổng cấp trên nào."),
        t("Xin cấp trên mã ghi danh rồi chạy gateway upward enroll."),
        field="db",
    )
