"""The vocabulary: tables, enums and values. No IO, no clock, no session."""
