"""From parsed mails to verdicts: the only door to the trained pipeline.

In: `ParsedMail`, and the names of customers on whose behalf data is processed. Out: `Verdict`. Heavy libraries load
with the judge, not with this module.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from classify import model_files
from classify.attachments import has_curriculum
from classify.reading import read
from models.errors import SettingsError
from models.mail import ParsedMail
from models.verdict import Label, Reason, Verdict

if TYPE_CHECKING:
    from spacy.language import Language

    from classify.pipeline import Carried


class Judging(Protocol):
    """Anything that gives verdicts."""

    @property
    def version(self) -> str:
        """Name the model."""
        ...

    def judge_many(self, mails: Sequence[ParsedMail], customers: Sequence[str] = ()) -> list[Verdict]:
        """Return a verdict on each mail."""
        ...


class Judge:
    """Gives verdicts with one trained pipeline."""

    def __init__(self, nlp: "Language", version: str) -> None:
        self._nlp = nlp
        self.version = version

    @classmethod
    def load(cls, path: Path | None = None) -> "Judge":
        """Load a model, the packaged one unless told; raise `SettingsError` where it is missing or damaged."""
        import spacy  # noqa: PLC0415 - takes a second
        from threadpoolctl import threadpool_limits  # noqa: PLC0415 - looks for what is loaded

        # The products of one mail are small: several threads to a product spin longer than they reckon.
        threadpool_limits(1, user_api="blas")
        from classify import pipeline  # noqa: PLC0415 - registers the components

        folder = path or model_files.PACKAGED
        version = model_files.checked_version(folder)
        try:
            nlp = spacy.load(folder)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise SettingsError(f"the classification model in {folder} cannot be loaded: run `make model`") from error
        intents = nlp.get_pipe("mail_intents")
        assert isinstance(intents, pipeline.MailIntents)  # noqa: S101 - tells the type
        return cls(nlp, version if intents.encoder_version != "none" else f"{version}-words")

    def judge(self, mail: ParsedMail, customers: Sequence[str] = ()) -> Verdict:
        """Return the verdict on one mail."""
        return self.judge_many([mail], customers)[0]

    def judge_many(self, mails: Sequence[ParsedMail], customers: Sequence[str] = ()) -> list[Verdict]:
        """Return the verdicts on mails, in order; batches of sixty-four are several times faster than one by one."""
        from classify import pipeline  # noqa: PLC0415 - loaded with the judge

        docs = (pipeline.doc_of(self._nlp, read(mail), customers) for mail in mails)
        return [self._verdict(pipeline.carried(doc)) for doc in self._nlp.pipe(docs, batch_size=pipeline.BATCH)]

    def _verdict(self, mail: "Carried") -> Verdict:
        if mail.decision is None:
            raise SettingsError("the classification model lacks its intents: run `make model`")
        return Verdict(
            language=mail.language,
            labels=mail.decision.labels,
            scores=mail.decision.scores,
            doubt=mail.decision.doubt,
            model_version=self.version,
            fields=mail.fields,
            reasons=tuple(Reason(label, cause) for label in mail.decision.labels for cause in _causes(mail, label)),
            hints=mail.hints(),
        )


def _causes(mail: "Carried", label: Label) -> list[str]:
    """Return what caused a label: one or two sentences as written, or a signal in words."""
    signal = _signal(mail, label)
    if signal:
        return [signal]
    return mail.sentences_for(label.value) or [_without_words(mail)]


def _signal(mail: "Carried", label: Label) -> str:
    reading = mail.reading
    if label is Label.UNSPECIFIED and reading.is_rights_form:
        return "Subject is a rights request"
    if label is Label.AUTO and reading.mail.header("auto-submitted").lower().startswith("auto"):
        return "Header says it was sent automatically"
    if label is Label.JOB_APPLICATION and has_curriculum(reading.mail.attachments) and len(mail.judged) < 2:
        return "A curriculum vitae is attached"
    return ""


def _without_words(mail: "Carried") -> str:
    return "No text, only attachments" if mail.reading.mail.attachments else "The mail has no text"
