"""What this gateway takes, and what it says of itself in ``/v1/meta``."""

from __future__ import annotations

from typing import Final

MAX_EVENTS: Final = 500
MAX_PUSH_BYTES: Final = 1_048_576
MAX_CHANGES: Final = 500
MAX_FILE_BYTES: Final = 104_857_600
MIN_CHUNK_BYTES: Final = 16_384
MAX_CHUNK_BYTES: Final = 4_194_304
MAX_SMALL_BODY: Final = 65_536
MAX_RUN_BYTES: Final = 262_144
MAX_JSON_DEPTH: Final = 32
MAX_INFLATE_RATIO: Final = 100
UPLOAD_MAX_AGE_S: Final = 30 * 86_400
IDEMPOTENCY_RETENTION_S: Final = 366 * 86_400
CURSOR_RETENTION_S: Final = 180 * 86_400
CLOCK_WARN_S: Final = 300
NEXT_SYNC_AFTER_S: Final = 300

LIMITS: Final = {
    "max_events_per_push": MAX_EVENTS,
    "max_push_bytes": MAX_PUSH_BYTES,
    "max_changes_per_pull": MAX_CHANGES,
    "max_file_bytes": MAX_FILE_BYTES,
    "min_chunk_bytes": MIN_CHUNK_BYTES,
    "max_chunk_bytes": MAX_CHUNK_BYTES,
    "upload_max_age_s": UPLOAD_MAX_AGE_S,
    "idempotency_retention_s": IDEMPOTENCY_RETENTION_S,
    "cursor_retention_s": CURSOR_RETENTION_S,
    "clock_warn_s": CLOCK_WARN_S,
}

FEATURES: Final = ("gzip", "resumable-upload", "bundles", "number-blocks", "long-poll")
SCHEMA_NUMBERS: Final = (1,)
MIN_CLIENT_VERSION: Final = "0.1.0"
