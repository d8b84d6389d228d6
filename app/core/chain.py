"""Hash chains: each frozen record names the hash of the one before it, so none can be altered."""

import hashlib
import json
from collections.abc import Mapping

BEGINNING = "0" * 64


def chained_hash(previous: str, content: Mapping[str, object]) -> str:
    """SHA-256, in hexadecimal, over the previous hash and the content as canonical JSON."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{canonical}".encode()).hexdigest()
