"""Fixtures for all tests of the solver."""

from tests.support.cores import only_branch_and_bound  # noqa: F401 (a fixture)
