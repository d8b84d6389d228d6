"""The yardstick, run as a child: an ASGI function that gives one answer and does nothing else."""

import json
import sys
from pathlib import Path
from typing import Any

import uvicorn

known = json.loads(Path(sys.argv[1]).read_text())
START = {
    "type": "http.response.start",
    "status": known["status"],
    "headers": [(name.encode(), value.encode("latin-1")) for name, value in known["headers"]],
}
BODY = {"type": "http.response.body", "body": Path(sys.argv[2]).read_bytes()}


async def bare(scope: Any, _receive: Any, send: Any) -> None:
    """Answer; refuse the lifespan, which uvicorn takes for having none."""
    if scope["type"] != "http":
        raise NotImplementedError
    await send(START)
    await send(BODY)


if __name__ == "__main__":
    uvicorn.run(bare, **json.loads(sys.argv[3]))
