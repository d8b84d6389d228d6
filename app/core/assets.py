"""Style sheets, scripts and icons as bytes in memory, under addresses that change with them."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

STATIC = Path(__file__).parents[2] / "static"
PUBLIC = "tokens base masthead button form mark notice table timetable paper"
BUNDLES = {
    "public.css": PUBLIC.split(),
    "desk.css": [*PUBLIC.split(), "desk"],
}
TYPES = {".js": "text/javascript", ".svg": "image/svg+xml", ".css": "text/css"}


@dataclass(frozen=True)
class Asset:
    """One file as it is sent."""

    body: bytes
    packed: bytes
    media_type: str

    @property
    def version(self) -> str:
        """Changes when the content changes."""
        return hashlib.sha256(self.body).hexdigest()[:12]


class Assets:
    """The ASGI application under /static; also gives templates the addresses."""

    def __init__(self, folder: Path = STATIC) -> None:
        self.files = {
            path.relative_to(folder).as_posix(): _asset(path.name, path.read_bytes())
            for path in sorted(folder.rglob("*"))
            if path.is_file() and path.suffix in {*TYPES, ".txt", ".png", ".ico"}
        }
        for name, parts in BUNDLES.items():
            sheets = (self.files[f"css/{part}.css"].body for part in parts)
            self.files[name] = _asset(name, b"\n".join(sheets))
        # Scripts import one another by relative path, so one version stands for all of them.
        self.version = hashlib.sha256(
            "".join(asset.version for asset in self.files.values()).encode()
        ).hexdigest()[:12]

    def address(self, name: str) -> str:
        """Where a template finds it; raises KeyError for a file that does not exist."""
        if name not in self.files:
            raise KeyError(name)
        return f"/static/{self.version}/{name}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from memory, for ever cacheable under the versioned address."""
        version, _, name = scope["path"].removeprefix("/static/").partition("/")
        asset = self.files.get(name)
        if asset is None:
            await PlainTextResponse("Not found\n", 404)(scope, receive, send)
            return
        packed = "gzip" in Headers(scope=scope).get("accept-encoding", "")
        response = Response(asset.packed if packed else asset.body, media_type=asset.media_type)
        current = version == self.version
        response.headers["cache-control"] = (
            "public, max-age=31536000, immutable" if current else "public, max-age=60"
        )
        response.headers["vary"] = "Accept-Encoding"
        response.headers["etag"] = f'"{asset.version}{"-gz" if packed else ""}"'
        if packed:
            response.headers["content-encoding"] = "gzip"
        await response(scope, receive, send)


def _asset(name: str, body: bytes) -> Asset:
    media_type = TYPES.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "text/plain"
    return Asset(body, gzip.compress(body, mtime=0), media_type)
