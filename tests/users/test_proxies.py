"""Only a trusted proxy says that a request came over HTTPS."""

from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def behind_a_proxy(settings: Any) -> None:
    settings.TRUSTED_PROXIES = ["10.0.0.7"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_SSL_REDIRECT = True


@pytest.mark.usefixtures("behind_a_proxy")
def test_a_trusted_proxy_is_believed_that_the_request_came_over_https(client: Client) -> None:
    assert client.get("/accounts/login/", headers={"x-forwarded-proto": "https"}, REMOTE_ADDR="10.0.0.7").status_code == 200


@pytest.mark.usefixtures("behind_a_proxy")
def test_somebody_who_connects_directly_is_led_to_https_whatever_the_header_claims(client: Client) -> None:
    answer = client.get("/accounts/login/", headers={"x-forwarded-proto": "https"}, REMOTE_ADDR="198.51.100.9")
    assert (answer.status_code, answer["Location"]) == (301, "https://testserver/accounts/login/")
