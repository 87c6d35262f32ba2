"""The errors of rightsdesk, sorted by what the caller can do about them.

    DeskError
    ├── SettingsError        the configuration is wrong: the person who runs it must change it
    ├── TemporaryFailure     try again later, with back-off
    │   └── Deadlocked       two steps waited for each other: the same step works at once
    ├── PermanentFailure     trying again is useless: a person must look
    ├── NotAllowed           the rules of the office do not let this be done, and the text says why
    │   └── Taken            somebody else made the same thing at the same moment
    └── NotFound             the thing asked for does not exist

Errors carry keys (row ids, mailbox names, references), never addresses, names, subjects or bodies.
"""


class DeskError(Exception):
    """Something that rightsdesk can explain went wrong."""


class SettingsError(DeskError):
    """The configuration cannot be used as it stands."""


class TemporaryFailure(DeskError):
    """A part is unavailable for now; the same step may work later."""


class Deadlocked(TemporaryFailure):
    """Two steps waited for each other, and the database ended this one: nothing of it is kept, it works at once."""


class PermanentFailure(DeskError):
    """The step can never work as it stands; a person must look."""


class NotAllowed(DeskError):
    """This cannot be done as things stand."""


class Taken(NotAllowed):
    """Somebody else made the same thing at the same moment: nothing of this one is kept; look at what is there now."""


class NotFound(DeskError):
    """There is no such thing."""
