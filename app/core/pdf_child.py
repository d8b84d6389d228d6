"""Run as a process of its own: a PDF comes in, its text goes out, a form feed after each page."""

import resource
import sys
import time

import pypdfium2  # type: ignore[import-untyped]  # it ships no types

MOST_PAGES = 300
MOST_CHARACTERS = 2_000_000
SECONDS = 1.2
MEMORY = 1024 * 1024 * 1024  # of addresses, of which the library itself takes the most


def main() -> None:
    """Read until the end, or as far as the limits go."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (3, 3))
    until = time.monotonic() + SECONDS
    document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
    written = 0
    for number in range(min(len(document), MOST_PAGES)):
        text = document[number].get_textpage().get_text_bounded()
        sys.stdout.buffer.write(text.encode("utf-8", "replace") + b"\n\f")
        written += len(text)
        if written > MOST_CHARACTERS or time.monotonic() > until:
            break


if __name__ == "__main__":
    main()
