"""The tests, in the shape of what they test; fixtures are in conftest.py."""
