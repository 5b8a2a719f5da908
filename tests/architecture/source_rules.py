"""Reads the sources of ``app`` and names every line that stands in the wrong room (STYLE, "The house").

import-linter knows who imports whom; these are the rules about direct imports and single calls.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

IMPORT_HOMES: Final[dict[str, tuple[str, ...]]] = {
    "PySide6": ("ui/",),
    "reportlab": ("printing/",),
    "keyring": ("keys.py", "sync/credentials.py"),
    "requests": ("sync/", "devices/", "province/"),
    "fastapi": ("province/",),
    "starlette": ("province/",),
    "uvicorn": ("province/",),
    "sqlalchemy": ("models/", "services/", "sync/", "reports/", "province/"),
    "sqlcipher3": ("models/", "province/"),
    "alembic": ("models/", "province/"),
    "argparse": ("cli/", "province/"),
    "subprocess": (),
    "pickle": (),
    "marshal": (),
    "shelve": (),
}
"""Top-level package -> where it may be imported, as beginnings of paths below ``app/``."""

ONE_MODULE_A_ROOM: Final = ("requests",)

CALL_HOMES: Final[dict[str, tuple[str, ...]]] = {
    "setStyleSheet": ("ui/widgets/", "ui/theme.py"),
    "datetime.now": ("clock.py",),
    "datetime.utcnow": (),
    "datetime.today": (),
    "date.today": (),
    "time.time": (),
    "time.time_ns": (),
    "currentDate": (),
    "currentDateTime": (),
    "eval": (),
    "exec": (),
    "os.system": (),
    "os.popen": (),
}
"""Call -> where it may stand. A dotted name is matched by its last two parts, a plain one by its last;
``eval`` and ``exec`` only as bare names (Qt and SQLAlchemy have methods of that name)."""

_BARE: Final = ("eval", "exec")


@dataclass(frozen=True)
class Violation:
    """One line in the wrong room."""

    place: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"app/{self.place}:{self.line}: {self.what}"


def violations(app: Path) -> list[Violation]:
    """Every breach below the package folder ``app``, by file and line."""
    found: list[Violation] = []
    users: dict[tuple[str, str], set[str]] = defaultdict(set)
    for path in sorted(app.rglob("*.py")):
        place = path.relative_to(app).as_posix()
        tree = ast.parse(path.read_text("utf-8"), filename=str(path))
        for line, package in _imports(tree):
            if package in ONE_MODULE_A_ROOM:
                users[package, place.split("/")[0]].add(place)
            if package in IMPORT_HOMES and not _at_home(place, IMPORT_HOMES[package]):
                found.append(Violation(place, line, f"imports {package}"))
        for line, call in _calls(tree):
            if not _at_home(place, CALL_HOMES[call]):
                found.append(Violation(place, line, f"calls {call}"))
    for (package, room), places in sorted(users.items()):
        if len(places) > 1:
            found.append(Violation(room, 0, f"{package} in more than one module: {sorted(places)}"))
    return found


def _at_home(place: str, homes: tuple[str, ...]) -> bool:
    return any(place == home or (home.endswith("/") and place.startswith(home)) for home in homes)


def _imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name.split(".")[0]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module.split(".")[0]


def _calls(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        parts = _dotted(node.func)
        last, last_two = parts[-1], ".".join(parts[-2:])
        if last_two in CALL_HOMES and len(parts) > 1:
            yield node.lineno, last_two
        elif last in CALL_HOMES and (last not in _BARE or len(parts) == 1):
            yield node.lineno, last


def _dotted(node: ast.expr) -> list[str]:
    if isinstance(node, ast.Attribute):
        return [*_dotted(node.value), node.attr]
    return [node.id] if isinstance(node, ast.Name) else [""]
