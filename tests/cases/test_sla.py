"""The figures for managers, counted by hand on a handful of requests."""

from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from mailboxes import organisation
from story import ANA, Story

from cases.asking import ask
from cases.deciding import answer, decide
from cases.extending import extend
from cases.sla import FORMULAS, SlaRow, month_of, sla
from models.case import Case, CaseState, ItemResult, RequestItem
from models.casework import PauseReason
from models.outbox import Template
from models.verdict import Kind, Label
from service.reports import sla_rows
from store.database import Database

MADRID = ZoneInfo("Europe/Madrid")
SPAIN = organisation(country="ES", timezone="Europe/Madrid")
NOW = datetime(2026, 4, 20, 12, 0, tzinfo=UTC)
Row = dict[str, object]


def local(text: str) -> datetime:
    """A moment in Madrid."""
    return datetime.fromisoformat(text).replace(tzinfo=MADRID)


def request(
    database: Database,
    received: str,
    due: str = "",
    answered: str = "",
    *,
    result: ItemResult | None = None,
    kind: Kind = Kind.ACCESS,
    acknowledged: str = "",
    owner: str = "example",
) -> None:
    """Keep one request: when it came, by the end of which day it was due, when it was answered and how."""
    with database.transaction() as session:
        ended = local(answered) if answered else None
        case = Case(
            reference=f"RD-{received}-{kind}-{answered}-{owner}-{result}",
            organisation=owner,
            mailbox="contact",
            status=CaseState.ANSWERED if answered else CaseState.OPEN,
            requester_address="mara@mail.example",
            language="es",
            received_at=local(received),
            opened_at=local(received),
            acknowledged_at=local(acknowledged) if acknowledged else None,
            answered_at=ended,
        )
        session.add(case)
        session.flush()
        last = date.fromisoformat(due) if due else None
        session.add(
            RequestItem(
                case_id=case.id or 0,
                kind=kind,
                received_at=local(received),
                due_on=last,
                due_at=datetime.combine(last + timedelta(days=1), datetime.min.time(), MADRID) if last else None,
                result=result or (ItemResult.FULFILLED if answered else None),
                decided_at=ended,
                told_at=ended,
            )
        )


def rows(database: Database, first: str = "2026-03-01", last: str = "2026-03-31", now: datetime = NOW) -> list[Row]:
    with database.reading() as session:
        days = date.fromisoformat(first), date.fromisoformat(last)
        return list(sla_rows(session, SPAIN, *days, now))


def total(database: Database, **period: object) -> Row:
    return rows(database, **period)[0]  # type: ignore[arg-type]


def test_a_month_counted_by_hand(database: Database) -> None:
    request(database, "2026-03-02 10:00", "2026-04-06", "2026-03-06 10:00", acknowledged="2026-03-02 10:30")  # 4 days
    request(
        database, "2026-03-03 09:00", "2026-04-06", "2026-04-06 23:59", kind=Kind.ERASURE
    )  # the last minute: in time
    request(database, "2026-03-04 00:00", "2026-04-06", "2026-04-07 00:00", acknowledged="2026-03-04 02:00")  # late
    request(database, "2026-03-05 09:00", "2026-04-07")  # overdue
    request(database, "2026-03-30 09:00", "2026-04-30", kind=Kind.ERASURE)  # its date is to come
    request(database, "2026-03-31 23:59")  # waits for the person: no date
    request(database, "2026-03-06 09:00", "2026-04-06", "2026-03-07 09:00", result=ItemResult.WITHDRAWN)
    request(database, "2026-03-06 09:00", "2026-04-06", "2026-04-30 09:00", result=ItemResult.NOT_A_REQUEST)
    request(database, "2026-03-06 09:00", "2026-04-06", "2026-03-07 09:00", result=ItemResult.DUPLICATE)
    request(database, "2026-03-07 09:00", "2026-04-06", "2026-03-08 09:00", owner="another")

    everything, access, erasure = rows(database)
    assert everything == {
        "from": "2026-03-01",
        "to": "2026-03-31",
        "kind": "all",
        "received": 6,
        "answered": 3,
        "in_time": 2,
        "late": 1,
        "overdue": 1,
        "open": 2,
        "share_in_time": 0.5,
        "extended": 0,
        "mean_days": 24.2,  # 4, 34.6 and 34.0: the clocks change meanwhile
        "median_days": 34.0,
        "hours_to_acknowledge": 1.25,
    }
    assert {name: access[name] for name in ("kind", "received", "answered", "in_time", "late", "overdue", "open")} == {
        "kind": "access",
        "received": 4,
        "answered": 2,
        "in_time": 1,
        "late": 1,
        "overdue": 1,
        "open": 1,
    }
    assert (erasure["kind"], erasure["received"], erasure["share_in_time"]) == ("erasure", 2, 1.0)


def test_a_month_without_requests_has_figures_without_shares(database: Database) -> None:
    (row,) = rows(database)
    assert (row["received"], row["open"], row["share_in_time"], row["mean_days"]) == (0, 0, None, None)


def test_what_asked_for_nothing_or_was_taken_back_is_left_out(database: Database) -> None:
    for result in ItemResult:
        request(database, "2026-03-06 09:00", "2026-04-06", "2026-03-07 09:00", result=result)
    left_out = {ItemResult.WITHDRAWN, ItemResult.NOT_A_REQUEST, ItemResult.DUPLICATE}
    assert total(database)["received"] == len(ItemResult) - len(left_out)


def test_a_period_ends_at_midnight_where_the_organisation_is(database: Database) -> None:
    for received in ("2026-02-28 23:59:59", "2026-03-01 00:00", "2026-03-31 23:59:59", "2026-04-01 00:00"):
        request(database, received, "2026-05-04")
    assert total(database)["received"] == 2
    assert total(database, first="2026-02-01", last="2026-02-28")["received"] == 1
    assert total(database, first="2026-04-01", last="2026-04-30")["received"] == 1


def test_a_request_is_overdue_from_the_midnight_after_its_last_day(database: Database) -> None:
    request(database, "2026-03-05 09:00", "2026-04-07")
    before = total(database, now=local("2026-04-07 23:59"))
    after = total(database, now=local("2026-04-08 00:00"))
    assert [(row["open"], row["overdue"]) for row in (before, after)] == [(1, 0), (0, 1)]


def test_no_days_are_named_means_this_month_there(database: Database) -> None:
    request(database, "2026-03-31 23:59", "2026-05-04")
    request(database, "2026-04-01 00:00", "2026-05-04")
    midnight = local("2026-04-01 00:10")  # still March in UTC
    with database.reading() as session:
        row = next(sla_rows(session, SPAIN, None, None, midnight))
    assert (row["from"], row["to"], row["received"]) == ("2026-04-01", "2026-04-30", 1)


def test_the_last_day_of_a_period_is_counted_and_may_be_its_first(database: Database) -> None:
    request(database, "2026-03-05 09:00", "2026-04-07")
    row = total(database, first="2026-03-05", last="2026-03-05")
    assert (row["from"], row["to"], row["received"]) == ("2026-03-05", "2026-03-05", 1)


@pytest.mark.parametrize(
    ("day", "first", "next_first"),
    [("2026-01-31", "2026-01-01", "2026-02-01"), ("2028-02-29", "2028-02-01", "2028-03-01"),
     ("2026-12-01", "2026-12-01", "2027-01-01")],
)  # fmt: skip
def test_a_month_begins_with_its_first_day_and_ends_before_the_next(day: str, first: str, next_first: str) -> None:
    assert month_of(date.fromisoformat(day)) == (date.fromisoformat(first), date.fromisoformat(next_first))


def test_every_figure_says_how_it_is_counted() -> None:
    assert set(FORMULAS) == set(SlaRow.__dataclass_fields__) - {"kind"}


def march(story: Story) -> Row:
    with story.database.reading() as session:
        found = sla(session, "example", datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC), story.now)
    return asdict(found[0])


def test_an_extended_request_is_judged_by_its_new_date(france: Story) -> None:
    case = france.at("2026-03-04").receives(Label.OBJECTION)
    france.post()
    france.does(ANA, case, lambda office: extend(office, why="complex", text="Complexe."))
    france.post()
    assert (march(france)["extended"], march(france)["overdue"]) == (1, 0)
    assert march(france.at("2026-04-08"))["overdue"] == 0, "the first date has passed, the new one has not"
    france.at("2026-06-04").does(ANA, case, lambda office: decide(office, Kind.OBJECTION, ItemResult.NO_DATA))
    france.does(ANA, case, lambda office: answer(office, Template.NO_DATA))
    assert march(france)["answered"] == 0, "a letter that is on its way answers nothing"
    france.post()
    assert (march(france)["in_time"], march(france)["late"], march(france)["mean_days"]) == (1, 0, 92.0)


def test_while_the_person_owes_an_answer_nothing_is_overdue(uk: Story) -> None:
    case = uk.at("2026-03-04").receives(Label.ACCESS)
    uk.does(ANA, case, lambda office: ask(office, PauseReason.CLARIFICATION, why="", text="Which year?"))
    uk.post()
    row = march(uk.at("2026-08-01"))
    assert (row["open"], row["overdue"]) == (1, 0)


def test_a_request_that_came_by_mail_and_was_answered_by_letter(uk: Story) -> None:
    case = uk.at("2026-03-02 10:00").receives(Label.OBJECTION_MARKETING)
    uk.at("2026-03-02 10:15").post()
    uk.at("2026-03-04 22:00")
    uk.does(ANA, case, lambda office: decide(office, Kind.OBJECTION_MARKETING, ItemResult.FULFILLED))
    uk.does(ANA, case, lambda office: answer(office, Template.UNSUBSCRIBE_DONE))
    uk.post()
    row = march(uk)
    assert (row["in_time"], row["mean_days"], row["hours_to_acknowledge"]) == (1, 2.5, 0.25)
