"""The example Result and its texts, made once."""

import pytest
from tests.reports import example


@pytest.fixture(scope="session")
def result():
    return example.result()


@pytest.fixture(scope="session")
def items():
    return example.items()
