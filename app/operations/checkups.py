"""What the doctor looks at before the database: settings, places, servers beside it.

A check gives a sentence for what is well and a symptom for what is not.
"""

import io
import shutil
import stat
import tempfile
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

from app.core.scanning import ScannerAwayError
from app.core.security import LOOPBACK, Site
from app.core.stores import new_key
from app.core.transports import Smtp, SmtpServer, Unreachable
from app.operations.health import LEAST_FREE
from app.operations.symptoms import Found, Patient, Symptom

SCARCE = 2 * 1024**3
GIB = 1024**3
SMTP_SECONDS = 10
PRIVATE = stat.S_IRWXG | stat.S_IRWXO


def address(patient: Patient) -> Found:
    """Where links lead."""
    given = patient.settings.base_url
    parts = urlsplit(given)
    if patient.settings.smtp_url and (not given or parts.hostname in LOOPBACK):
        yield Symptom(
            "CONVOCA_BASE_URL is this machine itself, but letters go out by mail.",
            "Every link in a letter would lead its reader to the reader's own machine.",
            "Set CONVOCA_BASE_URL to the address under which people reach Convoca.",
        )
    elif given and parts.scheme == "http" and parts.hostname not in LOOPBACK:
        yield Symptom(
            f"People reach Convoca by plain http ({given}).",
            "Whoever is on the way reads and changes everything, sign-ins as well.",
            "Put a proxy with TLS before it (docs/operate.md) and set an https address.",
            grave=False,
        )
    else:
        yield given or f"only this machine, at http://127.0.0.1:{patient.port}"


def key(patient: Patient) -> Found:
    """The secret that links and cookies hang on."""
    settings = patient.settings
    file = settings.data_dir / "secret.key"
    if settings.secret_key:
        yield "it comes from the settings"
    elif not file.exists():
        yield Symptom(
            f"There is no key {file} yet.",
            "It is made at the first start. If there was one, links in letters that were sent "
            "no longer work, and everybody has to sign in again.",
            "Put the old one back if you have it; otherwise start Convoca.",
            grave=False,
        )
    elif file.stat().st_mode & PRIVATE:
        yield Symptom(
            f"Others on this machine may read {file}.",
            "Whoever has it can make links that Convoca takes for its own.",
            f"chmod 600 {file}",
        )
    else:
        yield f"{file}, for its owner alone"


def folder(patient: Patient) -> Found:
    """Whether something can be put there, by us and not by everybody."""
    place = patient.settings.data_dir
    why = "The database, the files and the letters lie there."
    if not place.is_dir():
        kind = "is no folder" if place.exists() else "is not there"
        yield Symptom(f"{place} {kind}.", why, "Set CONVOCA_DATA_DIR, or run `convoca migrate`.")
        return
    try:
        with tempfile.TemporaryFile(dir=place) as probe:
            probe.write(b"probe")
    except OSError as error:
        words = f"Nothing can be written into {place} ({error.strerror})."
        yield Symptom(words, why, "Give the folder to the user as whom Convoca runs.")
        return
    if place.stat().st_mode & stat.S_IWOTH:
        words = f"Everybody on this machine may write into {place}."
        yield Symptom(words, why, f"chmod 750 {place}")
        return
    yield f"{place} can be written"


def disk(patient: Patient) -> Found:
    """Room for the data, and for what is on its way in."""
    data = patient.settings.data_dir
    for place in (data if data.is_dir() else Path.cwd(), Path(tempfile.gettempdir())):
        usage = shutil.disk_usage(place)
        left = f"{usage.free / GIB:.1f} GiB of {usage.total / GIB:.0f} left in {place}"
        why = "When nothing is left, no change and no file is taken any more."
        if usage.free < usage.total * LEAST_FREE:
            yield Symptom(f"Only {left}.", why, "Make room or give it a larger disk.")
        elif usage.free < SCARCE:
            yield Symptom(f"Only {left}.", why, "Make room soon.", grave=False)
        else:
            yield left


def mail_server(patient: Patient) -> Found:
    """As far as a letter would come, without sending one."""
    settings = patient.settings
    if not settings.smtp_url:
        yield Symptom(
            "No mail server is set (CONVOCA_SMTP_URL).",
            "Letters become files in the data folder; nobody gets them by mail.",
            "Set it, or send the files yourself and mark them as sent.",
            grave=False,
        )
        return
    server = SmtpServer.at(settings.smtp_url)
    sender = Site(settings.base_url or "http://localhost", settings.mail_from).sender
    try:
        Smtp(server, parseaddr(sender)[1], timeout=SMTP_SECONDS).greet()
    except Unreachable as error:
        yield Symptom(
            f"{server.host}:{server.port}: {error}.",
            "Letters wait until it works; after two days they have failed.",
            "Check host, port, user and password in CONVOCA_SMTP_URL, and that the server is up.",
        )
    else:
        yield f"{server.host}:{server.port} takes letters from {parseaddr(sender)[1]}"


def files(patient: Patient) -> Found:
    """Put a file away, read it, take it away again."""
    settings = patient.settings
    if not settings.files_url and not settings.data_dir.is_dir():
        yield Symptom(
            "There is no data folder to keep files in.",
            "Nobody can send a document.",
            "Mend the data folder first.",
        )
        return
    where = settings.files_url or f"{settings.data_dir / 'files'}"
    store, name = settings.uploads().store, new_key()
    try:
        store.put(name, io.BytesIO(b"probe"))
        same = b"".join(store.read(name, 0, 5)) == b"probe"
        store.delete(name)
    except Exception as error:  # noqa: BLE001 (whatever a bucket's library raises)
        words = f"A file could not be kept in {where} ({error})."
        yield Symptom(words, "Nobody can send or read a document.", "Check the place and the keys.")
        return
    if same:
        yield f"{where} keeps what it is given"
    else:
        words = f"{where} gave something else back than it was given."
        yield Symptom(words, "Documents would be damaged.", "Look for another place.")


def scanner(patient: Patient) -> Found:
    """Whether somebody looks for viruses, and answers."""
    found = patient.settings.uploads().scanner
    if found is None:
        yield "none is set (CONVOCA_CLAMAV): files are given out without a look for viruses"
        return
    try:
        found.virus_in([b"a harmless line"])
    except ScannerAwayError as error:
        yield Symptom(
            f"{found.host}:{found.port} does not answer as a scanner ({error}).",
            "New files wait, and nobody gets them.",
            "Start the ClamAV daemon, or correct CONVOCA_CLAMAV.",
        )
    else:
        yield f"{found.host}:{found.port} answers"
