"""Build the model from labelled mails, reproducibly: the same inputs give the same bytes.

In: corpus mails, and a function that makes each a parsed mail (given from above, so that training reads mails exactly
as the service does). Out: a folder with the pipeline and the record of what it was built from.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from classify import model_files
from classify.authorities import load_authorities
from classify.corpus import CorpusMail
from classify.cues import load_cues
from classify.decision import RIGHTS_LABELS, Policy
from classify.encoder import SHA256, Encoder, NoEncoder, load_encoder
from classify.features import FeatureMaker, MailFeatures
from classify.heads import TARGETS, Floats, Heads
from classify.language import language_of
from classify.name_choice import Situation
from classify.passages import passage_spans
from classify.pipeline import BATCH, MailFields, MailIntents, blank_pipeline
from classify.reading import Reading, read
from classify.training.fitting import TrainingSet, fit_heads, fit_words
from classify.training.limits import fit_policy
from classify.training.naming import fit_names
from models.mail import ParsedMail
from models.verdict import Hint, Label

AsMail = Callable[[CorpusMail], ParsedMail]
Report = Callable[[str], None]


def train(mails: Sequence[CorpusMail], as_mail: AsMail, target: Path, *, fingerprint: str, report: Report) -> str:
    """Train on mails and put the model into `target` at once, when whole; return its version."""
    with threadpool_limits(limits=1):  # so that the number of cores changes no digit
        return _trained(mails, as_mail, target, fingerprint, report)


def _trained(mails: Sequence[CorpusMail], as_mail: AsMail, target: Path, fingerprint: str, report: Report) -> str:
    report(f"reading {len(mails)} mails")
    readings = [read(as_mail(mail)) for mail in mails]
    nlp = blank_pipeline()
    intents, fields = nlp.get_pipe("mail_intents"), nlp.get_pipe("mail_fields")
    assert isinstance(intents, MailIntents)  # noqa: S101 - tells the type
    assert isinstance(fields, MailFields)  # noqa: S101 - tells the type
    encoders = _encoders()
    report(f"learning what is asked for (sentence vectors: {', '.join(encoder.version for encoder in encoders)})")
    learnt = _learnt(encoders, mails, readings)
    for encoder, (heads, policy, _) in zip(encoders, learnt, strict=True):
        intents.learn(encoder.version, heads, policy)
    report("learning whose request it is")
    situations = [Situation.of(dict(zip(TARGETS, row, strict=True))) for row in learnt[0][2].tolist()]
    fields.learn(fit_names(mails, readings, situations))
    with tempfile.TemporaryDirectory(dir=_parent(target)) as place:
        built = Path(place) / "model"
        nlp.to_disk(built)
        version = model_files.record(built, fingerprint)
        _put(built, target)
    report(f"model {version} is in {target}")
    return version


def truth_of(mails: Sequence[CorpusMail]) -> Floats:
    """Return what is true of each mail, in the order of the targets of the heads."""
    alone = {Label.OTHER, Label.AUTO, Label.SPAM}
    rows = [
        [
            *(label in mail.labels for label in Label),
            bool(set(mail.labels).intersection(RIGHTS_LABELS)),
            not alone.intersection(mail.labels),
            _means_own_address(mail),
            *(hint in mail.hints for hint in Hint),
        ]
        for mail in mails
    ]
    return np.array(rows, dtype=np.float32)


def _means_own_address(mail: CorpusMail) -> bool:
    address = mail.annotated("account_email")
    return address is not None and address in mail.sender and address not in mail.body


def input_fingerprint(corpus: Path) -> str:
    """Return a digest over everything a model is made from: corpus, code and data of this package, encoder."""
    digest = hashlib.sha256(f"{sorted(SHA256.items())} {model_files.code_digest()}".encode())
    for path in sorted(corpus.rglob("*.mails")):
        digest.update(path.relative_to(corpus).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def is_current(corpus: Path, target: Path) -> bool:
    """Tell whether the model in `target` was built from these very inputs."""
    return model_files.fingerprint_of(target) == input_fingerprint(corpus)


def _encoders() -> list[Encoder]:
    """Return the encoder that works here and the one for where none does."""
    usable = load_encoder()
    return [usable, NoEncoder()] if usable.version != NoEncoder.version else [usable]


def _learnt(
    encoders: Sequence[Encoder], mails: Sequence[CorpusMail], readings: Sequence[Reading]
) -> list[tuple[Heads, Policy, Floats]]:
    """Return for each encoder heads, limits, and the probabilities of each mail out of fold."""
    truth, scenarios = truth_of(mails), [mail.scenario for mail in mails]

    def fitted(data: TrainingSet) -> tuple[Heads, Policy, Floats]:
        """Fit all that depends on the encoder."""
        heads, chances = fit_heads(data, words)
        return heads, fit_policy(chances, truth), chances

    with ThreadPoolExecutor(len(encoders)) as pool:  # linear algebra lets go of the interpreter: a core for each
        features = pool.map(lambda encoder: features_of(encoder, readings), encoders)
        sets = [TrainingSet(found, truth, scenarios) for found in features]
        words = fit_words(sets[0])
        return list(pool.map(fitted, sets))


def features_of(encoder: Encoder, readings: Sequence[Reading]) -> list[MailFeatures]:
    """Return the features of mails, cut into passages as the pipeline does."""
    maker = FeatureMaker(encoder, load_cues(), load_authorities())
    passages = [[reading.text[start:end] for start, end in passage_spans(reading.text)] for reading in readings]
    languages = [language_of(reading.written, reading.subject) for reading in readings]
    found: list[MailFeatures] = []
    for start in range(0, len(readings), BATCH):
        part = slice(start, start + BATCH)
        found.extend(maker.batch(readings[part], passages[part], languages[part]))
    return found


def _parent(target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    return target.parent


def _put(built: Path, target: Path) -> None:
    """Put the new model in the place of the old one, which is gone only when the new one is there."""
    old = built.with_name("old")
    if target.exists():
        target.replace(old)
    built.replace(target)
    shutil.rmtree(old, ignore_errors=True)
