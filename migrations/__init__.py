"""The database's history: one revision a change of the tables, and the triggers they carry."""
