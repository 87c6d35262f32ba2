import shutil
from pathlib import Path

import numpy as np
import pytest

from classify.corpus import read_corpus
from classify.heads import TARGETS
from classify.judge import Judge
from classify.model_files import PACKAGED
from classify.reading import read
from classify.training.counting import Counts, calibration_error, macro_f1
from classify.training.fitting import fit_kernel, folds
from classify.training.keywords import keyword_labels
from classify.training.tables import terminal_report
from classify.training.train import input_fingerprint, is_current, truth_of
from models.verdict import Hint, Label
from service.training import as_mail, build_model, evaluate, train

TRAIN = Path("corpus/train")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus of sixty mails: enough to learn a little."""
    folder = tmp_path_factory.mktemp("corpus") / "train"
    for language in ("en", "de"):
        text = min((TRAIN / language).glob("*.mails")).read_text(encoding="utf-8")
        (folder / language).mkdir(parents=True)
        blocks = ("\n" + text).split("\n=== ")[1:31]
        (folder / language / "01.mails").write_text("".join(f"=== {block}\n" for block in blocks), encoding="utf-8")
    return folder


@pytest.mark.slow
def test_training_twice_gives_the_same_model(small: Path, tmp_path: Path) -> None:
    lines: list[str] = []
    first = train(small, tmp_path / "one", report=lines.append)
    second = train(small, tmp_path / "two")
    assert first == second
    assert Judge.load(tmp_path / "two").version == first
    assert any("learning" in line for line in lines)


def test_a_build_is_skipped_while_nothing_changed(small: Path, tmp_path: Path) -> None:
    target = tmp_path / "model"
    build_model(small, target, if_changed=True)
    before = (target / "built-from.json").stat().st_mtime_ns
    said: list[str] = []
    build_model(small, target, if_changed=True, report=said.append)
    assert (target / "built-from.json").stat().st_mtime_ns == before
    assert "nothing to do" in said[0]


def test_a_changed_corpus_is_noticed(small: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(small, tmp_path / "corpus"))
    before = input_fingerprint(copy)
    file = next(copy.rglob("*.mails"))
    file.write_text(file.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert input_fingerprint(copy) != before
    assert not is_current(copy, tmp_path / "no-model")


def test_the_packaged_model_is_the_one_of_this_corpus_and_code() -> None:
    assert is_current(TRAIN, PACKAGED), "run `make model`"


def test_a_scenario_is_never_on_both_sides_of_a_fold() -> None:
    scenarios = [f"s{number % 17}" for number in range(100)]
    for train_rows, test_rows in folds(scenarios, seed=3):
        assert not {scenarios[row] for row in train_rows} & {scenarios[row] for row in test_rows}
    assert sorted(row for _, test_rows in folds(scenarios, seed=3) for row in test_rows) == list(range(100))


def test_the_kernel_head_learns_what_no_line_can_part() -> None:
    rows = np.array([[0, 0], [0, 1], [1, 0], [1, 1]] * 5, dtype=np.float32)
    truth = (rows[:, :1] != rows[:, 1:]).astype(np.float32)
    scores = fit_kernel(rows, truth, 2.0, 0.1).scores(rows)
    assert ((scores > 0.5) == (truth > 0.5)).all()


def test_the_targets_of_a_mail_follow_its_labels() -> None:
    mails = read_corpus(TRAIN)[:50]
    truth = truth_of(mails)
    assert truth.shape == (50, len(TARGETS))
    assert truth[:, : len(Label)].sum() == sum(len(mail.labels) for mail in mails)
    assert truth[:, -len(Hint) :].sum() == sum(len(mail.hints) for mail in mails)


def test_figures_are_counted_by_hand() -> None:
    pairs = [((Label.ACCESS,), (Label.ACCESS, Label.ERASURE)), ((Label.ERASURE,), (Label.OTHER,))]
    assert macro_f1(pairs) == 0.5
    assert Counts(3, 1, 2).f1 == pytest.approx(2 / 3)
    assert calibration_error([(0.9, True), (0.9, False)]) == pytest.approx(0.4)


@pytest.mark.slow
def test_the_model_beats_the_keyword_matcher_on_mails_it_never_saw() -> None:
    found = evaluate(Path("corpus/heldout"))
    (keywords,) = found.peers
    assert found.macro_f1 >= keywords.macro_f1 + 0.15
    assert found.missed_rate <= 0.05
    assert found.review_rate <= 0.13
    assert found.quote_leak <= 0.1
    assert "keyword matcher: macro-F1" in terminal_report(found)
    assert found.row()["mails"] == found.mails


def test_the_keyword_matcher_knows_the_usual_words(letter) -> None:  # type: ignore[no-untyped-def]
    assert keyword_labels(read(letter("", "Please delete all my data"))) == (Label.ERASURE,)
    assert keyword_labels(read(letter("", "Bitte senden Sie mir eine Kopie meiner Daten"))) == (Label.ACCESS,)
    assert keyword_labels(read(letter("", "When do you open?"))) == (Label.OTHER,)
    assert as_mail(read_corpus(TRAIN)[0]).subject
