"""Commits over TLS: every fault again, ends without notice, and untrusted certificates."""

import json
import os
import ssl
import subprocess

import pytest

import fault_proxy
from commits import RETRY_BUDGET_MS, SCHEMA, TIME_LIMIT, Writer, commit_under_every_fault

LOCATION = "s3://contract/tls/table"


class Identity:
    """A key and a self-signed certificate."""

    def __init__(self, folder, name):
        self.certificate, key = str(folder / f"{name}.crt"), str(folder / f"{name}.key")
        words = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=tests",
                 "-addext", f"subjectAltName={name}", "-keyout", key, "-out", self.certificate]
        subprocess.run(words, check=True, capture_output=True)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(self.certificate, key)


@pytest.fixture(scope="module")
def identity(tmp_path_factory):
    return Identity(tmp_path_factory.mktemp("tls"), "IP:127.0.0.1")


@pytest.fixture
def proxy(identity, stub):
    made = fault_proxy.FaultProxy(stub.url, TIME_LIMIT, identity.context)
    yield made
    made.close()


async def ended_without_notice(proxy, request, client):
    """Without a length, so that only TLS could show the end."""
    head, _, body = (await proxy.forward(request)).partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"content-length")]
    client.write(b"\r\n".join(lines) + b"\r\nConnection: close\r\n\r\n" + body[: len(body) // 2])
    await client.drain()
    client.transport.abort()
    raise fault_proxy.Gone


async def ended_in_the_handshake(proxy, request, client):
    """The next connection also breaks before it is established."""
    proxy.handshakes_to_break = 1
    client.transport.abort()
    raise fault_proxy.Gone


@pytest.mark.parametrize("target", ["version", "reading of a version", "list"])
def test_every_fault_alone(api, identity, proxy, target):
    writer = Writer(api, proxy.url, LOCATION, ca_file=identity.certificate, retry_budget_ms=RETRY_BUDGET_MS)
    commit_under_every_fault(writer, proxy, target, [*fault_proxy.FAULTS, ended_without_notice, ended_in_the_handshake])


def create(url, **environment):
    words = [os.environ["EVODB_LAKEHOUSE_TOOL"], "create", LOCATION, "--schema", "-", "--json", "--set", "storage.retry-budget-ms=300"]
    keys = {"AWS_ENDPOINT_URL": url, "AWS_ACCESS_KEY_ID": "tests", "AWS_SECRET_ACCESS_KEY": "tests-secret"}
    done = subprocess.run(words, input=SCHEMA, capture_output=True, text=True, env={**keys, **environment}, timeout=60)
    return done.returncode, json.loads((done.stdout or done.stderr).splitlines()[-1])


def test_certificates(identity, proxy, tmp_path):
    """One sentence says what is wrong with one."""
    status, answer = create(proxy.url)
    assert (status, answer["error"]["name"]) == (1, "ACCESS_DENIED")
    assert "certificate is not trusted for 127.0.0.1: self-signed certificate" in answer["error"]["message"]
    status, answer = create(proxy.url, AWS_CA_BUNDLE=Identity(tmp_path, "DNS:other.example").certificate)
    assert (status, answer["error"]["name"]) == (1, "ACCESS_DENIED")
    status, answer = create(proxy.url.replace("127.0.0.1", "localhost"), AWS_CA_BUNDLE=identity.certificate)
    assert (status, answer["error"]["name"]) == (1, "ACCESS_DENIED")
    assert "certificate is not trusted for localhost: hostname mismatch" in answer["error"]["message"].lower()
    status, answer = create(proxy.url, AWS_CA_BUNDLE="/no/such/file")
    assert (status, answer["error"]["name"]) == (2, "INVALID_ARGUMENT") and "/no/such/file" in answer["error"]["message"]
    assert create(proxy.url, AWS_CA_BUNDLE=identity.certificate)[0] == 0
