"""Training and measuring the classifier on the corpus, wired to the reader of real mail.

A corpus mail becomes a real message and goes through the same parser as live mail, so that quotes, signatures and
disclaimers are set apart in training exactly as they are in service. `python -m service.training` builds the model.
"""

import argparse
import sys
from pathlib import Path

from classify.corpus import CorpusMail, read_corpus
from classify.folding import folded
from classify.judge import Judge
from classify.model_files import PACKAGED
from classify.reading import read
from classify.training.evaluate import evaluate as measured
from classify.training.evaluation import Evaluation
from classify.training.peers import Peer, keyword_matcher, spacy_categorizer, tfidf_regression
from classify.training.train import Report, input_fingerprint, is_current
from classify.training.train import train as trained
from ingest.parse import parse
from models.mail import ParsedMail
from service.made_messages import message_bytes

CORPUS = Path("corpus/train")


def as_mail(mail: CorpusMail) -> ParsedMail:
    """Return a corpus mail as if it had arrived."""
    return parse(message_bytes(mail.sender, mail.subject, mail.body, mail.attachments, mail.headers))


def build_model(
    corpus: Path,
    target: Path | None = None,
    *,
    if_changed: bool = False,
    report: Report = lambda line: None,
) -> None:
    """Train on the mails under `corpus` and put the model into `target`, the packaged place unless told.

    With `if_changed` nothing happens where corpus, code and encoder are those of the model that lies there.
    """
    place = target or PACKAGED
    if if_changed and is_current(corpus, place):
        report("the model was built from these very inputs: nothing to do")
        return
    train(corpus, place, report=report)


def train(corpus: Path, target: Path, *, report: Report = lambda line: None) -> str:
    """Train on the mails under `corpus`, put the model into `target`, and return its version."""
    mails = read_corpus(corpus)
    return trained(mails, as_mail, target, fingerprint=input_fingerprint(corpus), report=report)


def evaluate(corpus: Path, model: Path | None = None, *, peers_from: Path | None = None) -> Evaluation:
    """Measure a model, the packaged one unless told, on the mails under `corpus`, beside a keyword matcher.

    With `peers_from`, a folder of training mails, the peers that learn are trained on it and measured, too.
    """
    peers = [keyword_matcher(), *(_trained_peers(peers_from) if peers_from else [])]
    return measured(read_corpus(corpus), as_mail, Judge.load(model), peers)


def _trained_peers(corpus: Path) -> list[Peer]:
    mails = read_corpus(corpus)
    readings = [read(as_mail(mail)) for mail in mails]
    labels = [folded(mail.labels) for mail in mails]
    return [spacy_categorizer(readings, labels), tfidf_regression(readings, labels)]


def main(arguments: list[str] | None = None) -> None:
    """Build the packaged model from the command line."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--target", type=Path, default=None)
    parser.add_argument("--if-changed", action="store_true", help="only where the inputs changed")
    options = parser.parse_args(arguments)
    build_model(
        options.corpus,
        options.target,
        if_changed=options.if_changed,
        report=lambda line: print(line, file=sys.stderr, flush=True),  # noqa: T201 - progress of a command
    )


if __name__ == "__main__":
    main()
