"""Until when something is to be done: phrases, with a date where one is printed."""

import re
from collections.abc import Sequence

from app.resolutions.reading.dates import Printed
from app.resolutions.reading.record import Deadline
from app.resolutions.reading.tokens import Token
from app.resolutions.reading.words import Words

NEAR_DATE = 5  # words between "no later than" and the day
NEAR_EVENT = 12  # words between "before the" and "session"
BREAK = re.compile(r"[.;:!?()\n]|,(?!\s\d)")
YEAR = re.compile(r"(?:1[89]|20)\d\d")
ORDINAL = re.compile(r"\d{1,3}(?:st|nd|rd|th|e|a|o|re|er|ª|º)?|[ivxl]+")
AFTER_EVENT = 10


class Deadlines:
    """Finds the deadlines of one paragraph; `dates` are the days that are printed in it."""

    def __init__(
        self, text: str, tokens: Sequence[Token], words: Words, dates: Sequence[Printed]
    ) -> None:
        self.text = text
        self.tokens = tokens
        self.words = words
        self.dates = {each.start: each for each in dates}
        self.of = words.of | {"of"}

    def read(self) -> list[Deadline]:
        """All of them; none overlaps another."""
        found: list[Deadline] = []
        place = 0
        while place < len(self.tokens):
            count = self.words.leads.at(self.tokens, place)[0]
            deadline = self._after(place, place + count) if count else None
            if deadline is None:
                place += 1
                continue
            found.append(deadline)
            while place < len(self.tokens) and self.tokens[place].start < deadline.end:
                place += 1
        return found

    def _after(self, lead: int, place: int) -> Deadline | None:
        """What stands after "before", "no later than": a day, a year, a session, a span."""
        only_event = self._only_leads_to(lead, place)
        for near in range(place, min(place + NEAR_EVENT, len(self.tokens))):
            if near > place and self._parted(near):
                return None
            if self.tokens[near].key in self.words.events and self._may_be_meant(near, place):
                return self._event(self.tokens[lead].start, place, near)
            found = None if only_event else self._day_or_span(lead, place, near)
            if found is not None or not self._may_lead(near, place):
                return found
        return None

    def _parted(self, near: int) -> bool:
        """Whether a sign, or another phrase of time, stands before this word."""
        token = self.tokens[near]
        if BREAK.search(self.text[self.tokens[near - 1].end : token.start]):
            return True
        return self.words.leads.at(self.tokens, near)[0] > 0 and token.key not in self.of

    def _may_be_meant(self, near: int, place: int) -> bool:
        return near > place or self.tokens[near - 1].key in THAT

    def _day_or_span(self, lead: int, place: int, near: int) -> Deadline | None:
        token, start = self.tokens[near], self.tokens[lead].start
        printed = self.dates.get(token.start)
        if printed is not None and near - place <= NEAR_DATE:
            return self._made(start, printed.end, printed)
        if YEAR.fullmatch(token.key) and near - place <= NEAR_DATE + 1:
            return self._made(start, token.end, None)
        if token.key in self.words.spans and near > place:
            return self._span(start, place, near)
        return None

    def _only_leads_to(self, lead: int, place: int) -> bool:
        """As in "to the next session": such words lead to an event, never to a day or a span."""
        words = self.text[self.tokens[lead].start : self.tokens[place - 1].end].lower()
        return words in {"to the", "to its", "for its", "à la", "a la"}

    def _may_lead(self, near: int, place: int) -> bool:
        """Verbs and other sentences do not stand between "before" and "session"."""
        key = self.tokens[near].key
        return (
            not (
                self.words.cues.at(self.tokens, near)[0]
                and key
                not in self.words.glue
                | self.words.of
                | {"on", "at", "in", "en", "for", "to", "para", "de", "un", "une", "um", "no", "na"}
            )
            or near == place
        )

    def _event(self, start: int, place: int, near: int) -> Deadline | None:
        between = [token.key for token in self.tokens[place:near]]
        known = (
            any(
                key in self.words.ordinals
                or ORDINAL.fullmatch(key)
                or key in NEXT
                or key.endswith(ORDINAL_ENDS[self.words.language])
                for key in between
            )
            or self.tokens[near - 1].key in THAT
        )
        lead_words = self.text[start : self.tokens[place - 1].end].lower()
        firm = bool(FIRM.search(lead_words))
        if not known and not firm:
            return None
        end = self._with_whose(near)
        return self._made(start, end, None)

    def _span(self, start: int, place: int, near: int) -> Deadline | None:
        between = [token.key for token in self.tokens[place:near]]
        lead = self.text[start : self.tokens[place - 1].end].lower()
        counted = any(
            key.isdigit() or key in self.words.numbers or key in self.words.ordinals
            for key in between
        )
        if not counted and not ENDING.search(lead):
            return None
        return self._made(start, self._to_break(near), None)

    def _to_break(self, near: int) -> int:
        """To the end of "within six months of the adoption of this resolution"."""
        end = self.tokens[near].end
        for after in range(near + 1, min(near + AFTER_EVENT, len(self.tokens))):
            token = self.tokens[after]
            if re.search(r"[.,;:()\n]", self.text[self.tokens[after - 1].end : token.start]):
                break
            cues = self.words.cues.at(self.tokens, after)
            if cues[0] and any(each.does != "end" for each in cues[1]):
                break
            if (
                token.key in {"on", "sobre", "sur", "to", "un", "une", "um", "uma", "que", "a"}
                and after > near + 1
            ):
                break
            end = token.end
        return end

    def _with_whose(self, near: int) -> int:
        """ "session of the General Assembly": the event with what it is of."""
        end = near
        for after in range(near + 1, min(near + AFTER_EVENT, len(self.tokens))):
            token = self.tokens[after]
            gap = self.text[self.tokens[after - 1].end : token.start]
            if gap not in {" ", "-", "’", "'"}:
                break
            raw = self.text[token.start : token.end]
            small = token.key in self.of or token.key in self.words.structure["articles"]
            if raw[0].isupper() or token.key in self.words.events or token.key in EXTENDS:
                end = after
            elif not small:
                break
        return self.tokens[end].end

    def _made(self, start: int, end: int, printed: Printed | None) -> Deadline:
        return Deadline(start, end, self.text[start:end], date=printed.last if printed else None)


THAT = {"that", "ese", "esa", "cette", "cet", "nessa", "nesse"}
NEXT = {
    "next", "forthcoming", "following", "upcoming", "coming", "current", "present", "subsequent",
    "proximo", "proxima", "siguiente", "prochain", "prochaine", "prochaines", "seguinte", "futuro",
    "last",
    "ultima", "ultimo", "derniere", "each", "cada", "every",
    "regular", "ordinary", "special", "ordinario", "ordinaria", "ordinaire",
}  # fmt: skip
EXTENDS = {
    "sesiones",
    "sessions",
    "ordinarias",
    "ordinarios",
    "ordinaria",
    "ordinario",
    "ordinaire",
    "ordinaires",
    "sessoes",
}
ORDINAL_ENDS = {
    "en": (
        "first",
        "second",
        "third",
        "fourth",
        "fifth",
        "sixth",
        "eighth",
        "ninth",
        "enth",
        "ieth",
        "elfth",
    ),
    "es": ("esimo", "esima", "imo", "ima", "avo", "ava"),
    "fr": ("ieme",),
    "pt": ("esimo", "esima", "imo", "ima"),
}
FIRM = re.compile(
    r"before|prior|no later|not later|in time|in advance|next|"
    r"antes|tardar|próxim|proxim|avant|plus tard|prochain|until|hasta|até|jusqu"
)
ENDING = re.compile(
    r"end|fin|térm|term|before|antes|avant|quarter|prim|first|second|segund|semestre|half"
)
