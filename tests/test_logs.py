"""The log holds fixed messages and ids; nothing a citizen or the province said reaches it."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import logs
from app.clock import SystemClock

SECRET = "Ma Thị Hường 008198000000"


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Path]:
    """The log file of a fresh folder; the root logger is left as it was."""
    root = logging.getLogger()
    before, level, ours = list(root.handlers), root.level, logs.log.level
    logs.start_logging(tmp_path, "test")
    yield tmp_path / "logs" / "test.log"
    for handler in list(root.handlers):
        root.removeHandler(handler)
        handler.close()
    for handler in before:
        root.addHandler(handler)
    root.setLevel(level)
    logs.log.setLevel(ours)


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_ids_are_kept_and_arguments_are_not(kept: Path) -> None:
    logs.log.info("dossier %s stored", SECRET, extra={"ids": {"dossier": "d-1"}})
    (line,) = lines(kept)
    assert (line["said"], line["dossier"]) == ("dossier %s stored", "d-1")
    assert SECRET not in kept.read_text("utf-8")


def test_of_other_packages_only_the_origin_is_kept(kept: Path) -> None:
    logging.getLogger("urllib3").warning("retrying https://x/%s", SECRET)
    (line,) = lines(kept)
    assert line["by"] == "urllib3"
    assert SECRET not in kept.read_text("utf-8")


def test_a_failure_is_its_kind_and_its_places(kept: Path) -> None:
    try:
        raise ValueError(SECRET)
    except ValueError:
        logs.log.exception("failed")
    (line,) = lines(kept)
    assert line["failure"] == "ValueError"
    assert "test_logs.py" in str(line["where"])
    assert SECRET not in kept.read_text("utf-8")


def test_a_crash_note_names_every_failure_and_no_value(kept: Path, tmp_path: Path) -> None:
    try:
        try:
            raise KeyError(SECRET)
        except KeyError as first:
            raise RuntimeError(SECRET) from first
    except RuntimeError as failure:
        name = logs.note_crash(tmp_path, failure, SystemClock())
    note = json.loads((tmp_path / "logs" / f"crash-{name}.json").read_text("utf-8"))
    assert [each["kind"] for each in note["failures"]] == ["RuntimeError", "KeyError"]
    assert SECRET not in str(note) + kept.read_text("utf-8")


def test_a_folder_that_cannot_be_written_costs_only_the_log(kept: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    logs.start_logging(tmp_path / "file", "test")
    logs.log.info("still fine")
    assert logs.note_crash(tmp_path / "file", ValueError(), SystemClock())
