"""Runs migrations on the engine that `store/schema.py` hands over."""

from alembic import context
from sqlmodel import SQLModel

import models.accounts
import models.audit
import models.blocking
import models.case
import models.casework
import models.correction
import models.deletion
import models.made_offices
import models.message
import models.outbox
import models.person
import models.sharing
import models.tally
import models.tokens
import models.views
import models.webhook  # noqa: F401 - the imports fill the metadata

with context.config.attributes["engine"].begin() as connection:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    context.run_migrations()
