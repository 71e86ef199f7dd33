"""Imports every module's event handlers, so that API and worker know the same ones."""

from backend.deadlines import handlers as deadlines_handlers

HANDLERS = (deadlines_handlers,)
