"""What every page and call stands on: security headers, signed links, assets, rendering, errors, languages, limits."""

from flask import Flask

from app.web.assets import init_assets
from app.web.brand import init_brand
from app.web.errors import init_errors
from app.web.i18n import init_i18n
from app.web.limits import init_limits
from app.web.markdown import init_markdown
from app.web.rendering import init_rendering
from app.web.security import init_security

__all__ = ["init_web"]


def init_web(app: Flask) -> None:
    """Everything of this room, in the order it must come."""
    from app.web.routes import blueprint

    init_security(app)
    init_limits(app)
    init_i18n(app)
    init_markdown(app)
    init_rendering(app)
    init_errors(app)
    init_assets(app)
    init_brand(app)
    app.register_blueprint(blueprint)
