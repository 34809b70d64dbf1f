"""Our own style, scripts and pictures: kept by browsers for good under the version they were asked for."""

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from services.gateway.web.pages import asset_version, scripts_version


class LastingFiles(StaticFiles):
    """Files with an ETag; lasting where the address carries the version of what is sent, else asked for anew."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, or that it has not changed."""
        version, _, rest = path.partition("/") if path.startswith("~") else ("", "", path)
        response = await super().get_response(rest, scope)
        response.headers["Cache-Control"] = "no-cache"
        if response.status_code < 400 and (
            version == f"~{scripts_version()}" or scope["query_string"] == f"v={asset_version(rest)}".encode()
        ):
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
