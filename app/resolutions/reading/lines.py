"""What programs that turn PDF into text leave behind, taken away: only the text's lines stay."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.resolutions.reading.margins import unspaced, without_margin
from app.resolutions.reading.tokens import composed

SOFT_HYPHEN = re.compile("\u00ad[ \t]*(?:\n[ \t]*)?")
INVISIBLE = dict.fromkeys([*range(0x200B, 0x2010), 0x2060, 0xFEFF, *range(0x202A, 0x202F)])
LIGATURES = {
    0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st",
    0xFB06: "st",
}  # fmt: skip
SPACES = dict.fromkeys((9, 160, 5760, *range(8192, 8203), 8239, 8287, 12288), " ")
CONTROLS = dict.fromkeys((*range(9), 11, *range(14, 32), *range(127, 160)), " ")
TABLE = {**INVISIBLE, **LIGATURES, **SPACES, **CONTROLS}
BREAK = "\f"

PAGE = re.compile(
    r"(?:[-–—=|·\s]*\d{1,4}[-–—=|·\s]*"
    r"|(?:page|página|pagina|pág|pag|p)\.?\s*\d{1,4}(?:\s*(?:of|de|sur|/)\s*\d{1,4})?"
    r"|\d{1,3}\s*/\s*\d{1,3}|[/.…\s]{1,8}|\*\d{6,}\*|(?:\d{1,3}(?:/\d{1,3})?\s+)?(?:[A-Z]{1,3}\.?)?\d{2}-\d{5,6}(?:\s*\(\w\))?"
    r"(?:\s+\d{1,3}(?:/\d{1,3})?)?|.{0,40}\S+\.docx?(?:\s.{0,30})?|(?:=\s*){2,}|[-–—_*]{3,})",
    re.IGNORECASE,
)
# A number and its point on two lines.
PARTED = re.compile(r"(?m)^([ ]*\d{1,3})[ ]*\n[ ]*([.)][-–—]?)[ ]*$")
BARE_NUMBER = re.compile(r"\d{1,3}")
RULE = re.compile(r"[_–—-]{5,}")
JOURNAL = re.compile(r".*\S\s*\|\s*\w{2}\s*\|\s*\S.*")
SYMBOL = re.compile(
    r"(?:[A-Z][\w().]*/)+(?:[A-Z]{2,4}\.\s)?[\w().-]*\d[\w().-]*(?:\s*/\S+)?(?:\s+\([\w/-]+\))?"
    r"(?:[ ,]+(?:rev|add|corr)\.? ?\d+)*"
    r"|[A-Z]{1,5}\d{1,3}\.[A-Z]?\d{1,3}|(?:OEA|OAS)/Ser\.\S+",
    re.IGNORECASE,
)
ENDED = re.compile(r"[.;:,!?…][\"'”’»)\]]*$")
NOTE = re.compile(
    r"(?:(?P<slash>\d{1,2})\s?/(?=\s)|(?P<raised>[¹²³⁴-⁹⁰]+)|\((?P<round>\d{1,3})\)|\[(?P<square>\d{1,3})\]"
    r"|(?P<bare>\d{1,2})|(?P<star>\*{1,3}))\s*(?=\S)(?P<rest>.*)"
)
RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
NOTE_BEGINS = re.compile(
    r"(?:see|ver|véase|véanse|vid|voir|cf|ibid|ibíd|op|idem|id|document|documento|resolution|resolución|"
    r"résolution|resolução|decision|oj|jo|do|official|documentos oficiales|documents officiels|"
    r"united nations, treaty|naciones unidas|nations unies|adopted|adoptée?|"
    r"aprobad[ao]|aprovad[ao]|"
    r"the |and, where|treaty series|as |for |including|report of|informe|rapport|supplement)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the text itself. `gap`: an empty line stood before; `cut`: a page ended before."""

    text: str
    gap: bool
    cut: bool = False


def raw_lines(text: str) -> list[str]:
    """Lines without what no reader sees, single-spaced; a page's end is a line of its own."""
    text = (
        text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\x85", "\n")
    )
    if "\u00ad" in text:
        text = SOFT_HYPHEN.sub("", text)
    text = composed(text.replace("\u2029", "\n\n").translate(TABLE))
    text = PARTED.sub(r"\1\2", text.replace(BREAK, f"\n{BREAK}\n"))
    lines = without_margin(text.split("\n"))
    return [line if line == BREAK else " ".join(unspaced(line).split()) for line in lines]


def text_lines(lines: Sequence[str]) -> tuple[list[Line], list[str]]:
    """The lines of the text, and its footnotes."""
    furniture = _furniture(lines)
    kept: list[Line] = []
    notes: list[str] = []
    gap = cut = in_note = False
    marks = _note_marks(lines)
    for place, text in enumerate(lines):
        if not text:
            gap = True
            in_note = False
        elif place in furniture:
            cut, in_note = True, False
            if RULE.fullmatch(text):
                gap = True
        elif in_note or _begins_note(text, marks, gap=gap or cut):
            # A note ends at an empty line or with the page.
            notes.append(text) if not in_note else notes.append(notes.pop() + " " + text)
            in_note = cut = True
        else:
            kept.append(Line(text, gap, cut))
            gap = cut = False
    return kept, notes


def _furniture(lines: Sequence[str]) -> set[int]:
    """Places of page numbers, of what is printed at the head or foot of pages, of rules."""
    found = {
        place for place, text in enumerate(lines) if text == BREAK or _is_page(text, lines, place)
    }
    shapes = Counter(_shape(text) for text in lines if 3 < len(text) < 120)  # noqa: PLR2004
    # What stands next to furniture may be furniture itself; two rounds find headers of two lines.
    for _ in range(3):
        more = {
            near
            for place in found
            for near in _near(lines, place, found)
            if _is_header(lines, near, found, shapes)
        }
        if not more:
            break
        found |= more
    for place, text in enumerate(lines):
        if text and place not in found and SYMBOL.fullmatch(text) and _alone(lines, place, found):
            found.add(place)
    return found


def _is_page(text: str, lines: Sequence[str], place: int) -> bool:
    if not text or len(text) > 60:  # noqa: PLR2004
        return bool(text) and JOURNAL.fullmatch(text) is not None
    if BARE_NUMBER.fullmatch(text):
        return not _numbers_next(lines, place, int(text))
    return PAGE.fullmatch(text) is not None or JOURNAL.fullmatch(text) is not None


def _numbers_next(lines: Sequence[str], place: int, number: int) -> bool:
    """Whether a bare number is a paragraph's: others of its kind stand around it, in order.

    The text follows on the next line, in upper case, and no symbol is between.
    """
    after = next((line for line in lines[place + 1 : place + 3] if line), "")
    before = next((line for line in reversed(lines[max(place - 2, 0) : place]) if line), "")
    if not after[:1].isupper() or SYMBOL.fullmatch(after) or not ENDED.search(before):
        return False
    marks = {str(number - 1), str(number + 1)}
    return lines[place + 1] != "" and any(line in marks for line in lines[place - 60 : place + 60])


def _shape(text: str) -> str:
    return re.sub(r"\d+", "#", text.casefold())


def _near(lines: Sequence[str], place: int, found: set[int]) -> Iterable[int]:
    """The nearest line before and after that is no furniture, over at most two empty ones."""
    for step in (-1, 1):
        near = place + step
        empty = 0
        while 0 <= near < len(lines) and (not lines[near] or near in found):
            empty += not lines[near]
            near += step
            if empty > 2:  # noqa: PLR2004
                break
        if 0 <= near < len(lines) and lines[near] and near not in found:
            yield near


def _is_header(lines: Sequence[str], place: int, found: set[int], shapes: Counter[str]) -> bool:
    text = lines[place]
    if len(text) >= 120 or ENUMERATED.match(text):  # noqa: PLR2004
        return False
    if SYMBOL.fullmatch(text) or (shapes[_shape(text)] > 1 and not ENDED.search(text)):
        return True
    alone = all(
        not 0 <= near < len(lines) or not lines[near] or near in found
        for near in (place - 1, place + 1)
    )
    after = next((line for line in lines[place + 1 : place + 6] if line), "")
    return alone and not ENDED.search(text) and text[0].isupper() and _goes_on(after)


ENUMERATED = re.compile(r"\(?\w{1,4}[.)]|[-•*–—]\s|[IVX]+\s|art", re.IGNORECASE)
NUMBERED = re.compile(r"\(?\d{1,3}[.)]")


def _goes_on(after: str) -> bool:
    return after[:1].islower() or NUMBERED.match(after) is not None


def _alone(lines: Sequence[str], place: int, found: set[int]) -> bool:
    """Nothing before and after it on the page: it belongs to no sentence."""
    for near in (place - 1, place + 1):
        if 0 <= near < len(lines) and lines[near] and near not in found:
            return False
    return True


MARK = re.compile(
    r"(?<=\S)(?:\s?(?P<raised>[¹²³⁴-⁹⁰]+)"
    r"|(?:(?<=[a-zà-ÿ])|(?<=[;,.”\"’»:]))(?P<bare>\d{1,2})(?=$|[\s;,.])"
    r"|,?\s(?P<slash>\d{1,2})/(?=$|[\s;,.])|\s?\((?P<round>\d{1,2})\)(?=$|[;,.])"
    r"|(?<=\w)(?P<star>\*{1,3})(?=$|\W))"
)
STYLES = {"raised": "", "bare": "", "slash": "/", "round": "(", "square": "[", "star": ""}


def _mark(hit: re.Match[str]) -> str:
    """A footnote's sign: its number, and how it is set."""
    style = hit.lastgroup if hit.lastgroup in STYLES else None
    for name in (style, *STYLES) if style else STYLES:
        sign = hit.groupdict().get(name)
        if sign:
            return STYLES[name] + sign.translate(RAISED)
    return ""


def _note_marks(lines: Sequence[str]) -> set[str]:
    """Signs in the text that send a reader to a footnote."""
    return {_mark(hit) for line in lines for hit in MARK.finditer(line)}


def _begins_note(text: str, marks: set[str], *, gap: bool) -> bool:
    hit = NOTE.match(text)
    if hit is None:
        return False
    rest, mark = hit["rest"], _mark(hit)
    if hit["slash"] or hit["raised"]:
        return True
    if mark not in marks or (hit["bare"] and not text[len(mark) :].startswith(" ")):
        return False
    plain = hit["bare"] or hit["star"]
    return (bool(plain) and gap) or NOTE_BEGINS.match(rest) is not None or bool(SYMBOL.match(rest))


def without_marks(text: str, marks: set[str]) -> str:
    """The text without raised numbers, and without the signs of footnotes that were found."""
    return MARK.sub(lambda hit: "" if hit["raised"] or _mark(hit) in marks else hit[0], text)


def marks_of(notes: Sequence[str]) -> set[str]:
    """The signs of these footnotes."""
    return {_mark(hit) for note in notes if (hit := NOTE.match(note))}
