"""The front door for nobody in particular: it says whose house this is, and nothing more."""

from flask import Blueprint, render_template

blueprint = Blueprint("web", __name__)


@blueprint.get("/")
def home() -> str:
    return render_template("web/home.html")
