"""Sends the frames of a file out of an interface at their times; each line is "SECONDS HEX", in order.

usage: send_timed.py INTERFACE FILE
"""

import socket
import sys
import time


def main():
    with open(sys.argv[2], encoding="ascii") as file:
        due = [(float(seconds), bytes.fromhex(frame)) for seconds, frame in map(str.split, file)]
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as raw:
        raw.bind((sys.argv[1], 0))
        start = time.monotonic()
        for seconds, frame in due:
            early = start + seconds - time.monotonic()
            if early > 0:
                time.sleep(early)
            raw.send(frame)


if __name__ == "__main__":
    main()
