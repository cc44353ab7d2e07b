"""/docs and /openapi.json: the documentation with a form to try each route, from this machine alone.

Swagger UI's files come with the package fastapi-offline; nothing on the page is inline, and no request goes to another
host.
"""

from __future__ import annotations

from functools import partial
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, Response

from app.api.documentation import DOCUMENTATION
from app.api.openapi import openapi_document

__all__ = ["DOCS_POLICY", "docs_routes", "openapi_document"]

# Its style sheet has its icons within, as data:.
DOCS_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_KEPT = {"Cache-Control": "public, max-age=86400"}
_FILES = {"swagger-ui-bundle.js": "text/javascript", "swagger-ui.css": "text/css"}
_TITLE = "Khao ข่าว: API"
# Addresses are relative, so that the page works under a proxy's prefix too.
_PAGE = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{_TITLE}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<div id="docs"></div>
<noscript><p lang="th">{escape(DOCUMENTATION["no_script"][0])}</p><p>{escape(DOCUMENTATION["no_script"][1])}</p></noscript>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""
# Without validatorUrl, Swagger UI would have another host check the document.
_START = """SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#docs",
  deepLinking: true,
  validatorUrl: null,
  persistAuthorization: false,
  defaultModelsExpandDepth: 0,
});
"""


def docs_routes(app: FastAPI) -> None:
    """Add the documentation of all routes that `app` has when it is first asked for."""
    routes = APIRouter(include_in_schema=False)

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = openapi_document(app)
        return app.openapi_schema

    @routes.get("/openapi.json")
    def openapi(request: Request) -> Response:
        prefix = request.scope.get("root_path", "").rstrip("/")
        return JSONResponse({**document(), "servers": [{"url": prefix}]} if prefix else document())

    @routes.get("/docs")
    async def docs() -> Response:
        return HTMLResponse(_PAGE, headers={"Content-Security-Policy": DOCS_POLICY})

    @routes.get("/docs/start.js")
    async def start() -> Response:
        return Response(_START, media_type="text/javascript", headers=_KEPT)

    for name, media_type in _FILES.items():
        file = Path(str(files("fastapi_offline").joinpath("static", name)))
        routes.add_api_route(f"/docs/{name}", partial(_send, file, media_type), response_class=Response)
    app.include_router(routes)
    app.openapi = document  # type: ignore[method-assign]


async def _send(file: Path, media_type: str) -> FileResponse:
    return FileResponse(file, media_type=media_type, headers=_KEPT)
