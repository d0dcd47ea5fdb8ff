"""A file that a browser keeps under a name, whatever letters the name has.

Source: RFC 6266 (``Content-Disposition``) and RFC 8187 (names beyond ASCII).
"""

from urllib.parse import quote

from fastapi import Response


def attachment(name: str, content: bytes, media_type: str) -> Response:
    """An answer that is kept as a file of that name.

    Args:
        name: without control characters, quotation marks and semicolons.
        content: of the file.
        media_type: of the file.
    """
    plain = name.encode("ascii", "replace").decode().replace("?", "_")
    disposition = f'attachment; filename="{plain}"'
    if not name.isascii():
        disposition += f"; filename*=UTF-8''{quote(name, safe='')}"
    headers = {"Content-Disposition": disposition, "Cache-Control": "private, no-store"}
    return Response(content, media_type=media_type, headers=headers)
