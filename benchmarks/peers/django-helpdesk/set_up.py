"""Makes the tables, loads the letters, and makes one queue that is read by IMAP, as its configuration guide says.

`email_box_ssl` stays off: only then does django-helpdesk ask for STARTTLS.
"""

import os

import django
from django.core.management import call_command

django.setup()

from helpdesk.models import Queue  # noqa: E402 - models exist only after setup

call_command("migrate", verbosity=0)
call_command("loaddata", "emailtemplate.json", verbosity=0)
Queue.objects.create(
    title="Contact",
    slug="contact",
    email_address="contact@example.org",
    allow_email_submission=True,
    email_box_type="imap",
    email_box_host="127.0.0.1",
    email_box_port=int(os.environ["IMAP_PORT"]),
    email_box_ssl=False,
    email_box_user=os.environ["IMAP_USER"],
    email_box_pass=os.environ["IMAP_PASSWORD"],
    email_box_imap_folder="INBOX",
    email_box_interval=0,
)
