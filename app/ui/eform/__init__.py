"""Tờ khai: a declaration filled once from the dossier, checked beside each field, printed to sign."""
