"""The spaCy pipeline: passages, language, what is asked for, fields.

In: a `Doc` whose text is a reading's and which carries the reading (`carried`). Out: the same Doc with sentence
starts, and its language, opinion and fields in what it carries. Importing this module registers the components, so
that `spacy.load` finds them; the trained arrays travel with the pipeline, without pickle.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import spacy
from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc

from classify.authorities import load_authorities
from classify.cues import load_cues
from classify.decision import MACHINES, Decision, Policy, decide
from classify.encoder import Encoder, NoEncoder, load_encoder
from classify.features import FeatureMaker
from classify.fields import FieldReader, fields_of_machine
from classify.heads import HINT_TARGETS, Heads, Opinion
from classify.hint_phrases import hint_phrases
from classify.language import UNDETERMINED, language_of
from classify.name_choice import NO_CHOICE, NameChooser, Situation
from classify.passages import passage_spans
from classify.reading import Reading
from models.verdict import Fields, Hint

BATCH = 64
COMPONENTS = ("mail_passages", "mail_language", "mail_intents", "mail_fields")
LONGEST_REASON = 400
_CARRIED = "carried"


@dataclass(slots=True)
class Carried:
    """What the components of the pipeline learn of one mail, in their order."""

    reading: Reading
    customers: tuple[str, ...] = ()
    passages: tuple[str, ...] = ()
    language: str = UNDETERMINED
    judged: tuple[str, ...] = ()
    """The passages that got vectors; an opinion's numbers mean these."""
    opinion: Opinion | None = None
    decision: Decision | None = None
    fields: Fields = field(default_factory=Fields)

    def sentences_for(self, target: str) -> list[str]:
        """Return the one or two sentences that speak for a target most, as written."""
        strongest = self.opinion.strongest.get(target, ()) if self.opinion else ()
        return [self.judged[number][:LONGEST_REASON] for number in strongest]

    def hints(self) -> dict[Hint, str]:
        """Return the hints that stand, each with the phrase or sentence that speaks for it most."""
        if self.decision is None or MACHINES.intersection(self.decision.labels):
            return {}
        learnt = {hint: next(iter(self.sentences_for(HINT_TARGETS[hint])), "") for hint in self.decision.hints}
        return learnt | hint_phrases(self.reading.text, self.language)


def carried(doc: Doc) -> Carried:
    """Return what a Doc carries."""
    found: Carried = doc.user_data[_CARRIED]
    return found


def doc_of(nlp: Language, reading: Reading, customers: Sequence[str] = ()) -> Doc:
    """Return the Doc of a reading, ready for the pipeline."""
    doc = nlp.make_doc(reading.text)
    doc.user_data[_CARRIED] = Carried(reading, tuple(customers))
    return doc


def blank_pipeline() -> Language:
    """Return the untrained pipeline."""
    nlp = spacy.blank("xx")
    nlp.tokenizer = Tokenizer(nlp.vocab)  # words as blanks part them: nothing here needs finer ones, and they take time
    for component in COMPONENTS:
        nlp.add_pipe(component)
    return nlp


@Language.component("mail_passages", assigns=["token.is_sent_start"])
def mail_passages(doc: Doc) -> Doc:
    """Cut the text into passages."""
    text = carried(doc).reading.text
    spans = passage_spans(text)
    carried(doc).passages = tuple(text[start:end] for start, end in spans)
    begins = np.isin(doc.to_array("IDX"), [0, *(start for start, _ in spans)])
    marks: Any = np.where(begins, 1, -1).astype(np.int64).view(np.uint64)[:, None]
    return doc.from_array(["SENT_START"], marks)


@Language.component("mail_language")
def mail_language(doc: Doc) -> Doc:
    """Tell the language."""
    mail = carried(doc)
    mail.language = language_of(mail.reading.written, mail.reading.subject)
    return doc


@Language.factory("mail_intents")
class MailIntents:
    """Tells what mails ask for. Trained with sentence vectors and without, for where the encoder fails."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name
        self._heads: dict[str, Heads] = {}
        self._policies: dict[str, Policy] = {}
        self._use(NoEncoder())

    @property
    def encoder_version(self) -> str:
        """Name the encoder in use."""
        return self._features.encoder.version

    def learn(self, encoder: str, heads: Heads, policy: Policy) -> None:
        """Take over heads and limits that were trained with the named encoder."""
        self._heads[encoder], self._policies[encoder] = heads, policy

    def _use(self, encoder: Encoder) -> None:
        self._features = FeatureMaker(encoder, load_cues(), load_authorities())

    def __call__(self, doc: Doc) -> Doc:
        """Form an opinion on one mail."""
        return self._judged([doc])[0]

    def pipe(self, stream: Iterable[Doc], batch_size: int = BATCH) -> Iterator[Doc]:
        """Form opinions on many mails, a batch at a time."""
        waiting = iter(stream)
        while batch := list(islice(waiting, batch_size)):
            yield from self._judged(batch)

    def _judged(self, docs: list[Doc]) -> list[Doc]:
        mails = [carried(doc) for doc in docs]
        heads, policy = self._heads[self.encoder_version], self._policies[self.encoder_version]
        found = self._features.batch(
            [mail.reading for mail in mails], [mail.passages for mail in mails], [mail.language for mail in mails]
        )
        for mail, features, opinion in zip(mails, found, heads.opinions(found), strict=True):
            mail.judged, mail.opinion = features.passages, opinion
            mail.decision = decide(opinion.probabilities, mail.reading, mail.language, policy)
        return docs

    def to_disk(self, path: Path, *, exclude: Sequence[str] = ()) -> None:
        """Write heads and limits."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        for encoder, heads in self._heads.items():
            np.savez_compressed(folder / f"{encoder}.npz", allow_pickle=False, **heads.arrays())
            limits = json.dumps(asdict(self._policies[encoder]), indent=2)
            (folder / f"{encoder}.json").write_text(limits, encoding="utf-8")

    def from_disk(self, path: Path, *, exclude: Sequence[str] = ()) -> "MailIntents":
        """Read heads and limits and start the encoder; without a usable one the heads for words alone serve."""
        encoder = load_encoder()
        if not (Path(path) / f"{encoder.version}.npz").exists():
            encoder = NoEncoder()
        with np.load(Path(path) / f"{encoder.version}.npz", allow_pickle=False) as arrays:
            heads = Heads.stored(dict(arrays))
        limits = json.loads((Path(path) / f"{encoder.version}.json").read_text(encoding="utf-8"))
        self.learn(encoder.version, heads, Policy(**limits))
        self._use(encoder)
        return self


@Language.factory("mail_fields")
class MailFields:
    """Gathers the fields; which of several names is meant is learnt."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name
        self.learn(NO_CHOICE)

    def learn(self, chooser: NameChooser) -> None:
        """Take over a trained choice of names."""
        self._reader = FieldReader(chooser, load_authorities())

    def __call__(self, doc: Doc) -> Doc:
        """Gather the fields of one mail."""
        mail = carried(doc)
        if mail.decision is None or mail.opinion is None:
            return doc
        if MACHINES.intersection(mail.decision.labels):
            mail.fields = fields_of_machine(mail.reading)
        else:
            situation = Situation.of(mail.opinion.probabilities)
            mail.fields = self._reader.of_person(mail.reading, mail.language, mail.decision, situation, mail.customers)
        return doc

    def to_disk(self, path: Path, *, exclude: Sequence[str] = ()) -> None:
        """Write the choice of names."""
        Path(path).mkdir(parents=True, exist_ok=True)
        (Path(path) / "names.json").write_text(self._reader.chooser.as_json(), encoding="utf-8")

    def from_disk(self, path: Path, *, exclude: Sequence[str] = ()) -> "MailFields":
        """Read the choice of names."""
        self.learn(NameChooser.from_json((Path(path) / "names.json").read_text(encoding="utf-8")))
        return self
