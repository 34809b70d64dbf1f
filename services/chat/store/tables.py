"""The one `metadata` that every table of chat belongs to."""

from sqlalchemy import MetaData

from harbour.runtime.outbox import outbox_table

metadata = MetaData()
outbox_table(metadata)
