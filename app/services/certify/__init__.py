"""The certified-copy lane: taking in, books, stamp texts (NĐ 23/2015 as amended)."""

from app.services.certify.batch import (
    Certified,
    CopyBatch,
    CopyJob,
    CopyLine,
    LineRefused,
    certify,
    certify_batch,
)
from app.services.certify.ending import Ending
from app.services.certify.signers import Signer, signers

__all__ = [
    "Certified",
    "CopyBatch",
    "CopyJob",
    "CopyLine",
    "Ending",
    "LineRefused",
    "Signer",
    "certify",
    "certify_batch",
    "signers",
]
