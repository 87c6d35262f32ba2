"""The directory of customers: what is imported, whom a mail is about, and what a bad file is told."""

from pathlib import Path

import pytest
from sqlmodel import Session
from story import Story

from cases.directory import customer_named, customer_rows_of, import_customers
from models.errors import NotFound, SettingsError
from models.verdict import Label
from service.commands.letters import customer_rows
from store.database import Database

STRIDE = {"name": "Stride Fitness", "domains": "stride.example", "administrator": "dpo@stride.example"}
ACME = {"name": "Acme", "domains": "acme.example|acme.test", "administrator": "legal@acme.example", "language": "fr"}


def taken_in(database: Database, *rows: dict[str, str], organisation: str = "example") -> tuple[int, int]:
    with database.transaction() as session:
        return import_customers(session, organisation, list(rows))


def names(session: Session, organisation: str = "example") -> list[object]:
    return [row["name"] for row in customer_rows_of(session, organisation)]


# -- what is taken in


def test_what_is_imported_is_listed_by_name(database: Database) -> None:
    assert taken_in(database, STRIDE, ACME) == (2, 0)
    with database.reading() as session:
        assert customer_rows_of(session, "example") == [
            {
                "name": "Acme",
                "domains": ["acme.example", "acme.test"],
                "administrator": "legal@acme.example",
                "language": "fr",
            },
            {
                "name": "Stride Fitness",
                "domains": ["stride.example"],
                "administrator": "dpo@stride.example",
                "language": "en",
            },
        ]


def test_importing_again_changes_nothing_and_says_so(database: Database) -> None:
    taken_in(database, STRIDE, ACME)
    assert taken_in(database, STRIDE, ACME) == (0, 0)


@pytest.mark.parametrize(
    "change", [{"administrator": "new@stride.example"}, {"domains": "stride.example|stride.test"}, {"language": "de"}]
)
def test_a_customer_that_has_changed_is_counted_and_nobody_is_removed(
    database: Database, change: dict[str, str]
) -> None:
    taken_in(database, STRIDE, ACME)
    assert taken_in(database, STRIDE | change) == (0, 1)
    with database.reading() as session:
        assert names(session) == ["Acme", "Stride Fitness"]


def test_domains_are_kept_in_small_letters_each_once(database: Database) -> None:
    taken_in(database, STRIDE | {"domains": " Stride.Example | stride.example||GYM.example "})
    with database.reading() as session:
        assert customer_named(session, "example", "Stride Fitness").domains == ["gym.example", "stride.example"]


def test_each_organisation_has_customers_of_its_own(database: Database) -> None:
    taken_in(database, STRIDE)
    taken_in(database, STRIDE | {"administrator": "other@stride.example"}, organisation="another")
    with database.reading() as session:
        assert customer_named(session, "example", "Stride Fitness").administrator == "dpo@stride.example"
        assert names(session, "another") == ["Stride Fitness"]
        assert names(session, "nobody") == []


def test_an_unknown_customer_is_told_with_where_to_look(database: Database) -> None:
    taken_in(database, STRIDE)
    with database.reading() as session:
        with pytest.raises(NotFound, match="no customer 'Strde' in the directory; `rightsdesk directory list`"):
            customer_named(session, "example", "Strde")
        with pytest.raises(NotFound):
            customer_named(session, "another", "Stride Fitness")


# -- whom a mail is about


def test_a_mail_is_about_the_customer_whose_domain_it_comes_from_or_whom_it_names(uk: Story) -> None:
    taken_in(uk.database, STRIDE, ACME)
    mails: dict[str, dict[str, str]] = {
        "named": {"text": "I train at STRIDE FITNESS, delete my data."},
        "not named": {"text": "Delete my data.", "sender": "a@mail.example"},
        "sender": {"text": "Delete my data.", "sender": "lee@Stride.Example"},
        "another domain": {"text": "Delete my data.", "sender": "lee@notstride.example"},
        "found by the classifier": {"sender": "b@mail.example", "customer_company": "stride fitness"},
        "the sender counts more": {"text": "Acme sent me to you.", "sender": "kim@stride.example"},
    }
    cases = {name: uk.receives(Label.ERASURE, **more) for name, more in mails.items()}  # type: ignore[arg-type]
    assert {name: uk.shown(case)["customer"] for name, case in cases.items()} == {
        "named": "Stride Fitness",
        "not named": None,
        "sender": "Stride Fitness",
        "another domain": None,
        "found by the classifier": "Stride Fitness",
        "the sender counts more": "Stride Fitness",
    }


def test_the_customers_of_another_organisation_are_not_recognised(uk: Story) -> None:
    taken_in(uk.database, STRIDE, organisation="another")
    case = uk.receives(Label.ERASURE, text="I train at Stride Fitness.")
    assert uk.shown(case)["customer"] is None


# -- the file


def read(folder: Path, content: str | bytes) -> list[dict[str, str]]:
    path = folder / "customers.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return customer_rows(path)


def test_a_file_is_read_as_spreadsheets_write_it(tmp_path: Path) -> None:
    text = '\ufeffname,domains,administrator,remark\r\n"Stride, Ltd",stride.example, dpo@stride.example ,"a ""b"""\r\n'
    assert read(tmp_path, text) == [
        {"name": "Stride, Ltd", "domains": "stride.example", "administrator": "dpo@stride.example", "remark": 'a "b"'}
    ]


@pytest.mark.parametrize("row", ["Acme,acme.example,legal", ",acme.example,legal@acme.example", "Acme", " , , "])
def test_a_row_without_a_name_or_an_address_is_told_with_its_line(tmp_path: Path, row: str) -> None:
    text = f"name,domains,administrator\nStride,stride.example,dpo@stride.example\n{row}\n"
    with pytest.raises(SettingsError, match=r"customers\.csv: line 3: a customer needs a name and the administrator's"):
        read(tmp_path, text)


@pytest.mark.parametrize(
    ("header", "missing"),
    [("name,domains", "administrator"), ("Name;Domains;Administrator", "administrator, domains, name"), ("", "admin")],
)
def test_a_missing_column_is_named(tmp_path: Path, header: str, missing: str) -> None:
    with pytest.raises(SettingsError, match=f"has no column {missing}"):
        read(tmp_path, f"{header}\nStride,stride.example,dpo@stride.example\n")


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read as CSV"):
        read(tmp_path, b"name,domains,administrator\nCaf\xe9,x.example,a@x.example\n")
    with pytest.raises(SettingsError, match="cannot be read as CSV"):
        customer_rows(tmp_path / "nowhere.csv")


def test_a_file_without_rows_adds_nobody(tmp_path: Path, database: Database) -> None:
    assert taken_in(database, *read(tmp_path, "name,domains,administrator\n")) == (0, 0)
