"""Make the tables and the visitor who can log in: ``python -m tests_py.browser.site.prepare``."""

from __future__ import annotations

import django
from django.core.management import call_command

if __name__ == "__main__":
    django.setup()
    from django.contrib.auth import get_user_model

    call_command("migrate", run_syncdb=True, verbosity=0)
    get_user_model().objects.create_user("ann", password="ann")
