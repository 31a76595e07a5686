"""Captures what crosses an interface with tcpdump, and sends raw frames."""

import os
import signal
import struct
import time

from namespaces import LabError, last_line, python, stop

HERE = os.path.dirname(os.path.abspath(__file__))
PCAP_MICROSECONDS, PCAP_NANOSECONDS = 0xA1B2C3D4, 0xA1B23C4D
PATIENCE_S = 10


class Capture:
    """Every frame that an interface received ("in") or sent ("out") between start and `frames`."""

    def __init__(self, lab, namespace, interface, direction):
        number = len(os.listdir(lab.logs))
        self.path = os.path.join(lab.logs, f"{namespace}-{direction}-{number}.pcap")
        self._process = lab.start(
            namespace, "tcpdump", "-i", interface, "-Q", direction, "-n", "-s", "0", "-B", "16384", "-Z", "root",
            "--immediate-mode", "-U", "-w", self.path, log=f"tcpdump-{number}.log",
        )
        lab.wait_until("tcpdump", self._listening, 10, self._process)

    def _listening(self):
        with open(self._process.log_path, encoding="utf-8") as log:
            return "listening on" in log.read()

    def _await(self, awaited):
        """A busy machine may take its time; what never comes is for the test to judge."""
        wanted, deadline = set(awaited), time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline and sum(frame in wanted for frame in self.so_far()) < len(awaited):
            time.sleep(0.05)

    def _settle(self):
        """tcpdump leaves out what it has not read yet when it is told to end: waits until nothing more comes."""
        size = -1
        while size != (size := os.path.getsize(self.path)):
            time.sleep(0.3)

    def so_far(self):
        """The frames up to now, in order, as bytes."""
        return read_pcap(self.path)

    def first_s(self, frame):
        """When this frame came first, in seconds since 1970; None before."""
        return next((stamp_s for stamp_s, came in records(self.path) if came == frame), None)

    def frames(self, awaited=()):
        """Ends the capture when nothing more comes, and not before as many of the awaited frames are there as are awaited.

        Returns its frames, in order, as bytes.
        """
        self._await(awaited)
        self._settle()
        stop(self._process, signal.SIGINT)
        with open(self._process.log_path, encoding="utf-8") as log:
            if "\n0 packets dropped by kernel" not in log.read():
                raise LabError(f"tcpdump itself lost frames: {last_line(self._process)}")
        return read_pcap(self.path)


def read_pcap(path):
    return [frame for _, frame in records(path)]


def records(path):
    """Seconds since 1970 and bytes of each frame."""
    with open(path, "rb") as file:
        data = file.read()
    if len(data) < 24:
        return []
    kinds = (PCAP_MICROSECONDS, PCAP_NANOSECONDS)
    order = "<" if struct.unpack("<I", data[:4])[0] in kinds else ">"
    unit_s = 1e-9 if struct.unpack(order + "I", data[:4])[0] == PCAP_NANOSECONDS else 1e-6
    found, at = [], 24
    while at + 16 <= len(data):
        seconds, fraction, captured, original = struct.unpack(order + "IIII", data[at : at + 16])
        if at + 16 + captured > len(data):
            break
        assert captured == original, "the capture cut a frame short"
        found.append((seconds + fraction * unit_s, data[at + 16 : at + 16 + captured]))
        at += 16 + captured
    return found


def send(lab, namespace, interface, frames):
    """Sends raw frames in order, at about 20,000 a second at most, so that no socket buffer overflows."""
    path = os.path.join(lab.logs, f"frames-{len(os.listdir(lab.logs))}.hex")
    with open(path, "w", encoding="ascii") as file:
        file.writelines(frame.hex() + "\n" for frame in frames)
    lab.run(namespace, *python(os.path.join(HERE, "send_frames.py"), interface, path))
