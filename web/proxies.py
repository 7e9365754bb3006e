"""Believes what a proxy says about the browser only if that proxy is listed."""

from collections.abc import Iterable
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from werkzeug.middleware.proxy_fix import ProxyFix

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class TrustListedProxies:
    """Reads X-Forwarded-For and -Proto from listed peers; to others they are mere noise."""

    def __init__(self, app: "WSGIApplication", networks: Iterable[str]) -> None:
        """Take the networks that proxies may stand in."""
        self._plain = app
        self._believing = ProxyFix(app, x_for=1, x_proto=1, x_host=0)
        self._networks = tuple(ip_network(network) for network in networks)

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer a request."""
        trusted = self._is_listed(environ.get("REMOTE_ADDR", ""))
        app = self._believing if trusted else self._plain
        return app(environ, start_response)

    def _is_listed(self, peer: str) -> bool:
        try:
            address = ip_address(peer)
        except ValueError:
            return False
        return any(address in network for network in self._networks)
