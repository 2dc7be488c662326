import pytest

pytest.register_assert_rewrite("solver.conformance")
