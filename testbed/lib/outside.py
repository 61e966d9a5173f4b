#!/usr/bin/env python3
"""A machine outside of every mesh: HTTP on 80, HTTPS on 443, PostgreSQL's protocol on 5432. outside.py PKI_DIR
HTTP and HTTPS answer JSON: the caller's address, what was asked, and the TLS handshake as the server saw it (name, client certificate).
The name in the handshake picks the certificate: misnamed.* shows one of another name, untrusted.* one of an unknown authority, mutual.*
takes nobody who shows none. PostgreSQL takes anybody, without TLS, and answers each query with one row: the caller's address, the user, the query."""
import json, socketserver, ssl, struct, sys, threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PKI = sys.argv[1]


def context(cert):
    c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    c.load_cert_chain(f"{PKI}/{cert}.pem", f"{PKI}/{cert}-key.pem")
    c.load_verify_locations(f"{PKI}/client-ca.pem")
    c.verify_mode = ssl.CERT_OPTIONAL     # changing the context by name does not change this
    return c


CONTEXTS = {"misnamed": context("misnamed"), "untrusted": context("untrusted")}


def by_name(conn, name, _):
    conn.asked = name
    conn.context = CONTEXTS.get((name or "").split(".")[0], conn.context)


class H(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 65536

    def _do(self):
        n = int(self.headers.get("content-length") or 0)
        if n:
            self.rfile.read(n)
        s, tls = self.connection, None
        if isinstance(s, ssl.SSLSocket):
            cert = s.getpeercert()
            tls = {"sni": getattr(s, "asked", None), "client": cert and "".join(v for rdn in cert["subject"] for _, v in rdn)}
        body = json.dumps({"outside": True, "peer": self.client_address[0], "host": self.headers.get("host"), "path": self.path, "tls": tls,
                           "xfcc": self.headers.get("x-forwarded-client-cert")}).encode() + b"\n"
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_HEAD = _do

    def log_message(self, *a):
        pass


class Https(ThreadingHTTPServer):
    """The handshake is done in the thread of the connection, so that a slow one holds nobody up."""
    def __init__(self, *a):
        super().__init__(*a)
        self.tls = context("server")
        self.tls.sni_callback = by_name

    def finish_request(self, request, client_address):
        try:
            request = self.tls.wrap_socket(request, server_side=True)
            if (getattr(request, "asked", None) or "").startswith("mutual.") and not request.getpeercert():
                raise ssl.SSLError("the caller shows no certificate")
        except (ssl.SSLError, OSError) as e:
            print("handshake:", e, file=sys.stderr, flush=True)
            return
        super().finish_request(request, client_address)
        request.close()


def message(kind, body):
    return kind + struct.pack(">I", len(body) + 4) + body


READY = message(b"Z", b"I")


class Postgres(socketserver.StreamRequestHandler):
    def startup(self):
        while True:
            size, code = struct.unpack(">II", self.rfile.read(8))
            rest = self.rfile.read(size - 8)
            if code != 80877103:      # anything but an SSLRequest
                words = rest.rstrip(b"\0").split(b"\0")
                return dict(zip(words[::2], words[1::2])).get(b"user", b"")
            self.wfile.write(b"N")

    def handle(self):
        try:
            user = self.startup()
            self.wfile.write(message(b"R", struct.pack(">I", 0)) + message(b"S", b"server_version\0" + b"15.0\0") + READY)
            while (kind := self.rfile.read(1)) == b"Q":
                (size,) = struct.unpack(">I", self.rfile.read(4))
                values = [self.client_address[0].encode(), user, self.rfile.read(size - 4).rstrip(b"\0")]
                columns = b"".join(name + b"\0" + struct.pack(">IHIhih", 0, 0, 25, -1, -1, 0) for name in (b"peer", b"user", b"query"))
                cells = b"".join(struct.pack(">I", len(v)) + v for v in values)
                self.wfile.write(message(b"T", struct.pack(">H", 3) + columns) + message(b"D", struct.pack(">H", 3) + cells)
                                 + message(b"C", b"SELECT 1\0") + READY)
        except (struct.error, OSError):
            pass


class Tcp(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


for server in (ThreadingHTTPServer(("0.0.0.0", 80), H), Tcp(("0.0.0.0", 5432), Postgres)):
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
Https.daemon_threads = True
Https(("0.0.0.0", 443), H).serve_forever()
