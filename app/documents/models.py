"""The register of a meeting's documents, and their files, one a language."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.database import Base, Identified, Versioned
from app.core.languages import Localized
from app.core.uploads import File
from app.resolutions.models import Paragraph


class DocumentClass(StrEnum):
    """Who gets a document: everybody, the Group's members, or those who work on the meeting."""

    PUBLIC = "public"
    MEMBERS = "members"
    RESTRICTED = "restricted"


class Document(Identified, Versioned, Base):
    """One entry of the register.

    `symbol` stands as the documents section gave it; `symbol_key` is what compares equal, none
    while the symbol is open (`RTP/doc. __/06`) or there is none. `paragraph` is where the
    resolution cites it, none if it was entered by hand.
    """

    __tablename__ = "documents"
    __table_args__ = (UniqueConstraint("meeting_id", "symbol_key"),)

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meetings.id"), index=True)
    symbol: Mapped[str]
    symbol_key: Mapped[str | None]
    title: Mapped[Localized]
    dated: Mapped[date | None]
    document_class: Mapped[DocumentClass]
    paragraph_id: Mapped[UUID | None] = mapped_column(ForeignKey("paragraphs.id"))

    paragraph: Mapped[Paragraph | None] = relationship(lazy="raise")
    files: Mapped[list["DocumentFile"]] = relationship(
        lazy="raise", order_by="DocumentFile.language", cascade="all, delete-orphan"
    )


class DocumentFile(Identified, Base):
    """The document in one language."""

    __tablename__ = "document_files"
    __table_args__ = (UniqueConstraint("document_id", "language"),)

    document_id: Mapped[UUID] = mapped_column(ForeignKey("documents.id"))
    language: Mapped[str]
    file_id: Mapped[UUID] = mapped_column(ForeignKey("files.id"))

    file: Mapped[File] = relationship(lazy="raise")
