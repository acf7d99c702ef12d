from tests.factories.webhooks import body_for, deliver


def test_requests_are_counted_by_endpoint_and_never_by_path(client) -> None:
    client.get("/chat/abcdefghijkl")
    client.get("/no/such/page")
    told = client.get("/metrics")
    assert told.status_code == 200
    assert told.mimetype == "text/plain"
    assert 'http_requests_total{endpoint="none",method="GET",status="404"}' in told.text
    assert "abcdefghijkl" not in told.text
    assert "http_request_seconds_bucket" in told.text


def test_refused_webhooks_are_counted(client) -> None:
    deliver(client, body_for("nobody"), secret="wrong")
    assert 'webhooks_total{outcome="bad_signature",source="shopmonkey"}' in client.get("/metrics").text
