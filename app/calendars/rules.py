"""Which sittings a feed holds."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from app.meetings.rules import local_day
from app.schedules.showing import ShownSitting

Selection = Callable[[ShownSitting], bool]

# A personal feed drops a meeting this long after its last day.
AFTERGLOW = timedelta(days=30)


def everything(_: ShownSitting) -> bool:
    """The whole meeting, closed sittings included as such."""
    return True


def on_day(day: date, zone: str) -> Selection:
    """Sittings that begin on this day of the meeting."""
    return lambda sitting: local_day(sitting.starts_at, zone) == day


def under_mandate(key: str) -> Selection:
    """Sittings that serve this mandate; what a closed one serves is nobody's business."""
    return lambda sitting: key in sitting.mandates


def for_purpose(key: str) -> Selection:
    """Sittings that pursue this purpose."""
    return lambda sitting: key in sitting.purposes


def with_entity(key: str) -> Selection:
    """Sittings in which this entity takes part."""
    return lambda sitting: any(entity.key == key for entity in sitting.entities)


def only(sitting_id: str) -> Selection:
    """One sitting by its id as our addresses write it, unless it is closed."""
    return lambda sitting: str(sitting.id) == sitting_id and not sitting.closed


def selected(
    sittings: Iterable[ShownSitting], selection: Selection, *, hide_cancelled: bool = False
) -> list[ShownSitting]:
    """Those sittings; cancelled ones stay, struck, unless the reader's program prefers without."""
    return [
        sitting
        for sitting in sittings
        if selection(sitting) and not (hide_cancelled and sitting.cancelled)
    ]
