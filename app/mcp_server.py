"""Khao as a tool for assistants: a Model Context Protocol server that asks, searches and reads articles, and only reads.

Knows nothing of where it is served: mcp_command.py does that on its own, application.py beside the HTTP API.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, nullcontext
from typing import Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ResourceError, ResourceNotFoundError
from mcp.server.mcpserver.resources import ResourceSecurity
from mcp.server.transport_security import TransportSecuritySettings
from starlette.types import Receive, Scope, Send

from app.mcp_arguments import ARTICLE_RESOURCE, ARTICLE_TITLE, INSTRUCTIONS, LONGEST_PART
from app.mcp_tools import news_tools, read_part
from app.news_desk import Declined, NewsDesk, OwnNewsroom
from app.newsroom import Newsroom
from app.screen import json_text
from app.version import khao_version
from rag.records import Answer

_UNGUARDED = TransportSecuritySettings(enable_dns_rebinding_protection=False)


def build_mcp(
    desk: NewsDesk, life: Callable[[], AbstractAsyncContextManager[object]] = nullcontext
) -> MCPServer[object]:
    """Return the server whose tools ask `desk`; `life` is entered for as long as it runs."""
    with _logging_left_alone():
        server: MCPServer[object] = MCPServer(
            "khao",
            title="Khao ข่าว",
            instructions=INSTRUCTIONS,
            version=khao_version(),
            tools=news_tools(desk),
            lifespan=lambda _: life(),
            subscriptions=False,  # nothing here changes under a client's eyes
        )

    # An id is a name in the library, never a path: it may hold slashes and dots.
    @server.resource(
        "news://articles/{+id}",
        name="article",
        title=ARTICLE_TITLE,
        description=ARTICLE_RESOURCE,
        mime_type="application/json",
        security=ResourceSecurity(exempt_params={"id"}),
    )
    async def article(id: str) -> str:
        try:
            return json_text(await read_part(desk, id, 0, LONGEST_PART))
        except Declined as declined:
            missing = declined.code == "unknown_article"
            raise (ResourceNotFoundError if missing else ResourceError)(str(declined)) from declined

    return server


@contextmanager
def _logging_left_alone() -> Iterator[None]:
    """Undo what the SDK does when a server is made: it sets up the logging of the whole process."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)


class MountedMcp:
    """The server as an ASGI application at the address `path`, for POST alone; it answers while it is `running`.

    No request knows of another, so that any process, restarted or not, answers any client.
    """

    path = "/mcp"

    def __init__(self, server: MCPServer[Any], security: TransportSecuritySettings = _UNGUARDED) -> None:
        self._server, self._security = server, security

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        scope["route"] = self  # by whose path it is counted
        await self._server.session_manager.handle_request(scope, receive, send)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Answer requests for as long as this is entered, within the lifespan of the application it is mounted in."""
        # For what it makes: a session manager, which serves one lifespan only.
        self._server.streamable_http_app(stateless_http=True, transport_security=self._security)
        async with self._server.session_manager.run():
            yield


def mcp_asgi(newsroom: Newsroom, answered: Callable[[Answer], None] = lambda answer: None) -> MountedMcp:
    """Return the tools over `newsroom` for an application that checks hosts, origins and keys itself."""
    return MountedMcp(build_mcp(OwnNewsroom(newsroom, answered)))
