"""What the server runs: settings, then a runtime, then the application."""

import os

from config import settings
from config.secret_key import ensure_secret_key
from web.app import create_app
from workflow.bootstrap import build_runtime

_settings = settings.read(os.environ)
app = create_app(build_runtime(_settings), ensure_secret_key(_settings))
