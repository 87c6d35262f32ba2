"""What is redacted is in no table, no sealed byte, no pack; the case and its evidence stay whole."""

import base64
import io
import json
import re
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from threading import Barrier

import pytest
from builders import mail
from compound import compound, outlook
from mailboxes import mailbox, organisation
from sqlmodel import Session, SQLModel, col, select
from story import ANA, BEN, Story

from cases.arranging import add_task, tag, write_note
from cases.office import Office
from cases.redacting import Redaction, prepared, redact
from ingest import redacting
from ingest.mime.charset import TWICE
from ingest.parse import attached_file, parse, rich_face
from models.case import Case
from models.errors import NotAllowed, PermanentFailure
from models.message import Message, SealedMail
from models.redaction import MARK, Passages, RedactionGround
from models.verdict import Label
from service.case_records import Shelves
from service.evidence import evidence_pack, problems_in
from store.audit import Audit
from store.database import Database
from store.presence import Presence
from store.vault import Vault

CARD = "4111 1111 1111 1234"
SISTER = "Zoë Müllerström has the flu"
NONE = Passages([])


@pytest.fixture
def story(database: Database, vault: Vault, audit: Audit) -> Iterator[Story]:
    presence = Presence(database)
    box = mailbox(organisation=organisation(languages=("en",)))
    yield Story(database, vault, audit, presence, box, datetime(2026, 3, 2, 9, 0, tzinfo=UTC))
    presence.leave()


def gives(story: Story, raw: bytes, **details: object) -> Message:
    """Let the last mail have other bytes, and what a classifier found in them."""
    with story.database.transaction() as session:
        message = session.exec(select(Message).order_by(col(Message.id).desc())).first()
        assert message is not None
        old, message.sealed_id = message.sealed_id, story.vault.keep(session, raw)
        session.flush()
        story.vault.shred(session, old or "")
        message.sealed_details = story.vault.seal_beside(session, message.sealed_id, json.dumps(details).encode())
    return message


def takes_out(
    story: Story, case: str, *passages: str, files: tuple[tuple[str, int, tuple[int, ...]], ...] = (), why: str = "slip"
) -> None:
    wanted = Redaction(Passages(passages), files, RedactionGround.OTHER_PERSON, why)
    story.does(BEN, case, lambda office: redact(office, wanted, redacting))


def everything(story: Story, case: str) -> str:
    """All that the database holds, unsealed where it can be, and all that the pack of a case holds."""
    found: list[str] = []
    with story.database.reading() as session:
        for table in SQLModel.metadata.sorted_tables:
            for row in session.execute(table.select()).mappings():
                found += [_read(story, session, row, value) for value in row.values()]
        for sealed in session.exec(select(SealedMail.id)):
            found += _in_all_ways(story.vault.open(session, sealed))
    for content in pack_of(story, case).values():
        found += _in_all_ways(content)
    return " ".join(" ".join(found).split()).casefold()


def _read(story: Story, session: Session, row: object, value: object) -> str:
    if not isinstance(value, bytes):
        return str(value)
    sealed_id = row.get("sealed_id")  # type: ignore[attr-defined]
    try:
        return story.vault.open_beside(session, sealed_id, value).decode() if sealed_id else value.decode("latin-1")
    except PermanentFailure:
        return value.decode("latin-1")


def _in_all_ways(raw: bytes) -> list[str]:
    read, rich = parse(raw), rich_face(raw)
    words = [raw.decode("utf-8", "replace"), raw.decode("latin-1"), read.subject, read.body.text, str(read.headers)]
    return [*words, rich.html if rich else "", *(one.name for one in read.attachments)]


def pack_of(story: Story, case: str) -> dict[str, bytes]:
    shelves = Shelves((story.mailbox,), story.vault, story.now)
    with story.database.reading() as session:
        pack = b"".join(evidence_pack(session, case, shelves))
    with zipfile.ZipFile(io.BytesIO(pack)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_passage_is_gone_from_everywhere_and_the_evidence_stays_whole(story: Story, tmp_path: Path) -> None:
    case = story.receives(Label.ACCESS, text="please")
    text = f"Send me my data.\n\nMy card is {CARD}.\n\n> so quoted: 4111 1111\n> 1111 1234 as before\n"
    html = "<p>My card is <b>4111 1111</b> 1111 1234.</p>"
    files = (("notes 4111 1111 1111 1234.bin", b"\x00\x01"),)
    raw = mail(text, subject=f"Card {CARD}", html=html, attachments=files, message_id="<m1@mail.example>")
    message = gives(
        story,
        raw,
        fields={"phone": "4111-1111-1111-1234", "full_name": "Mara"},
        reasons=[["access", "Send me my data."], ["access", f"My card is {CARD}."]],
        hints={"child": CARD},
        scores={"access": 0.9},
    )
    with story.database.transaction() as session:
        found = session.get_one(Message, message.id)
        assert found.case_id is not None
    story.does(ANA, case, lambda o: write_note(o, story.vault, f"Rang: {CARD}"))
    story.does(ANA, case, lambda o: add_task(o, f"Block {CARD}"))
    story.does(ANA, case, lambda o: tag(o, add=(CARD,)))
    story.post()
    assert CARD in everything(story, case)
    due = story.case(case).queue_on
    takes_out(story, case, CARD)
    left = everything(story, case)
    assert CARD not in left
    assert "4111 1111" not in left
    assert "1111-1111" not in left
    assert base64.b64encode(CARD.encode()).decode().casefold() not in left
    assert "send me my data." in left
    assert story.case(case).queue_on == due
    files_now = pack_of(story, case)
    (row,) = [one for one in json.loads(files_now["redactions.json"]) if one.get("message") == message.id]
    assert row["sha256_as_received"] == found.sha256
    assert row["ground"] == "other_person"
    assert json.loads(files_now["manifest.json"])[f"received/{message.id}.eml"] == row["sha256_as_kept"]
    assert "content_redacted" in story.events(case)
    path = tmp_path / "pack.zip"
    with story.database.reading() as session:
        path.write_bytes(b"".join(evidence_pack(session, case, Shelves((story.mailbox,), story.vault, story.now))))
        assert story.audit.verify(session).is_intact
    assert problems_in(path) == []
    with pytest.raises(NotAllowed, match="nothing is left"):
        takes_out(story, case, CARD)


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1"])
@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "8bit"])
@pytest.mark.parametrize("subtype", ["plain", "html"])
def test_whatever_the_charset_and_the_encoding_the_passage_goes_and_the_rest_stays(
    charset: str, encoding: str, subtype: str
) -> None:
    message = EmailMessage(policy=SMTP)
    message["From"], message["Message-ID"], message["Subject"] = "mara@brightmail.example", "<a@b.example>", "Größe"
    message.set_content(f"Schöne Grüße. {SISTER}, she\nsays.\n", charset=charset, cte=encoding, subtype=subtype)
    for raw in (message.as_bytes(), message.as_bytes().replace(b"\r\n", b"\n")):
        cut = redacting.cut(raw, "", Passages(["zoë  müllerström HAS the flu"]), ())
        assert cut is not None
        read = parse(cut.raw)
        assert "Müllerström" not in read.body.text
        assert read.body.text.split() == f"Schöne Grüße. {MARK}, she says.".split()
        assert (read.subject, read.message_id) == ("Größe", "<a@b.example>")
        assert redacting.cut(cut.raw, "", Passages([SISTER]), ()) is None


def test_a_word_of_the_text_goes_from_whatever_mail_however_it_is_built() -> None:
    for sample in sorted((Path(__file__).parents[1] / "mails").glob("*.eml")):
        raw = sample.read_bytes()
        before = parse(raw)
        known = " ".join(value for _, value in before.headers)
        words = [word for word in re.findall(r"\w{4,}", before.body.text) if word.casefold() not in known.casefold()]
        for word in dict.fromkeys(word for word in words if word.strip("_")):
            cut = redacting.cut(raw, "", Passages([word]), ())
            assert cut is not None, sample.name
            after = parse(cut.raw)
            assert word.casefold() not in f"{after.subject} {after.body.text}".casefold(), sample.name
            assert redacting.cut(cut.raw, "", Passages([word]), ()) is None, sample.name


@pytest.mark.parametrize("sample", ["029-smtputf8", "053-calendar", "068-read-receipt", "076-forward-outlook-de"])
def test_words_that_stand_in_the_head_too_are_no_hindrance(sample: str) -> None:
    raw = (Path(__file__).parents[1] / "mails" / f"{sample}.eml").read_bytes()
    word = {"029": "Удалите", "053": "request", "068": "message", "076": "Löschung"}[sample[:3]]
    cut = redacting.cut(raw, "", Passages([word]), ())
    assert cut is not None
    assert word not in f"{parse(cut.raw).subject} {parse(cut.raw).body.text}"


@pytest.mark.parametrize("charset", ["koi8-r", "iso-8859-5"])
def test_no_other_charset_brings_a_passage_back(charset: str) -> None:
    raw = b"From: a@b.example\nMessage-ID: <a@b.example>\nSubject: " + "Моя Карта".encode(charset)
    raw += b"\nContent-Type: text/plain; charset=x-unknown\n\n" + "Вот моя карта, прошу.".encode(charset)
    cut = redacting.cut(raw, charset, Passages(["моя карта"]), ())
    assert cut is not None
    for name in ("", "koi8-r", "iso-8859-5", "cp1251", "utf-8", "cp1252"):
        read = parse(cut.raw, name)
        assert "карта" not in f"{read.subject} {read.body.text}".casefold()
    assert redacting.cut(raw, "", Passages(["моя карта"]), ()) is None, "nobody can read it so"


def nested(text: str, *files: tuple[str, bytes]) -> bytes:
    inner = EmailMessage(policy=SMTP)
    inner["From"], inner["Subject"] = "eva@postbag.example", f"About {text}"
    inner.set_content(text)
    for name, content in files:
        inner.add_attachment(content, maintype="image", subtype="png", filename=name)
    outer = EmailMessage(policy=SMTP)
    outer["From"], outer["Subject"], outer["Message-ID"] = "mara@brightmail.example", "Forwarded", "<o@b.example>"
    outer.set_content("see below")
    outer.add_attachment(inner)
    return outer.as_bytes()


def test_a_passage_goes_from_an_attached_mail_and_from_its_head() -> None:
    cut = redacting.cut(nested(SISTER), "", Passages([SISTER]), ())
    assert cut is not None
    assert not redacting.cut(cut.raw, "", Passages(["Müllerström"]), ())
    assert MARK.encode() in cut.raw
    assert parse(cut.raw).subject == "Forwarded"


def test_html_that_hides_a_passage_between_its_tags_goes_as_a_whole() -> None:
    raw = mail("Hello", html="<p>Zo&euml; M&uuml;ller<b>str</b>öm has the flu</p><p>and more</p>")
    cut = redacting.cut(raw, "", Passages([SISTER]), ())
    assert cut is not None
    face = rich_face(cut.raw)
    assert face is not None
    assert "flu" not in face.html
    assert "and more" not in face.html
    assert parse(cut.raw).body.text.startswith("Hello")


def test_a_file_goes_with_its_name_also_out_of_an_attached_mail_and_all_copies(story: Story) -> None:
    picture = b"\x89PNG\r\n\x1a\n" + b"passport of somebody" * 30
    case = story.receives(Label.ACCESS)
    message = gives(story, nested("look", ("passport zoe.png", picture)), fields={})
    copy = redacting.digests_at(nested("look", ("passport zoe.png", picture)), (0, 0))
    assert len(copy) == 2
    takes_out(story, case, files=(("m", message.id or 0, (0, 0)),))
    left = everything(story, case)
    assert "passport" not in left
    with story.database.reading() as session:
        raw = story.vault.open(session, session.get_one(Message, message.id).sealed_id or "")
    inner = attached_file(raw, (0, 0))
    assert inner is not None
    assert inner.name == "redacted.txt"
    assert b"removed" in inner.content


def test_what_tells_which_mail_it_is_is_never_cut_and_then_nothing_is_changed(story: Story) -> None:
    case = story.receives(Label.ACCESS)
    gives(story, mail("Hello m1token", message_id="<m1token@mail.example>"))
    before = everything(story, case)
    with pytest.raises(NotAllowed, match="Message-ID"):
        takes_out(story, case, "m1token")
    with pytest.raises(NotAllowed, match="address"):
        takes_out(story, case, "mara@brightmail.example")
    with pytest.raises(NotAllowed, match="other words"):
        takes_out(story, case, "Hello", why="he said hello")
    with pytest.raises(NotAllowed, match="no such file"):
        takes_out(story, case, files=(("m", 999_999, (0,)),))
    assert everything(story, case) == before


def test_a_letter_on_its_way_is_not_touched_until_it_is_gone(story: Story) -> None:
    case = story.receives(Label.ACCESS)
    with pytest.raises(NotAllowed, match="on its way"):
        takes_out(story, case, "Lindqvist")
    story.post()
    takes_out(story, case, "Lindqvist")
    assert "lindqvist" not in everything(story, case)


def test_an_agent_does_not_redact(story: Story) -> None:
    case = story.receives(Label.ACCESS, text="the words")
    wanted = Redaction(Passages(["the words"]), (), RedactionGround.NOT_NEEDED)
    with pytest.raises(NotAllowed, match="manager"):
        story.does(ANA, case, lambda office: redact(office, wanted, redacting))


@pytest.mark.parametrize("text", ["a", "..", "- -", "x" * 5001])
def test_a_passage_of_no_use_is_refused(text: str) -> None:
    with pytest.raises(NotAllowed):
        Passages([text])


def test_two_who_redact_at_once_take_it_out_once(story: Story) -> None:
    case = story.receives(Label.ACCESS)
    gives(story, mail(f"My card is {CARD}.", message_id="<m1@mail.example>"), fields={})
    start = Barrier(2)

    def redacts(_number: int) -> str:
        start.wait(20)
        try:
            takes_out(story, case, CARD)
        except NotAllowed as refusal:
            return str(refusal)
        return "done"

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(redacts, range(2)))
    assert told[0] == "done"
    assert "nothing is left" in told[1]
    assert CARD not in everything(story, case)


def test_where_it_is_broken_off_nothing_is_changed(story: Story) -> None:
    case = story.receives(Label.ACCESS)
    gives(story, mail(f"My card is {CARD}.", message_id="<m1@mail.example>"), fields={})
    before = everything(story, case)
    wanted = Redaction(Passages([CARD]), (), RedactionGround.PAYMENT_DATA)

    def breaks_off(office: Office) -> None:
        redact(office, wanted, redacting)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        story.does(BEN, case, breaks_off)
    assert everything(story, case) == before


def test_what_was_prepared_is_not_used_for_a_mail_that_changed_since(story: Story) -> None:
    case = story.receives(Label.ACCESS)
    gives(story, mail(f"My card is {CARD}.", message_id="<m1@mail.example>"), fields={})
    wanted = Redaction(Passages([CARD]), (), RedactionGround.PAYMENT_DATA)
    with story.database.reading() as session:
        found = session.exec(select(Case).where(col(Case.reference) == case)).one()
        surgeon = prepared(session, story.vault, found, wanted, redacting, story.now)
    takes_out(story, case, "My card")
    story.does(BEN, case, lambda office: redact(office, wanted, surgeon))
    left = everything(story, case)
    assert "my card" not in left
    assert CARD not in left


@pytest.mark.parametrize("name", ["note.msg", "winmail.dat"])
def test_a_file_of_outlook_that_holds_it_goes_as_a_whole(name: str) -> None:
    winmail = (Path(__file__).parents[1] / "mails" / "054-winmail.eml").read_bytes()
    holds = compound(outlook(subject="Card", text=f"It is {CARD}.", sender=("Max", "max@mail.example")))
    raw = (
        mail("see below", message_id="<a@b.example>", attachments=((name, holds),))
        if name != "winmail.dat"
        else winmail
    )
    passage = CARD if name != "winmail.dat" else "as the form says"
    cut = redacting.cut(raw, "", Passages([passage]), ())
    assert cut is not None
    assert redacting.cut(cut.raw, "", Passages([passage]), ()) is None
    assert all(one.name == "redacted.txt" for one in cut.files)


def test_a_signed_mail_says_that_its_signature_does_not_fit_any_more() -> None:
    signed = (Path(__file__).parents[1] / "mails" / "061-smime-signed-clear.eml").read_bytes()
    word = re.findall(r"\w{5,}", parse(signed).body.text)[0]
    cut = redacting.cut(signed, "", Passages([word]), ())
    assert cut is not None
    assert cut.breaks_signature
    assert word not in parse(cut.raw).body.text


def test_words_that_can_only_be_read_as_written_twice_go_too() -> None:
    text = "Grüße von Zoë Müllerström".encode().decode("latin-1").encode()
    raw = b"From: a@b.example\nMessage-ID: <a@b.example>\nContent-Type: text/plain; charset=utf-8\n\n" + text
    assert "Zoë Müllerström" in parse(raw, TWICE).body.text
    cut = redacting.cut(raw, TWICE, Passages(["Zoë Müllerström"]), ())
    assert cut is not None
    assert "ström" not in parse(cut.raw, TWICE).body.text
