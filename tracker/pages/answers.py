"""Answers that are no page."""

from litestar import Response


def see_other(address: str) -> Response[bytes]:
    """Done: look here (303)."""
    return Response(b"", status_code=303, headers={"Location": address})
