"""TLS in front of a server of this machine, certificates for it, and a proxy that leads there."""

from __future__ import annotations

import asyncio
import base64
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True)
class Identity:
    """Files: the certificate of an authority of our own, and a server's with its key."""

    authority: Path
    server: Path


def identity(folder: Path, *names: str) -> Identity:
    """The identity of a server with these names."""
    folder.mkdir(parents=True, exist_ok=True)
    signer, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority = _named("authority", signer.public_key(), "authority")
    authority = authority.add_extension(x509.BasicConstraints(True, 0), critical=True)
    usage = x509.KeyUsage(*(name in (5, 6) for name in range(9)))
    root = authority.add_extension(usage, critical=True).sign(signer, hashes.SHA256())
    alternative = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
    leaf = _named("server", key.public_key(), "authority").add_extension(alternative, False)
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
    signed = leaf.add_extension(identifier, False).sign(signer, hashes.SHA256())
    pem = serialization.Encoding.PEM
    (folder / "ca.pem").write_bytes(root.public_bytes(pem))
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "server.pem").write_bytes(signed.public_bytes(pem) + private)
    return Identity(folder / "ca.pem", folder / "server.pem")


def _named(name: str, key: ec.EllipticCurvePublicKey, issuer: str) -> x509.CertificateBuilder:
    def called(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(called(name)).issuer_name(called(issuer))
    builder = builder.public_key(key).serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=1))
    builder = builder.not_valid_after(now + timedelta(days=1))
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)


@contextmanager
def tls(port: int, own: Identity) -> Iterator[int]:
    """TLS in front of a plain port; gives its own port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own.server)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _joined(reader, writer, port)

    with _listening(serve, context) as front:
        yield front


@dataclass
class Proxy:
    """A proxy for CONNECT. `ways` leads from `host:port` to a port of this machine; who asks has to
    give the `credentials` (Basic), if there are any. `asked` are the ways that somebody wanted,
    `heads` what was sent with it."""

    ways: Mapping[str, int]
    credentials: str = ""
    asked: list[str] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    url: str = ""

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        method, target, _ = head.split(" ", 2)
        self.asked.append(target)
        self.heads.append(head)
        if self.credentials and f"Proxy-Authorization: {self.credentials}\r\n" not in head:
            challenge = 'HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm="here"\r\n'
            writer.write(f"{challenge}Content-Length: 0\r\nConnection: close\r\n\r\n".encode())
            writer.close()
            return
        if method != "CONNECT" or target not in self.ways:
            writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
            writer.close()
            return
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await _joined(reader, writer, self.ways[target])


@contextmanager
def proxied(ways: Mapping[str, int], user: str = "") -> Iterator[Proxy]:
    """A proxy of this machine; `user` is a name and password with a colon between."""
    basic = f"Basic {base64.b64encode(user.encode()).decode()}" if user else ""
    proxy = Proxy(ways, basic)
    with _listening(proxy, None) as port:
        proxy.url = f"http://{f'{user}@' if user else ''}127.0.0.1:{port}"
        yield proxy


async def _joined(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int) -> None:
    """Hand everything to and fro until one side ends."""
    there, back = await asyncio.open_connection("127.0.0.1", port)
    try:
        await asyncio.gather(_pump(reader, back), _pump(there, writer))
    finally:
        back.transport.abort()
        writer.transport.abort()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError, asyncio.IncompleteReadError):
        while data := await reader.read(2**16):
            writer.write(data)
            await writer.drain()
    writer.close()


@contextmanager
def _listening(serve: Serve, context: ssl.SSLContext | None) -> Iterator[int]:
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(lambda _loop, _context: None)  # peers hang up as they like
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    started = asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    server = asyncio.run_coroutine_threadsafe(started, loop).result(10)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        asyncio.run_coroutine_threadsafe(_ended(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _ended(server: asyncio.Server) -> None:
    server.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.sleep(0.01)  # until what was cut off is closed
