"""A browser without scripts, as many pages must work in."""

import re
from typing import Any

import httpx
from fastapi import FastAPI


class Browser(httpx.AsyncClient):
    """A browser without scripts: it keeps cookies and fills in the forms it is shown."""

    def __init__(self, app: FastAPI, *, network: str = "192.0.2.1", **options: Any) -> None:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False, client=(network, 4000))
        super().__init__(transport=transport, base_url="http://harbour.test", **options)

    async def send_form(self, path: str, follow: bool = False, **answers: str | list[str]) -> httpx.Response:
        """Open a page, fill in its form, press the button."""
        shown = await self.get(path, follow_redirects=True)
        return await self.press(shown, follow=follow, **answers)

    async def press(self, shown: httpx.Response, follow: bool = False, **answers: str | list[str]) -> httpx.Response:
        """Fill in the form of a page that is shown, and press the button."""
        form = re.search(r'<form method="post" action="([^"]+)".*?</form>', shown.text, re.S)
        assert form, f"there is no form on {shown.url}"
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form[0]))
        return await self.post(form[1], data={**hidden, **answers}, follow_redirects=follow)
