"""Chi tiết hồ sơ: one dossier whole."""

from app.ui.dossier_detail.screen import DossierScreen

__all__ = ["DossierScreen"]
