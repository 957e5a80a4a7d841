"""HTML from templates: the only user of jinja2, which loads on the first page.

Every value is escaped, in every template, and an unknown name is an error: a page never trusts a text, and
never prints nothing in the place of a number.
"""

from __future__ import annotations

import base64
import functools
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import jinja2


@functools.cache
def _environment(folder: Path) -> jinja2.Environment:
    """The environment of one folder of templates."""
    import jinja2

    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        # True, not a choice by file name: no template may be the one that does not.
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def render(template_path: Path, /, **values: object) -> str:
    """Fill a template; what it includes or imports stands in the same folder.

    Args:
        template_path: the template's file.
        values: what the template may name; each is escaped where it is printed.
    """
    return _environment(template_path.parent).get_template(template_path.name).render(**values)


def style_hash(template_path: Path) -> str:
    """The source of a style sheet that a page holds, as its Content-Security-Policy names it.

    A hash, not 'unsafe-inline': were a tag ever to slip out of a text, its style would not apply either.

    Args:
        template_path: the style sheet, as the page includes it.
    """
    digest = hashlib.sha256(render(template_path).encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
