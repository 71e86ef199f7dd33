"""The contract: FastAPI's document with every error as problem+json, sorted to give stable diffs."""

import json
from collections.abc import Callable
from typing import Any

from fastapi import FastAPI

from backend.core.http import PROBLEM_TYPE

PROBLEM_REF = {"$ref": "#/components/schemas/ProblemOut"}


def contract(app: FastAPI, plain: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """FastAPI's own 422 body and the JSON copies of problems are replaced by what is really sent."""
    if app.openapi_schema and app.openapi_schema.get("x-chengdan"):
        return app.openapi_schema
    document = plain()
    for path in document["paths"].values():
        for operation in path.values():
            for status, response in operation["responses"].items():
                if status[0] in "45":
                    response["content"] = {PROBLEM_TYPE: {"schema": PROBLEM_REF}}
    for name in ("HTTPValidationError", "ValidationError"):
        document["components"]["schemas"].pop(name, None)
    document["x-chengdan"] = "1"
    app.openapi_schema = document
    return document


def render(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
