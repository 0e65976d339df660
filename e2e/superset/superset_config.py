# SPDX-License-Identifier: Apache-2.0
"""Superset for the tests: one process on the loopback interface, its own SQLite database in SUPERSET_HOME."""
import os

SECRET_KEY = os.environ["SUPERSET_SECRET_KEY"]
SQLALCHEMY_DATABASE_URI = "sqlite:///" + os.path.join(os.environ["SUPERSET_HOME"], "superset.db")
# The tests use the API with a token, which has no CSRF cookie.
WTF_CSRF_ENABLED = False
TALISMAN_ENABLED = False
RATELIMIT_ENABLED = False
