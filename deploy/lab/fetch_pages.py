"""The legitimate client: asks for pages at a fixed pace, whether or not the earlier ones have come, and reports JSON.

usage: fetch_pages.py SECONDS PAGES_PER_SECOND TIMEOUT_S PAGE_BYTES URL...

Asking at a fixed pace keeps a slow server from hiding its slowness. A page counts when it came whole and unchanged
within the timeout; the times are those of the pages that did.
"""

import http.client
import json
import socket
import sys
import threading
import time
import urllib.parse

import page


def fetch(host, port, timeout_s, expected):
    """Seconds that the page took, or None."""
    started = time.monotonic()
    connection = http.client.HTTPConnection(host, port, timeout=timeout_s)
    try:
        connection.connect()
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.request("GET", "/")
        response = connection.getresponse()
        whole = response.status == 200 and response.read() == expected
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
    took = time.monotonic() - started
    # The socket's timeout holds per read, this one for the page.
    return took if whole and took <= timeout_s else None


def main():
    seconds, pace, timeout_s = float(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])
    expected = page.content(int(sys.argv[4]))
    sites = [urllib.parse.urlsplit(url) for url in sys.argv[5:]]
    results, threads = [], []
    started = time.monotonic()

    def fetch_one(site):
        results.append(fetch(site.hostname, site.port or 80, timeout_s, expected))

    for number in range(int(seconds * pace)):
        time.sleep(max(0.0, started + number / pace - time.monotonic()))
        thread = threading.Thread(target=fetch_one, args=(sites[number % len(sites)],), daemon=True)
        thread.start()
        threads.append(thread)
    for thread in threads:
        thread.join(timeout_s * 2)
    times = sorted(took for took in list(results) if took is not None)
    times_ms = [round(took * 1000, 3) for took in times]
    print(json.dumps({"asked": len(threads), "came": len(times), "times_ms": times_ms}))


if __name__ == "__main__":
    main()
