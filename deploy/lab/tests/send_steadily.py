"""Sends the frames of a file (one a line, in hex) out of an interface, over and over, at a steady rate.

usage: send_steadily.py INTERFACE FILE SECONDS FRAMES_PER_S
"""

import socket
import sys
import time

# Frames sent between two looks at the clock: 20 of them fit any socket buffer.
BATCH = 20


def main():
    interface, path, seconds, rate = sys.argv[1], sys.argv[2], float(sys.argv[3]), float(sys.argv[4])
    with open(path, encoding="ascii") as file:
        frames = [bytes.fromhex(line) for line in file]
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as raw:
        raw.bind((interface, 0))
        start, sent = time.monotonic(), 0
        while time.monotonic() - start < seconds:
            for _ in range(BATCH):
                raw.send(frames[sent % len(frames)])
                sent += 1
            early = start + sent / rate - time.monotonic()
            if early > 0:
                time.sleep(early)


if __name__ == "__main__":
    main()
