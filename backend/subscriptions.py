"""Imports every module's event handlers, so that API and worker know the same ones."""

HANDLERS = ()
