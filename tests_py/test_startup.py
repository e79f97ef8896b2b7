"""What Django imports of ours to set itself up, and the public names."""

from __future__ import annotations

import subprocess
import sys

import pytest

import django_hyper

SET_UP = """
import sys, django
from django.conf import settings
settings.configure(INSTALLED_APPS=["django_hyper"])
django.setup()
print(*sorted(name for name in sys.modules if name.startswith(("django_hyper", "msgspec"))))
"""


def test_setting_up_imports_nothing_that_only_actions_need():
    done = subprocess.run(
        [sys.executable, "-c", SET_UP], capture_output=True, text=True, check=True
    )

    assert done.stdout.split() == ["django_hyper", "django_hyper.apps"]


@pytest.mark.parametrize("name", django_hyper.__all__)
def test_each_public_name_is_found_where_it_is_defined(name):
    vars(django_hyper).pop(name, None)

    found = getattr(django_hyper, name)

    assert found.__name__ == name
    assert found.__module__.startswith("django_hyper.")
    assert vars(django_hyper)[name] is found


def test_there_is_no_other_name():
    with pytest.raises(AttributeError, match="'django_hyper' has no attribute 'act'"):
        django_hyper.act  # noqa: B018
