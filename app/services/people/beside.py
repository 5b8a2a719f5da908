"""A leader's word given at the counter: he signs in beside the officer, who stays at work (SCREENS)."""

from __future__ import annotations

from app.domain.roles import Officer
from app.errors import RuleError
from app.services.desk import Desk
from app.services.people.access import must_change_password, sign_in
from app.services.people.delegation import may_lead
from app.services.people.second_step import CODE, has_second_step
from app.text import t

LOGIN, PASSWORD = "leader_login", "leader_password"
"""Names of the two fields in refusals."""
_AFTER_THE_PASSWORD = t("Gõ mật khẩu, một dấu cách, rồi sáu số đang hiện trên điện thoại của lãnh đạo.")


def leader_beside(desk: Desk, login: str, password: str) -> Officer:
    """The leader, or who signs for one today, by login and password; wrong ones make everybody wait longer.

    A leader with a second step types its code after the password and a space. Raises ``RuleError``
    "login-missing", "wrong-login", "login-wait", "no-leader", "password-once" where it is the one-time
    password, which somebody else has given out, and of the second step "code-needed", "wrong-code",
    "code-used", "clock-off".
    """
    if not login.strip():
        raise RuleError(
            "login-missing",
            t("Chưa gõ tên đăng nhập của lãnh đạo."),
            t("Mời lãnh đạo gõ tên đăng nhập và mật khẩu của mình."),
            field=LOGIN,
        )
    try:
        leader = sign_in(desk, login, *_parted(desk, login, password))
    except RuleError as refused:
        told = _AFTER_THE_PASSWORD if refused.field == CODE else refused.next_step
        raise RuleError(refused.code, refused.title, told, field=PASSWORD) from refused
    if not may_lead(desk, leader):
        raise RuleError(
            "no-leader",
            t("{name} không ký thay lãnh đạo hôm nay.").format(name=leader.name),
            t("Cần lãnh đạo, hoặc người đang được ủy quyền ký."),
            field=LOGIN,
        )
    if must_change_password(desk, leader):
        raise RuleError(
            "password-once",
            t("Mật khẩu này chỉ dùng một lần nên chưa thay được chữ ký."),
            t("Mời {name} đăng nhập, đặt mật khẩu của mình rồi quay lại đây.").format(name=leader.name),
            field=PASSWORD,
        )
    return leader


def _parted(desk: Desk, login: str, password: str) -> tuple[str, str]:
    """Password and code, which share one line at the counter."""
    if not has_second_step(desk, login):
        return password, ""
    before, space, code = password.rpartition(" ")
    return (before, code) if space and code.isdigit() else (password, "")
