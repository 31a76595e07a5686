"""An attack on two victims by three vectors, among ordinary traffic both ways, for what is to be watched while it goes on."""

import os
import random

from frames import returned, udp4, udp6
from namespaces import python
from wire import PAIR

HERE = os.path.dirname(os.path.abspath(__file__))
VICTIM_4, VICTIM_6 = "198.18.100.10", "2001:db8:100::10"
HEAVIEST_REFLECTOR = "198.18.66.1"
POLICY = (
    PAIR
    + """\
protected: [198.18.100.0/24, "2001:db8:100::/64"]
sources: {blocked: [198.18.77.0/24]}
"""
)
MONITOR = POLICY + "mode: monitor\n"
ATTACK_FRAMES_PER_S, ORDINARY_FRAMES_PER_S = 1_500, 400


def attack_frames():
    """Memcached and NTP answers to one victim, SSDP ones to another, from 12 reflectors of unequal weight."""
    frames = []
    for number in range(1, 13):
        reflector = f"198.18.66.{number}"
        frames += [udp4(11211, 40000, b"x" * 1300, source=reflector, destination=VICTIM_4)] * (26 - 2 * number)
        frames += [udp4(123, 40000, b"\xd7\x00\x03\x2a" + b"x" * 436, source=reflector, destination=VICTIM_4)] * 4
        ssdp = b"HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\n\r\n" + b"x" * 200
        frames += [udp6(1900, 40000, ssdp, source=f"2001:db8:66::{number}", destination=VICTIM_6)] * 6
    frames += [udp4(4000, 4000, source="198.18.77.7", destination=VICTIM_4)] * 5
    random.Random(1).shuffle(frames)
    return frames


def ordinary_frames():
    """What the outside sends to services inside: large and small, many sources."""
    return [
        udp4(30000 + number, 443, b"x" * (60 + 13 * number), source=f"198.18.20.{number}", destination="198.18.100.20")
        for number in range(1, 81)
    ]


def start(wire, seconds):
    """Lets it all go on for so long, or until the wire is taken down."""
    ordinary = ordinary_frames()
    for namespace, frames, rate, name in (
        (wire.outside, attack_frames(), ATTACK_FRAMES_PER_S, "attack"),
        (wire.outside, ordinary, ORDINARY_FRAMES_PER_S, "questions"),
        (wire.inside, [returned(frame) for frame in ordinary], ORDINARY_FRAMES_PER_S, "answers"),
    ):
        send(wire, namespace, frames, seconds, rate, name)


def even_flood(wire, seconds):
    """Memcached answers from more reflectors, of equal weight and long names, than the box counts each of."""
    frames = [
        udp6(11211, 40000, b"x" * 1000, source=f"2001:db8:aaaa:bbbb:cccc:dddd:eeee:{4096 + n:x}", destination=VICTIM_6)
        for n in range(100)
    ]
    send(wire, wire.outside, frames, seconds, ORDINARY_FRAMES_PER_S, "even")


def send(wire, namespace, frames, seconds, rate, name):
    path = os.path.join(wire.lab.logs, name + ".hex")
    with open(path, "w", encoding="ascii") as file:
        file.writelines(frame.hex() + "\n" for frame in frames)
    sender = python(os.path.join(HERE, "send_steadily.py"), "eth0", path, str(seconds), str(rate))
    wire.lab.start(namespace, *sender, log=name + ".log")
