"""A leader's word given at the counter: he signs in beside the officer, who stays at work (SCREENS)."""

from __future__ import annotations

from app.domain.roles import Officer
from app.errors import RuleError
from app.services.desk import Desk
from app.services.people.access import sign_in
from app.services.people.delegation import may_lead
from app.text import t

LOGIN, PASSWORD = "leader_login", "leader_password"
"""Names of the two fields in refusals."""


def leader_beside(desk: Desk, login: str, password: str) -> Officer:
    """The leader, or who signs for one today, by login and password; wrong ones make everybody wait longer.

    Raises ``RuleError`` "login-missing", "wrong-login", "login-wait", "no-leader".
    """
    if not login.strip():
        raise RuleError(
            "login-missing",
            t("Chưa gõ tên đăng nhập của lãnh đạo."),
            t("Mời lãnh đạo gõ tên đăng nhập và mật khẩu của mình."),
            field=LOGIN,
        )
    try:
        leader = sign_in(desk, login, password)
    except RuleError as refused:
        raise RuleError(refused.code, refused.title, refused.next_step, field=PASSWORD) from refused
    if not may_lead(desk, leader):
        raise RuleError(
            "no-leader",
            t("{name} không ký thay lãnh đạo hôm nay.").format(name=leader.name),
            t("Cần lãnh đạo, hoặc người đang được ủy quyền ký."),
            field=LOGIN,
        )
    return leader
