"""The victim's web server: one page of the size given, over IPv4 and IPv6.

usage: web_server.py PORT PAGE_BYTES
"""

import http.server
import socket
import sys

import page


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *_):
        """Thousands of lines about pages would hide an error."""


class Server(http.server.ThreadingHTTPServer):
    address_family = socket.AF_INET6
    request_queue_size = 256

    def server_bind(self):
        self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        # The library's own version asks the DNS for the host's name, which a lab without DNS waits for.
        self.socket.bind(self.server_address)
        self.server_name, self.server_port = "victim", self.server_address[1]

    def handle_error(self, request, client_address):
        """A client that gave up is what an attack does, not a fault of the server."""


def main():
    port, size = int(sys.argv[1]), int(sys.argv[2])
    server = Server(("::", port), Handler)
    server.body = page.content(size)
    server.serve_forever()


if __name__ == "__main__":
    main()
