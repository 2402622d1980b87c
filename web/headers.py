"""What every answer tells the browser: load nothing from elsewhere, run nothing inline."""

from flask import Flask, Response, request

_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
_STEADY = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Frame-Options": "DENY",
}
_YEAR = "max-age=31536000, immutable"


def install(app: Flask, *, https: bool) -> None:
    """Put the headers on every answer of `app`, refusals and errors included."""

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers.update(_STEADY)
        response.headers.setdefault("Content-Security-Policy", _PAGE_POLICY)
        if https:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        _caching(response)
        return response


def _caching(response: Response) -> None:
    if request.endpoint == "static" and response.status_code == 200:
        hashed = (request.view_args or {}).get("filename", "").startswith("dist/assets/")
        response.headers["Cache-Control"] = _YEAR if hashed else "no-cache"
    else:
        response.headers["Cache-Control"] = "no-store"
