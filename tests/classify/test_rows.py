import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from classify.folding import WIDE_LABELS, folded, folded_scores
from classify.judge import Judge
from models.verdict import Label
from service.classify_rows import classified_files, classified_rows
from service.made_messages import message_bytes

ROW = {
    "id": "m1",
    "from": "Karen Doyle <karen@mail.example>",
    "subject": "my data pls",
    "body": "send me a copy of all the data you have on me. And stop the newsletter.",
    "attachments": ["licence_front.jpg"],
}
LABELS = {
    *("access", "erasure", "rectification", "restriction", "portability", "objection", "withdraw_consent"),
    *("post_mortem", "unspecified", "complaint", "job_application", "authority", "incident", "followup"),
    *("other", "auto", "spam"),
}
FIELDS = {
    *("full_name", "account_email", "postal_address", "phone", "has_id_document", "deadline_mentioned"),
    *("authority_named", "customer_company", "regulation"),
}


def test_a_row_is_answered_in_the_stable_form(judge: Judge) -> None:
    (answer,) = classified_rows(judge, [json.dumps(ROW)])
    assert list(answer) == [
        *("id", "language", "labels", "scores", "is_rights_request", "needs_review", "fields", "reasons", "hints"),
    ]
    assert answer["id"] == "m1"
    assert answer["language"] == "en"
    assert "access" in answer["labels"]  # type: ignore[operator]
    assert answer["is_rights_request"] is True
    assert set(answer["scores"]) == LABELS  # type: ignore[call-overload]
    assert set(answer["fields"]) == FIELDS  # type: ignore[call-overload]
    assert answer["fields"]["has_id_document"] is True  # type: ignore[index]
    assert all(set(reason) == {"label", "sentence"} for reason in answer["reasons"])  # type: ignore[attr-defined]


def test_labels_are_the_wide_ones() -> None:
    assert {label.value for label in WIDE_LABELS} == LABELS
    fine = (Label.OBJECTION_MARKETING, Label.AUTOMATED_DECISION, Label.CHAT_ERASURE, Label.COMPLAINT)
    assert folded(fine) == (Label.OBJECTION, Label.ERASURE, Label.COMPLAINT)
    scores = dict.fromkeys(Label, 0.1) | {Label.OBJECTION_MARKETING: 0.8}
    assert folded_scores(scores)[Label.OBJECTION] == 0.8


@pytest.mark.parametrize(
    ("line", "row_id", "error"),
    [
        ("{", None, "not JSON"),
        ("[1]", None, "not an object"),
        ('{"subject": "x", "body": "y"}', None, "no id"),
        ('{"id": "b"}', "b", "neither subject nor body"),
        ('{"id": "b", "body": 5}', "b", "body is not a text"),
        ('{"id": 7, "body": "x", "attachments": "cv.pdf"}', 7, "not a list of names"),
        ("[" * 100_000, None, "not JSON"),
    ],
)
def test_a_bad_row_is_answered_with_an_error_and_the_rest_goes_on(
    judge: Judge, line: str, row_id: object, error: str
) -> None:
    bad, good = classified_rows(judge, [line, "", json.dumps(ROW)])
    assert bad["id"] == row_id
    assert error in str(bad["error"])
    assert good["id"] == "m1"


def test_null_values_and_missing_senders_are_taken_as_nothing(judge: Judge) -> None:
    (answer,) = classified_rows(judge, ['{"id": 1, "from": null, "subject": null, "body": "delete my data"}'])
    assert answer["labels"] == ["erasure"]


def test_answers_come_in_order_and_before_the_input_ends(judge: Judge) -> None:
    taken: list[int] = []

    def endless() -> Iterator[str]:
        number = 0
        while True:
            taken.append(number)
            yield json.dumps({**ROW, "id": number})
            number += 1

    answers = classified_rows(judge, endless())
    assert [next(answers)["id"] for _ in range(3)] == [0, 1, 2]
    assert len(taken) <= 64


def test_files_and_rows_are_one(judge: Judge, tmp_path: Path) -> None:
    path = tmp_path / "one.eml"
    path.write_bytes(message_bytes(str(ROW["from"]), str(ROW["subject"]), str(ROW["body"]), ["licence_front.jpg"]))
    (from_file,) = classified_files(judge, [path])
    (from_row,) = classified_rows(judge, [json.dumps(ROW)])
    assert from_file == {**from_row, "id": str(path)}


def test_a_missing_file_is_answered_with_an_error(judge: Judge, tmp_path: Path) -> None:
    (answer,) = classified_files(judge, [tmp_path / "none.eml"])
    assert answer == {"id": str(tmp_path / "none.eml"), "error": "the file cannot be read: No such file or directory"}


def test_hostile_values_cannot_add_headers(judge: Judge) -> None:
    row = {**ROW, "subject": "hi\r\nAuto-Submitted: auto-replied", "from": "a@b.example\nX-Evil: 1", "body": "\ud800 x"}
    raw = message_bytes(row["from"], row["subject"], row["body"])  # type: ignore[arg-type]
    assert b"\nX-Evil" not in raw
    assert b"\nAuto-Submitted" not in raw
    (answer,) = classified_rows(judge, [json.dumps(row)])
    assert "labels" in answer
