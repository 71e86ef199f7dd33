"""The HTTP application: one line per module router."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.routing import APIRoute
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Match, Mount, Route
from starlette.types import Scope

from backend import schema, subscriptions
from backend.analytics import layout as dashboard_views
from backend.analytics.api import router as analytics_router
from backend.audit.api import router as audit_router
from backend.catalogue.api import router as catalogue_router
from backend.contracts.api import router as contracts_router
from backend.core import health
from backend.core.config import APP_LOGIN, get_settings
from backend.core.db import Database, make_engine, use_database
from backend.core.http import API_PREFIX, EdgeMiddleware, install_errors, problems
from backend.core.limiting import close_limiter
from backend.core.live import LIVE_CHANNEL, Hub, closing_on_signals, use_hub
from backend.core.logs import configure_logs
from backend.core.openapi import contract
from backend.core.tasks import end
from backend.core.wakeups import Wakeups, open_redis, use_wakeups
from backend.correspondence.api import router as correspondence_router
from backend.customers import view_settings as customer_views
from backend.customers.api import router as customers_router
from backend.deadlines import company_calendar
from backend.deadlines.api import router as deadlines_router
from backend.documents.api import LARGER_BODIES as LARGER_FILES
from backend.documents.api import router as documents_router
from backend.duplicates.api import router as duplicates_router
from backend.identity.api import router as identity_router
from backend.imports.api import LARGER_BODIES
from backend.imports.api import router as imports_router
from backend.imports.exports_api import router as exports_router
from backend.leads import view_settings as lead_views
from backend.leads.api import router as leads_router
from backend.leads.pool_api import router as pool_router
from backend.leads.script_api import router as scripts_router
from backend.notifications.api import router as notifications_router
from backend.operations.api import router as operations_router
from backend.opportunities import view_settings as opportunity_views
from backend.opportunities.api import router as opportunities_router
from backend.opportunities.trial_api import router as trial_router
from backend.pipelines.api import router as pipelines_router
from backend.saved_views.api import router as saved_views_router
from backend.support.api import router as support_router
from backend.timeline.api import router as timeline_router
from backend.today.api import router as today_router
from backend.webhooks.api import router as webhooks_router
from backend.webhooks.store import close_store

SPA = Path(__file__).resolve().parent.parent / "frontend" / "dist"
ROUTERS = (
    webhooks_router,
    leads_router,
    pool_router,
    duplicates_router,
    customers_router,
    opportunities_router,
    contracts_router,
    catalogue_router,
    analytics_router,
    today_router,
    notifications_router,
    documents_router,
    saved_views_router,
    imports_router,
    exports_router,
    identity_router,
    audit_router,
    operations_router,
    deadlines_router,
    scripts_router,
    pipelines_router,
    trial_router,
    support_router,
    correspondence_router,
    timeline_router,
)
"""The busiest first: a request is matched against one after the other."""
EXPOSED = ["ETag", "Retry-After", "X-Request-ID", "Idempotent-Replayed"]
"""What pages of another origin may read of an answer's headers."""
COMMON = problems(400, 401, 403, 404, 422, 503)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Opens what the process shares: engine and doorbell."""
    configure_logs()
    engine = make_engine(APP_LOGIN)
    use_database(Database(engine))
    wakeups = Wakeups(open_redis(get_settings().redis_dsn()))
    use_wakeups(wakeups)
    hub = Hub(is_listening=lambda: wakeups.is_listening)
    use_hub(hub)
    wakeups.start({LIVE_CHANNEL: hub.wake})
    delivering = asyncio.create_task(hub.run())
    app.state.redis = wakeups.redis
    try:
        with closing_on_signals(hub):
            yield
    finally:
        hub.close()
        await end(delivering)
        use_hub(None)
        await wakeups.stop()
        use_wakeups(None)
        await close_store()
        await close_limiter()
        await engine.dispose()
        use_database(None)


class Spa(StaticFiles):
    """The built SPA; a path that is no file is one of its own routes."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        try:
            response = await super().get_response(path, scope)
        except HTTPException as error:
            if error.status_code != 404 or path.startswith(("api/", "assets/")):
                raise
            return FileResponse(SPA / "index.html", headers={"Cache-Control": "no-cache"})
        fresh = "public, max-age=31536000, immutable" if path.startswith("assets/") else "no-cache"
        response.headers.setdefault("Cache-Control", fresh)
        return response


class SpaMount(Mount):
    """Takes what is not the API's: a wrong path or method there must get the API's own 404 or 405."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope.get("path", "").startswith("/api/"):
            return Match.NONE, {}
        return super().matches(scope)


async def api_docs(_: Request) -> Response:
    """The contract as a page, of our own files: it works without the internet and under our content policy."""
    return FileResponse(SPA / "api-docs" / "index.html", headers={"Cache-Control": "no-cache"})


def create_app() -> FastAPI:
    """The application with every route; the SPA is served when it has been built."""
    app = FastAPI(
        title="Chengdan 成单",
        version="1.0.0",
        lifespan=lifespan,
        generate_unique_id_function=_operation_id,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
    )
    app.add_middleware(EdgeMiddleware, max_body_bytes=get_settings().max_body_bytes, larger=LARGER_BODIES | LARGER_FILES)
    if get_settings().cors_origins:
        app.add_middleware(
            CORSMiddleware, allow_origins=get_settings().cors_origins, allow_methods=["*"], allow_headers=["*"], expose_headers=EXPOSED
        )
    install_errors(app)
    app.state.advice = [company_calendar.advice]
    app.state.schema = schema.version()
    api = APIRouter(prefix=API_PREFIX, responses=COMMON)
    for router in ROUTERS:
        api.include_router(router)
    app.include_router(api)
    app.include_router(health.router)
    if SPA.is_dir():
        app.router.routes.append(Route("/api/docs", api_docs))
        app.router.routes.append(SpaMount("/", Spa(directory=SPA, html=True), name="spa"))
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        return contract(app, plain)

    app.openapi = openapi  # type: ignore[method-assign]
    return app


def _operation_id(route: APIRoute) -> str:
    return route.name


assert subscriptions.HANDLERS is not None  # noqa: S101 - imported for its effect: it registers the handlers
VIEWS = (lead_views, customer_views, opportunity_views, dashboard_views)
assert None not in {one.check for one in VIEWS}  # noqa: S101 - imported for their effect: they register what a view of their list holds
