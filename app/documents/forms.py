"""What people type about a document."""

from collections.abc import Mapping
from typing import Any

from app.core.forms import Reader
from app.core.languages import Message
from app.documents.commands import DocumentGiven
from app.documents.models import Document, DocumentClass
from app.documents.rules import document_state

SYMBOL_LENGTH = 80


def document_form(reader: Reader) -> DocumentGiven:
    """A document, its files apart; raises Invalid with every mistake."""
    title = reader.localized(
        "title", required=Message("Enter the document's title in at least one language.")
    )
    symbol = reader.line("symbol", most=SYMBOL_LENGTH)
    dated = reader.dated("dated")
    classes = reader.chosen("class", [each.value for each in DocumentClass])
    if not classes:
        reader.wrong("class", Message("Choose from the list."))
    reader.finish()
    return DocumentGiven(symbol, title, dated, DocumentClass(classes[0]))


def values_of(state: Mapping[str, Any]) -> dict[str, Any]:
    """What the journal keeps, as the form shows it."""
    return {
        **{f"title_{lang}": text for lang, text in state["title"].items()},
        "symbol": state["symbol"],
        "dated": state["dated"],
        "class": state["class"],
    }


def stored(document: Document) -> dict[str, Any]:
    """A document as its form shows it."""
    return values_of(document_state(document))
