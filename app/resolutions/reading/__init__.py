"""Reads a resolution: text in, a record out. Pure: no database, no network, no clock."""
