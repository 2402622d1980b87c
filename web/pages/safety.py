"""The safety card: whom to call, for everybody, signed in or not."""

from flask import Blueprint, render_template

from web.permissions import public

blueprint = Blueprint("safety", __name__)


@blueprint.get("/safety")
@public
def card() -> str:
    return render_template("safety.html")
