"""What machines ask: alive, ready, how busy."""

from http import HTTPStatus

from flask import Blueprint, Flask, Response, current_app
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

blueprint = Blueprint("health", __name__)
