"""The vault: bytes come back exactly, or not at all."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from models.errors import PermanentFailure, SettingsError
from models.message import SealedChunk, SealedMail
from store.database import Database
from store.vault import CHUNK, MasterKey, Vault, read_key_file, write_key_file


@pytest.mark.parametrize("raw", [b"", b"x", b"\x00\xff" * 10, b"m" * CHUNK, b"m" * (CHUNK + 1), b"m" * (3 * CHUNK)])
def test_a_mail_comes_back_byte_for_byte(database: Database, vault: Vault, raw: bytes) -> None:
    with database.transaction() as session:
        sealed_id = vault.keep(session, raw)
    with database.reading() as session:
        assert vault.open(session, sealed_id) == raw


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
@given(raw=st.binary(max_size=3000))
def test_any_bytes_come_back(database: Database, vault: Vault, raw: bytes) -> None:
    with database.transaction() as session:
        sealed_id = vault.keep(session, raw)
        session.flush()
        assert vault.open(session, sealed_id) == raw


def test_the_database_holds_no_readable_byte_of_a_mail(database: Database, vault: Vault) -> None:
    with database.transaction() as session:
        vault.keep(session, b"Subject: my secret illness\r\n" * 50)
    with database.reading() as session:
        stored = b"".join(session.exec(select(SealedChunk.ciphertext)))
    assert b"secret" not in stored


def test_one_altered_bit_is_noticed(database: Database, vault: Vault) -> None:
    with database.transaction() as session:
        sealed_id = vault.keep(session, b"two months" * 100)
    with database.transaction() as session:
        chunk = session.exec(select(SealedChunk)).one()
        chunk.ciphertext = chunk.ciphertext[:-1] + bytes([chunk.ciphertext[-1] ^ 1])
    with database.reading() as session, pytest.raises(PermanentFailure, match="altered"):
        vault.open(session, sealed_id)


def test_a_missing_piece_is_noticed(database: Database, vault: Vault) -> None:
    with database.transaction() as session:
        sealed_id = vault.keep(session, b"m" * (2 * CHUNK))
    with database.transaction() as session:
        session.delete(session.exec(select(SealedChunk).where(col(SealedChunk.position) == 1)).one())
    with database.reading() as session, pytest.raises(PermanentFailure, match="incomplete"):
        vault.open(session, sealed_id)


def test_another_key_opens_nothing_and_says_why(database: Database, vault: Vault) -> None:
    with database.transaction() as session:
        sealed_id = vault.keep(session, b"mail")
    with database.reading() as session, pytest.raises(PermanentFailure, match="another vault key"):
        Vault(MasterKey(b"k" * 32)).open(session, sealed_id)


def test_a_shredded_mail_is_gone_with_its_key_and_pieces(database: Database, vault: Vault) -> None:
    with database.transaction() as session:
        sealed_id = vault.keep(session, b"mail")
    with database.transaction() as session:
        vault.shred(session, sealed_id)
    with database.reading() as session:
        assert not session.exec(select(SealedMail)).all()
        assert not session.exec(select(SealedChunk)).all()


def test_a_key_file_is_for_its_owner_alone_and_never_overwritten(tmp_path) -> None:
    path = tmp_path / "desk.key"
    write_key_file(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_key_file(path).key_id == read_key_file(path).key_id
    with pytest.raises(SettingsError, match="unreadable"):
        write_key_file(path)


@pytest.mark.parametrize("content", ["", "hello", "rightsdesk-key-1:AAAA", "rightsdesk-key-1:%%%", "other:" + "A" * 44])
def test_what_is_no_key_is_refused(tmp_path, content: str) -> None:
    path = tmp_path / "desk.key"
    path.write_text(content)
    with pytest.raises(SettingsError, match=r"vault\.key_file"):
        read_key_file(path)
