"""The artifacts that an agent shows as cards: seven kinds, each with its fields.

They come as activities of the type `artifact`, from any agent; the dialect `artifact` makes those of its frames. A
citation is none of the cards: it is a source of the answer (`citations`).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias, get_args

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, TypeAdapter, ValidationError

ACTIVITY = "artifact"  # the type of the activity; content: the artifact
UNKNOWN = "unknown"

EntityClass = Literal["person", "organization", "location", "event", "uap_object", "vehicle", "operation", "concept"]

MAX_ID = 300
MAX_WORDS = 2_000
MAX_SOURCE = 500_000  # of a picture that is its own content

Id = Annotated[str, Field(min_length=1, max_length=MAX_ID)]
Words = Annotated[str, Field(max_length=MAX_WORDS)]
Source = Annotated[str, Field(max_length=MAX_SOURCE)]
Count = Annotated[int, Field(ge=0, lt=1 << 53)]
Figure = Annotated[float, Field(allow_inf_nan=False)]


class _Model(BaseModel):
    """Unknown fields are ignored, known ones are what they should be."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)


class Box(_Model):
    """Where on a page: the corner at the top left, and the size, in the units of the source."""

    x: Figure
    y: Figure
    w: Figure = Field(ge=0)
    h: Figure = Field(ge=0)


class Citation(_Model):
    """A passage of a document."""

    kind: Literal["citation"]
    chunk_id: Id
    doc_id: Id
    page: Count
    type: Words | None = None
    classification: Words | None = None
    bbox: Box | None = None
    snippet: str | None = None
    score: Figure | None = None

    @property
    def identity(self) -> str:
        """The same again replaces it."""
        return self.chunk_id


class CropImage(_Model):
    """A part of a page as a picture; `src` is relative to where the stream comes from."""

    kind: Literal["crop_image"]
    src: Source
    doc_id: Id
    page: Count
    chunk_id: Id | None = None
    alt_en: Words | None = None
    alt_pt: Words | None = None

    @property
    def identity(self) -> str:
        """The same again replaces it."""
        return self.chunk_id or f"{self.doc_id} {self.page} {self.src}"


class EntityCard(_Model):
    """Somebody or something that documents speak of."""

    kind: Literal["entity_card"]
    entity_class: EntityClass
    entity_id: Id
    canonical_name: Words
    total_mentions: Count | None = None
    documents_count: Count | None = None

    @property
    def identity(self) -> str:
        """The same again replaces it."""
        return self.entity_id


class EvidenceCard(_Model):
    """A piece of evidence, and how good it is."""

    kind: Literal["evidence_card"]
    evidence_id: Id
    title: Words | None = None
    grade: Annotated[str, Field(max_length=40)] | None = None

    @property
    def identity(self) -> str:
        """The same again replaces it."""
        return self.evidence_id


class HypothesisCard(_Model):
    """What may be so, and how likely it is."""

    kind: Literal["hypothesis_card"]
    hypothesis_id: Id
    title: Words | None = None
    posterior: Annotated[float, Field(ge=0, le=1)] | None = None

    @property
    def identity(self) -> str:
        """The same again replaces it."""
        return self.hypothesis_id


class CaseCard(_Model):
    """A case."""

    kind: Literal["case_card"]
    case_id: Id
    title: Words | None = None

    @property
    def identity(self) -> str:
        """The same again replaces it."""
        return self.case_id


class NavigationOffer(_Model):
    """Somewhere the reader may go, who decides it with a button."""

    kind: Literal["navigation_offer"]
    target: Annotated[str, Field(min_length=1, max_length=MAX_WORDS)]
    label_en: Words
    label_pt: Words

    @property
    def identity(self) -> str:
        """The same again replaces it."""
        return self.target


class UnknownArtifact(BaseModel):
    """Of a kind that nobody draws yet: shown with its name."""

    model_config = ConfigDict(extra="allow", strict=True, frozen=True)

    kind: Annotated[str, Field(min_length=1, max_length=MAX_ID)]

    @property
    def identity(self) -> str:
        """Each one is another."""
        return ""


Card: TypeAlias = CropImage | EntityCard | EvidenceCard | HypothesisCard | CaseCard | NavigationOffer | UnknownArtifact
KINDS: dict[str, type[BaseModel]] = {
    get_args(each.model_fields["kind"].annotation)[0]: each
    for each in (Citation, CropImage, EntityCard, EvidenceCard, HypothesisCard, CaseCard, NavigationOffer)
}


def _kind_of(value: Any) -> str:
    kind = value.get("kind") if isinstance(value, dict) else getattr(value, "kind", None)
    return kind if isinstance(kind, str) and kind in KINDS else UNKNOWN


Artifact: TypeAlias = Annotated[
    Annotated[Citation, Tag("citation")]
    | Annotated[CropImage, Tag("crop_image")]
    | Annotated[EntityCard, Tag("entity_card")]
    | Annotated[EvidenceCard, Tag("evidence_card")]
    | Annotated[HypothesisCard, Tag("hypothesis_card")]
    | Annotated[CaseCard, Tag("case_card")]
    | Annotated[NavigationOffer, Tag("navigation_offer")]
    | Annotated[UnknownArtifact, Tag(UNKNOWN)],
    Discriminator(_kind_of),
]
_ARTIFACTS: TypeAdapter[Any] = TypeAdapter(Artifact)


def content_of(card: BaseModel) -> dict[str, Any]:
    """An artifact as the content of its activity."""
    return card.model_dump(exclude_none=True)


def fault(content: Any) -> str:
    """Why the content of an activity is no card: the field, and what it should be; or what is sent in its place."""
    try:
        _ARTIFACTS.validate_python(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        return f"{'.'.join(map(str, first['loc'][1:])) or 'content'}: {first['msg']}"
    return "a citation is a source, and no card: send it as CUSTOM citation"


def checked(content: Any) -> dict[str, Any] | None:
    """The content of an artifact's activity with nothing in it but its fields; None if it is no artifact."""
    try:
        card = _ARTIFACTS.validate_python(content)
    except ValidationError:
        return None
    return None if isinstance(card, Citation) else content_of(card)
