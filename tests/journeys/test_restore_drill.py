"""The sheet of docs/backup.md leads from an empty machine to a working desk.

The whole drill: ``python -m tests.journeys.restore_drill --dossiers 2000``.
"""

from __future__ import annotations

import re
from pathlib import Path

from tests.journeys.restore_drill import commands, drill, sheet, steps


def test_the_sheet_alone_makes_a_working_desk_on_an_empty_machine(tmp_path: Path) -> None:
    done = drill(tmp_path, 12)
    assert done.facts == {"dossiers": 18, "read alike": 17, "waiting": 0, "two copies, numbers shared": 0}
    assert done.minutes < 10


def test_the_sheet_is_for_somebody_who_never_typed_a_command() -> None:
    assert commands()[0].startswith("motcua restore ") and commands()[1] == "motcua ui"
    assert steps() <= 10
    assert not re.search(r"export |--|~/|\$|MOTCUA_", sheet())
