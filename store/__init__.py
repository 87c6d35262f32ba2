"""Everything that touches the database, the disk or the clock."""
