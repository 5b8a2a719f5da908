"""Officers' roles and what each may do (CONTRACT: canbo, lanhdao, quantri)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.errors import RuleError
from app.text import t


class Role(StrEnum):
    """Roles of a desk; the wire's actor role is ``wire_role``."""

    RECEPTION = "reception"
    PROCESSING = "processing"
    LEADER = "leader"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


class Permission(StrEnum):
    """What a service asks leave for."""

    RECEIVE = "receive"
    PROCESS = "process"
    RETURN = "return"
    SEARCH = "search"
    VIEW = "view"
    HELP_ACCOUNT = "help_account"
    PRINT = "print"
    SYNC = "sync"
    OVERRIDE = "override"
    REOPEN = "reopen"
    CONFIGURE = "configure"
    MANAGE_OFFICERS = "manage_officers"
    READ_AUDIT = "read_audit"


_COUNTER = frozenset(
    {
        Permission.RECEIVE,
        Permission.PROCESS,
        Permission.RETURN,
        Permission.SEARCH,
        Permission.VIEW,
        Permission.HELP_ACCOUNT,
        Permission.PRINT,
        Permission.SYNC,
    }
)

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.RECEPTION: _COUNTER,
    Role.PROCESSING: _COUNTER,
    Role.LEADER: _COUNTER | {Permission.OVERRIDE, Permission.REOPEN, Permission.READ_AUDIT},
    Role.ADMINISTRATOR: frozenset(
        {Permission.CONFIGURE, Permission.MANAGE_OFFICERS, Permission.SYNC, Permission.READ_AUDIT}
    ),
    Role.AUDITOR: frozenset({Permission.SEARCH, Permission.VIEW, Permission.READ_AUDIT}),
}

_WIRE_ROLES = {
    Role.RECEPTION: "counter",
    Role.PROCESSING: "specialist",
    Role.LEADER: "leader",
    Role.ADMINISTRATOR: "administrator",
    Role.AUDITOR: "system",
}


@dataclass(frozen=True)
class Officer:
    """Who acts. ``id`` is stable and goes to the province; ``login`` never does."""

    id: str
    login: str
    name: str
    role: Role
    position: str = ""

    @property
    def wire_role(self) -> str:
        """The role as the protocol names it."""
        return _WIRE_ROLES[self.role]

    def may(self, permission: Permission) -> bool:
        """Whether the role allows the act."""
        return permission in PERMISSIONS[self.role]

    def require(self, permission: Permission) -> None:
        """Refuse, with a sentence, an act outside the role."""
        if not self.may(permission):
            raise RuleError(
                "not-permitted",
                t("Vai trò của bạn không làm được việc này."),
                t("Nhờ người có quyền đăng nhập và làm, hoặc báo quản trị viên."),
            )
