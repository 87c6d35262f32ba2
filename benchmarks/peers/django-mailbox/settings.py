"""The smallest Django project that runs django-mailbox: its application, SQLite, a folder for attachments."""

import os
from pathlib import Path

FOLDER = Path(os.environ["BENCHMARK_FOLDER"])

SECRET_KEY = "not secret: this project serves nobody"
INSTALLED_APPS = ["django.contrib.contenttypes", "django_mailbox"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": FOLDER / "peer.db"}}
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
MEDIA_ROOT = FOLDER / "media"
USE_TZ = True
