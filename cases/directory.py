"""The directory of customers, whose processor an organisation is: who they are, and who decides there."""

import re

from sqlmodel import Session, col, select

from models.casework import Customer
from models.errors import NotFound
from models.mail import ParsedMail
from store.audit import hold_chain


def customer_of(
    session: Session, organisation: str, mail: ParsedMail, named: str | None, sender: str
) -> Customer | None:
    """Return the customer that a mail seems to be about: named in it, or the sender writes from its domain."""
    domain = sender.rpartition("@")[2].lower()
    text = f"{mail.subject}\n{mail.body.written or mail.body.text}".casefold()
    found = session.exec(select(Customer).where(col(Customer.organisation) == organisation)).all()
    by_domain = next((one for one in found if domain and domain in one.domains), None)
    spoken = (one for one in found if _is_named(one.name, text) or one.name.casefold() == (named or "").casefold())
    return by_domain or next(spoken, None)


def _is_named(name: str, text: str) -> bool:
    """Tell whether a name stands in a text as words of its own: "Bo" is not in "about"."""
    return re.search(rf"(?<!\w){re.escape(name.casefold())}(?!\w)", text) is not None


def customer_named(session: Session, organisation: str, name: str) -> Customer:
    """Return a customer of the directory; raises NotFound."""
    query = select(Customer).where(col(Customer.organisation) == organisation, col(Customer.name) == name)
    customer = session.exec(query).first()
    if customer is None:
        raise NotFound(f"there is no customer {name!r} in the directory; `rightsdesk directory list` shows them")
    return customer


def import_customers(session: Session, organisation: str, rows: list[dict[str, str]]) -> tuple[int, int]:
    """Add or change customers by name; return how many are new and how many were changed. Nobody is removed."""
    hold_chain(session)
    found = session.exec(select(Customer).where(col(Customer.organisation) == organisation))
    known = {one.name: one for one in found}
    added = changed = 0
    for row in rows:
        customer = known.get(row["name"])
        if customer is None:
            customer = Customer(organisation=organisation, name=row["name"], administrator="")
            known[customer.name] = customer
            added += 1
        else:
            changed += not _says_the_same(customer, row)
        customer.domains, customer.administrator = _domains(row), row["administrator"]
        customer.language = row.get("language") or "en"
        session.add(customer)
    session.flush()
    return added, changed


def _says_the_same(customer: Customer, row: dict[str, str]) -> bool:
    now = (customer.domains, customer.administrator, customer.language)
    return now == (_domains(row), row["administrator"], row.get("language") or "en")


def _domains(row: dict[str, str]) -> list[str]:
    return sorted({part.strip().lower() for part in row["domains"].split("|") if part.strip()})


def customer_rows_of(session: Session, organisation: str) -> list[dict[str, object]]:
    """Return the customers of an organisation as rows, by name."""
    query = select(Customer).where(col(Customer.organisation) == organisation).order_by(col(Customer.name))
    return [
        {
            "name": one.name,
            "domains": one.domains,
            "administrator": one.administrator,
            "language": one.language,
        }
        for one in session.exec(query)
    ]
