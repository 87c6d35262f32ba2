"""Learning from corrections: a new model from the corpus and what staff have corrected, switched on only where it is
no worse.
"""

import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import col, select

from classify.corpus import CORRECTED, CorpusMail, read_corpus
from classify.judge import Judge
from classify.shelf import Shelf
from classify.training.evaluate import evaluate
from classify.training.evaluation import Evaluation
from classify.training.train import input_fingerprint, train
from ingest.parse import parse
from models.correction import Correction
from models.errors import NotAllowed, PermanentFailure
from models.mail import ParsedMail
from models.message import Message
from models.verdict import Label
from service.training import as_mail
from store.database import Database
from store.vault import Vault

Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Corrected:
    """A mail whose labels a person has given."""

    mail: CorpusMail
    parsed: ParsedMail
    said: tuple[str, ...]


def corrected_mails(database: Database, vault: Vault) -> list[Corrected]:
    """Return the corrected mails whose bytes are still kept, each with its last correction."""
    found: dict[int, Corrected] = {}
    with database.reading() as session:
        query = select(Correction, Message).join(Message).order_by(col(Correction.id))
        for correction, message in session.exec(query):
            if message.sealed_id is None:
                continue
            try:
                parsed = parse(vault.open(session, message.sealed_id), message.charset)
            except PermanentFailure:
                continue  # its key is gone: what was erased teaches nothing
            found[message.id or 0] = Corrected(_labelled(message, correction), parsed, tuple(correction.said))
    return list(found.values())


def learn(
    corrected: Sequence[Corrected], shelf: Shelf, corpus: Path, frozen: Path, report: Report = lambda line: None
) -> bool:
    """Build a model from corpus and corrections; switch it on where neither the frozen mails nor the corrected ones
    are judged worse by it. Return whether it was; raises NotAllowed where nothing was corrected.
    """
    if not corrected:
        raise NotAllowed("no mail was corrected yet: `rightsdesk mail correct` does it")
    for line in _said_for(corrected):
        report(line)
    with tempfile.TemporaryDirectory() as folder:
        candidate = Path(folder) / "model"
        _train(corrected, corpus, candidate, report)
        worse = _what_is_worse(corrected, frozen, shelf.in_use(), candidate, report)
        for reason in worse:
            report(reason)
        if not worse:
            version = shelf.put(candidate)
            shelf.use(version)
            report(f"model {version} is in use from now on; `rightsdesk model back` takes it back")
    return not worse


def _train(corrected: Sequence[Corrected], corpus: Path, target: Path, report: Report) -> None:
    parsed = {one.mail.id: one.parsed for one in corrected}
    mails = [*read_corpus(corpus), *(one.mail for one in corrected)]
    marks = sorted((one.mail.id, [label.value for label in one.mail.labels]) for one in corrected)
    fingerprint = f"{input_fingerprint(corpus)} {marks}"
    train(mails, lambda mail: parsed.get(mail.id) or as_mail(mail), target, fingerprint=fingerprint, report=report)


def _what_is_worse(
    corrected: Sequence[Corrected], frozen: Path, used: Path, candidate: Path, report: Report
) -> list[str]:
    mails = read_corpus(frozen)
    before, after = (_Measured.of(mails, corrected, Judge.load(model)) for model in (used, candidate))
    report(f"the model in use: {before.told(len(corrected))}")
    report(f"the new model: {after.told(len(corrected))}")
    worse = []
    if round(after.frozen.macro_f1, 3) < round(before.frozen.macro_f1, 3):
        worse.append("not switched on: it judges the frozen mails worse")
    if after.frozen.missed > before.frozen.missed:
        worse.append("not switched on: it misses more requests among the frozen mails")
    if after.right < before.right:
        worse.append("not switched on: it judges the corrected mails worse")
    return worse


@dataclass(frozen=True, slots=True)
class _Measured:
    frozen: Evaluation
    right: int

    @classmethod
    def of(cls, frozen: Sequence[CorpusMail], corrected: Sequence[Corrected], judge: Judge) -> "_Measured":
        """Measure a judge on the frozen mails and on the corrected ones."""
        verdicts = judge.judge_many([one.parsed for one in corrected])
        right = sum(set(v.labels) == set(one.mail.labels) for v, one in zip(verdicts, corrected, strict=True))
        return cls(evaluate(frozen, as_mail, judge, ()), right)

    def told(self, corrections: int) -> str:
        """Return the figures in words."""
        measured = (
            f"macro-F1 {self.frozen.macro_f1:.3f}, {self.frozen.missed} of {self.frozen.requests} requests missed"
        )
        return f"{measured}; corrected mails right {self.right} of {corrections}"


def _said_for(corrected: Sequence[Corrected]) -> list[str]:
    """Return what was said in place of what, as lines."""
    pairs = Counter((", ".join(one.said) or "nothing", ", ".join(one.mail.labels)) for one in corrected)
    return [f"said {said}, is {true}: {count}" for (said, true), count in sorted(pairs.items())]


def _labelled(message: Message, correction: Correction) -> CorpusMail:
    return CorpusMail(
        id=f"correction {message.id}",
        language=message.language or "und",
        labels=tuple(Label(label) for label in correction.labels),
        scenario=f"correction {message.id}",
        register=CORRECTED,
        sender="",
        subject="",
        body="",
    )
