"""The first page, the API document and its page, problem pages, labels. Served without a token."""

from pathlib import Path

import fastapi_offline
from fastapi import APIRouter, Request
from fastapi.openapi.docs import get_swagger_ui_oauth2_redirect_html
from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response

from gateway.directory import queries as directory
from gateway.identity import handles
from gateway.pages.document import Documents
from kernel.errors import NotFound, Problem, all_problems, preferred_language

router = APIRouter(include_in_schema=False)
_HERE = Path(__file__).parent
_SWAGGER = Path(fastapi_offline.__file__).parent / "static"
_ASSETS = {
    "swagger-ui-bundle.js": _SWAGGER / "swagger-ui-bundle.js",
    "swagger-ui.css": _SWAGGER / "swagger-ui.css",
    "docs.js": _HERE / "static" / "docs.js",
    "page.css": _HERE / "static" / "page.css",
}
_templates = Environment(loader=FileSystemLoader(_HERE / "templates"), autoescape=select_autoescape())
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def page(request: Request, name: str, status: int = 200, **values: object) -> HTMLResponse:
    """A page from its template, in the reader's language."""
    language = preferred_language(request.headers.get("accept-language", ""))
    body = _templates.get_template(name).render(language=language, **values)
    headers = {"Content-Security-Policy": _POLICY, "Content-Language": language, "Vary": "Accept-Language"}
    return HTMLResponse(body, status, headers=headers)


@router.get("/")
async def first_page(request: Request) -> Response:
    """What this is and where to go on; development also lists the demonstration tenants."""
    state = request.app.state
    tenants = await directory.all_tenants(state.database) if state.config.profile == "development" else []
    return page(request, "first.html", tenants=tenants)


@router.get("/openapi.json")
async def merged_document(request: Request) -> Response:
    """The merged API document."""
    documents: Documents = request.app.state.documents
    return JSONResponse(await documents.merged())


@router.get("/api/v1/labels")
async def labels(request: Request) -> Response:
    """Labels of all enums in Chinese and English."""
    documents: Documents = request.app.state.documents
    return JSONResponse(await documents.labels())


@router.get("/docs")
async def docs(request: Request, tenant: str = "") -> Response:
    """The documentation page; with `?tenant=` its "Authorize" signs in to that tenant."""
    found = await directory.tenant_of_slug(request.app.state.database, tenant) if tenant else None
    client_id = handles.compose(found, handles.DOCS_CLIENT) if found else ""
    return page(request, "docs.html", client_id=client_id, tenant=tenant)


@router.get("/docs/oauth2-redirect")
async def docs_redirect() -> Response:
    """Where the sign-in of the documentation page comes back to."""
    answer = get_swagger_ui_oauth2_redirect_html()
    answer.headers["Content-Security-Policy"] = "default-src 'none'; script-src 'unsafe-inline'; frame-ancestors 'none'"
    return answer


@router.get("/favicon.ico")
async def no_icon() -> Response:
    """There is none; saying so keeps the browsers' consoles quiet."""
    return Response(status_code=204, headers={"Cache-Control": "public, max-age=86400"})


@router.get("/docs/assets/{name}")
async def asset(name: str) -> Response:
    """Files of the pages."""
    if name not in _ASSETS:
        raise NotFound
    return FileResponse(_ASSETS[name], headers={"Cache-Control": "public, max-age=3600"})


@router.get("/problems/{name}")
async def problem_page(request: Request, name: str) -> Response:
    """What a problem means and what to do."""
    found: type[Problem] | None = next((kind for kind in all_problems() if kind.name == name), None)
    if found is None:
        raise NotFound
    return page(request, "problem.html", problem=found)
