"""All deeds of a case as forms: the one list that pages and the API share.

Every form works without a script. Names of fields are those of the deeds they are for.
"""

from web.desk.deeds.arranging import ARRANGING
from web.desk.deeds.asking import ASKING, CONFIRMING
from web.desk.deeds.deleting import DELETING
from web.desk.deeds.ending import ENDING
from web.desk.deeds.fields import Ahead, Field, Filled, FilledWithFiles, Form, Group, Widget, one
from web.desk.deeds.others import OTHERS
from web.desk.deeds.redacting import REDACTING
from web.desk.deeds.timing import TIMING

__all__ = ["FORMS", "Ahead", "Field", "Filled", "FilledWithFiles", "Form", "Group", "Widget", "form_named", "one"]

FORMS: tuple[Form, ...] = (*CONFIRMING, *ENDING, *ASKING, *TIMING, *OTHERS, *ARRANGING, *REDACTING, *DELETING)


def form_named(name: str) -> Form | None:
    """Return a form by its name."""
    return next((form for form in FORMS if form.name == name), None)
