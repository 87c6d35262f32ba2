"""Makes the tables and one mailbox, read by IMAP with STARTTLS, as an administrator would in Django's admin."""

import os
from urllib.parse import quote

import django
from django.core.management import call_command

django.setup()

from django_mailbox.models import Mailbox  # noqa: E402 - models exist only after setup

call_command("migrate", verbosity=0)
account = f"{quote(os.environ['IMAP_USER'])}:{quote(os.environ['IMAP_PASSWORD'])}"
Mailbox.objects.create(name="contact", uri=f"imap+tls://{account}@127.0.0.1:{os.environ['IMAP_PORT']}")
