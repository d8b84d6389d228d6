"""The points of a reading, each with what the planner proposes to make of it. Pure."""

from collections.abc import Iterator, Mapping
from functools import cached_property

from app.core.languages import Localized
from app.desk.points import Point, Said, Use
from app.desk.proposals import PURPOSES, convening, is_document, mandates_in, papers_in
from app.resolutions.models import FindingKind
from app.resolutions.reading.record import (
    Body,
    Deadline,
    Finding,
    Instrument,
    Paragraph,
    PastDate,
    Purpose,
    Reading,
    Role,
)

KINDS: Mapping[type[Finding], FindingKind] = {
    Body: FindingKind.BODY,
    Instrument: FindingKind.INSTRUMENT,
    Deadline: FindingKind.DEADLINE,
    PastDate: FindingKind.DATE,
    Purpose: FindingKind.PURPOSE,
}
BODY_USES: Mapping[Role, Use] = {
    Role.CALLED_UPON: Use.CALL,
    Role.WORK_WITH: Use.INVITATION,
    Role.REPORT_TO: Use.REPORT,
}


def points_of(reading: Reading) -> list[Point]:
    """Everything that was found, in the order of the text, as it is proposed."""
    whole = _Whole(reading)
    return [point for paragraph in reading.paragraphs for point in whole.points(paragraph)]


class _Whole:
    """What a proposal for one finding has to know of the whole text."""

    def __init__(self, reading: Reading) -> None:
        self.lang = reading.language
        self.reading = reading

    @cached_property
    def mandates(self) -> list[Instrument]:
        return mandates_in(self.reading)

    @cached_property
    def convening(self) -> list[Paragraph]:
        return convening(self.reading)

    def points(self, paragraph: Paragraph) -> list[Point]:
        """Of one paragraph, in the order of its text; papers that it names are among them."""
        found = [self._point(each, paragraph) for each in paragraph.findings]
        found.extend(self._papers(paragraph))
        return sorted(found, key=lambda each: (each.starts or 0, -(each.ends or 0)))

    def _papers(self, paragraph: Paragraph) -> Iterator[Point]:
        for start, end, symbol in papers_in(paragraph):
            if symbol is None:
                text = paragraph.text[start:end]
                said = Said(use=Use.DOCUMENT, words=Localized({self.lang: text}))
                yield _made(FindingKind.INSTRUMENT, Finding(start, end, text), paragraph, said)

    def _point(self, finding: Finding, paragraph: Paragraph) -> Point:
        kind = KINDS[type(finding)]
        sure = not (isinstance(finding, Body) and finding.unknown)
        return _made(kind, finding, paragraph, self._said(finding, paragraph), sure=sure)

    def _said(self, finding: Finding, paragraph: Paragraph) -> Said:
        match finding:
            case Body():
                return _body(finding)
            case Instrument():
                return self._instrument(finding, paragraph)
            case Deadline():
                return self._deadline(finding, paragraph)
            case PastDate():
                return Said(day=finding.first.isoformat(), until=finding.last.isoformat())
            case Purpose():
                return self._purpose(finding, paragraph)
        raise TypeError(finding)

    def _instrument(self, found: Instrument, paragraph: Paragraph) -> Said:
        title = found.title or ("" if found.symbol else found.text)
        use = Use.NOTHING
        if any(each is found for each in self.mandates):
            use = Use.MANDATE
        elif is_document(found, paragraph):
            use = Use.DOCUMENT
            title = title or self._title_before(found, paragraph)
        name = found.symbol or found.key or ""
        return Said(name=name, use=use, words=Localized({self.lang: title}))

    def _title_before(self, found: Instrument, paragraph: Paragraph) -> str:
        for start, end, symbol in papers_in(paragraph):
            if symbol is found:
                return paragraph.text[start:end]
        return ""

    def _deadline(self, found: Deadline, paragraph: Paragraph) -> Said:
        """Where somebody is reported to, the report is what is due."""
        reports = bool(paragraph.in_role(Role.REPORT_TO))
        return Said(
            use=Use.NOTHING if reports else Use.DEADLINE,
            day=found.date.isoformat() if found.date else "",
            words=Localized({self.lang: found.text}),
        )

    def _purpose(self, found: Purpose, paragraph: Paragraph) -> Said:
        """A purpose of the meeting where the text asks for it; elsewhere a word that is used."""
        use = Use.THEME if found.cross_cutting else Use.PURPOSE
        if paragraph not in self.convening:
            use = Use.NOTHING
        words = PURPOSES.get(found.key) or Localized({self.lang: found.text})
        return Said(name=found.key, use=use, words=words)


def _body(found: Body) -> Said:
    use = Use.NOTHING if found.open_class else BODY_USES.get(found.role, Use.NOTHING)
    return Said(
        name=found.key or found.name or found.text,
        role=found.role,
        use=use,
        qualifier=found.qualifier or "",
    )


def _made(
    kind: FindingKind, finding: Finding, paragraph: Paragraph, said: Said, *, sure: bool = True
) -> Point:
    return Point(
        id=f"{paragraph.kind}-{paragraph.n}-{kind}-{finding.start}-{finding.end}",
        kind=kind,
        part=paragraph.kind,
        n=paragraph.n,
        text=finding.text,
        kept=sure,
        sure=sure,
        starts=finding.start,
        ends=finding.end,
        said=said,
        found=said,
    )
