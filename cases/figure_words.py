"""What each figure is called and how it is counted: the one text for the dashboard, the reports and the guide."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """A figure in words."""

    title: str
    formula: str


WORDS = {
    "open": Words("open", "Cases that are neither answered nor closed."),
    "overdue": Words(
        "overdue",
        "Open cases whose earliest due date is before today; what is due today is not overdue. The days are"
        " those since"
        " the oldest of these dates.",
    ),
    "due_3": Words("due within 3 days", "Open cases whose earliest due date is today or one of the next 3 days."),
    "due_7": Words("due within 7 days", "Open cases whose earliest due date is today or one of the next 7 days."),
    "waiting": Words("waiting for the person", "Cases in the state waiting: a question has stopped a clock."),
    "extended": Words(
        "extended", "Open cases with a request that is owed an answer and whose extension was told to the person."
    ),
    "elsewhere": Words(
        "waiting for third parties", "Cases that are not closed, in which somebody else was asked and has not answered."
    ),
    "unopened": Words(
        "unopened for a day",
        "Open cases that were opened more than 24 hours ago and that nobody of staff has looked at.",
    ),
    "received": Words(
        "received",
        "Requests by the day of receipt. A case holds a request for each kind asked for; those that turned"
        " out to be none,"
        " copies, and withdrawn ones are left out, here and below.",
    ),
    "answered": Words(
        "answered",
        "Requests by the day on which the server accepted the answer, or on which they ended without owing one.",
    ),
    "share": Words(
        "in time",
        "Of the requests whose due date lies in the period and that are answered or overdue: the share"
        " answered by the"
        " due date. A request without a date counts in the month of its answer.",
    ),
    "best": Words(
        "can still be reached",
        "The share in time at the end of the period, if all that is still due in it is answered in time:"
        " (in time + still due) / (in time + late + overdue + still due).",
    ),
    "breached": Words(
        "breached",
        "Requests whose due date lies in the period and that were answered after it, or are owed and overdue.",
    ),
    "ages": Words(
        "open cases by age and kind",
        "Open cases by the days since receipt; those past their due date are counted as overdue instead. A case with"
        " two kinds is in both rows.",
    ),
    "weeks": Words(
        "received and answered per week", "Requests received and requests answered, in each week from Monday."
    ),
    "shares": Words("in time, month by month", "The share in time of each of the last twelve months, by due dates."),
    "ahead": Words(
        "due in the next 14 days",
        "Requests that are owed an answer, by due date; the pace is the number of requests answered in the"
        " 28 days before"
        " today, divided by the working days among them.",
    ),
    "forecast": Words(
        "would be late",
        "Requests that fall due in the next 14 days and would be late at this pace, if overdue ones are"
        " answered first,"
        " then the earliest due.",
    ),
    "causes": Words(
        "breaches by cause",
        "The first that fits: recognition - more than 7 days passed until it was taken for a request; mail"
        " - an answer was"
        " written by the due date and its letter did not get through by then; identity - proof was asked"
        " for and had not"
        " come in 14 days after receipt; third party - somebody else was asked by the due date and had not"
        " answered by"
        " then; capacity - nothing of this. A manager may put a cause right, with a reason.",
    ),
    "ack_tenths": Words(
        "hours to acknowledge", "From receipt to the acceptance of the acknowledgement, by the month of the latter."
    ),
    "proof_days": Words(
        "days to prove identity",
        "From the question for proof of identity or mandate to the day on which it came in, by the month of"
        " the latter.",
    ),
    "answer_tenths": Words("days to answer", "From receipt to the answer, by the month of the answer."),
    "party_days": Words(
        "days of third parties", "From the question to a third party to its answer, by the month of the answer."
    ),
    "median": Words("median", "Half took no longer."),
    "ninety": Words("9 in 10", "Nine in ten took no longer."),
    "judged": Words(
        "mails judged", "Mails that the classifier took for something: copies, old mail and quarantine are left out."
    ),
    "reviewed": Words("looked at first", "Cases that a mail opened for review: a person decides before anything else."),
    "corrected": Words(
        "corrected", "Mails of which a person said that they are something else than the classifier had."
    ),
    "missed": Words(
        "missed", "Of the corrected: those that asked for something where the classifier had seen nothing."
    ),
    "acks": Words("acknowledgements sent", "Acknowledgements that the server accepted."),
    "acks_bounced": Words("acknowledgements bounced", "Of these, those about which a delivery report came back."),
    "letters": Words("letters sent", "Letters of cases that the server accepted, acknowledgements included."),
    "bounced": Words("letters bounced", "Of these, those about which a delivery report came back."),
    "party_asked": Words("third parties asked", "Third parties that were asked or told something, by that day."),
    "members": Words(
        "by organisation, mailbox, owner, language",
        "Open and overdue cases as they are now; the rest are requests of the period. Owner is who works on"
        " the case now.",
    ),
}
"""By the name of the figure."""

REPORT_WORDS = {
    "kinds": Words(
        "Requests by kind and month",
        "Requests by the month of receipt; those that turned out to be none, copies, and withdrawn ones are left out.",
    ),
    "results": Words(
        "How they ended",
        "Results of what was received in the year, of what was no request, a copy or withdrawn, too.",
    ),
    "stood": Words(
        "In time",
        "Requests received in the year. Within one month: answered in time, by the same day of the next"
        " month, moved to a"
        " working day. Later in time: answered by a due date that an extension or a question had moved, or"
        " that another"
        " clock sets. Late: after the due date. Overdue: owed, and the due date is past. Open: the date is to come."
        " Share in time: in time / (in time + late + overdue).",
    ),
    "causes": Words("Late, by cause", WORDS["causes"].formula),
    "extensions": Words(
        "Extensions and questions",
        "Requests received in the year whose extension was told to the person, and those in which proof of"
        " identity or"
        " mandate was asked for; shares of all requests received. Many extensions are a warning sign.",
    ),
    "grounds": Words(
        "Refusals by ground", "Requests received in the year that were refused, wholly or partly, by ground."
    ),
    "outside": Words(
        "Complaints, authorities, breach reports",
        "Complaints, letters of authorities and reports of breaches received in the year.",
    ),
    "times": Words(
        "How long it took",
        "Median, and what nine in ten did not exceed, of what was acknowledged, proven or answered in the year.",
    ),
    "letters": Words(
        "Letters",
        "Letters that the server accepted in the year, and those of them about which a delivery report came back.",
    ),
    "recognition": Words(
        "Recognition of mails",
        "Mails judged by the classifier in the year; cases opened for a person to look at first; mails that a person"
        " corrected, and those of them in which a request had been missed.",
    ),
    "rules": Words("Rules set aside", "How often a rule of casework was set aside in the year, by a person who may."),
    "erased": Words(
        "Erasures by retention",
        "Cases of which the contents, or also the names, were erased in the year. They stay counted in all figures.",
    ),
}
"""By the section of the annual report."""
