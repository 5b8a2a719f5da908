"""Hồ sơ: the grid of all dossiers."""

from app.ui.dossiers.screen import DossiersScreen

__all__ = ["DossiersScreen"]
