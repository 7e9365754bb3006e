"""Rows in and out of the database; takes a transaction, never opens or commits one."""
