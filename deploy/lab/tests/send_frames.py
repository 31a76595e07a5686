"""Sends the frames of a file (one a line, in hex) out of an interface, bytes as they are.

usage: send_frames.py INTERFACE FILE
"""

import socket
import sys
import time

BATCH = 20


def main():
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as raw, open(sys.argv[2], encoding="ascii") as file:
        raw.bind((sys.argv[1], 0))
        for number, line in enumerate(file, 1):
            raw.send(bytes.fromhex(line))
            if number % BATCH == 0:
                time.sleep(0.001)


if __name__ == "__main__":
    main()
