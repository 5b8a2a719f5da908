"""The recovery sheet as paper: nine words and what to do with them. Made once, kept nowhere but in a safe."""

from __future__ import annotations

import hmac
from typing import Final

from app import keys
from app.clock import VIETNAM
from app.domain.plain_paper import PaperPart, PaperTable, PlainPaper
from app.domain.roles import Officer, Permission
from app.errors import RuleError, StorageError
from app.services.desk import Desk
from app.services.papers.slips import slip_head
from app.services.recording import Recorder
from app.text import t

FORM: Final = "recovery_sheet"
_ACROSS: Final = 3


def recovery_sheet(desk: Desk, by: Officer, words: str) -> bytes:
    """The sheet as PDF, once the words are found to open this desk; nothing of it is kept.

    Raises ``RuleError`` "not-permitted", "wrong-recovery-words"; ``StorageError`` of the public file.
    """
    from app.printing.plain_paper import draw_plain_paper

    by.require(Permission.CONFIGURE)
    if not opens_by(desk, words):
        raise RuleError(
            "wrong-recovery-words",
            t("Các từ khôi phục chưa đúng với quầy này."),
            t("So lại từng từ với tờ khôi phục mới nhất rồi gõ lại."),
            field="words",
        )
    now = desk.clock.now()
    with desk.store.write() as connection:
        head = slip_head(connection, desk, "")
        Recorder(connection, desk, by, now).audit("print", FORM, desk.profile.id)
    made = f"{now.astimezone(VIETNAM):%d/%m/%Y}"
    title = t("Tờ khôi phục dữ liệu của quầy")
    parts = (_words_part(words), _use_part(desk, made))
    return draw_plain_paper(PlainPaper(head, title, now, parts, demo=desk.profile.demo))


def opens_by(desk: Desk, words: str) -> bool:
    """Whether these are the words of the sheet in force."""
    try:
        found = keys.key_by_words(keys.read_desk_file(desk.folder), words)
    except StorageError as refused:
        if refused.code == "wrong-recovery-words":
            return False
        raise
    return hmac.compare_digest(found, desk.store.key)


def _words_part(words: str) -> PaperPart:
    numbered = [f"{place}.  {word}" for place, word in enumerate(words.lower().split(), start=1)]
    rows = [tuple(numbered[at : at + _ACROSS]) for at in range(0, len(numbered), _ACROSS)]
    table = PaperTable(tuple((t("Từ"), 1) for _ in range(_ACROSS)), tuple(rows))
    return PaperPart(title=t("Chín từ, đọc từ trái sang phải"), table=table)


def _use_part(desk: Desk, made: str) -> PaperPart:
    return PaperPart(
        title=t("Dùng khi nào, cất ở đâu"),
        lines=((t("Quầy"), desk.profile.name), (t("Có hiệu lực từ"), made)),
        words=(
            t(
                "Ai có tờ này và một bản sao lưu thì đọc được mọi hồ sơ của quầy. Cất trong tủ có khóa, "
                "không cùng chỗ với bản sao lưu; không chụp ảnh, không gửi qua mạng."
            ),
            t(
                "Máy hỏng, mất hay không mở được kho: cài lại chương trình, cắm USB có tệp sao lưu mới nhất, "
                "gõ lệnh motcua restore và tên tệp, rồi gõ chín từ khi được hỏi. Gõ sai, chương trình nói "
                "ngay và không đổi gì."
            ),
            t(
                "Không ai đăng nhập được: ở trang đăng nhập chọn Quên mật khẩu, gõ chín từ để quản trị viên "
                "đặt mật khẩu mới."
            ),
            t(
                "Mỗi lần đổi khóa hay in tờ mới, tờ cũ không mở được quầy nữa nhưng vẫn mở các bản sao lưu "
                "làm trước ngày ghi trên tờ mới. Giữ tờ cũ cho đến khi các bản ấy không còn."
            ),
        ),
    )
