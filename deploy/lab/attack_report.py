"""What the demo found: the table, and whether the filter protected."""

import dataclasses

import metrics

MIN_PAGE_SUCCESS = 0.99
# A flood that leaves more than this of the pages alone, without a filter, shows nothing about the filter.
MAX_SUCCESS_UNPROTECTED = 0.90


@dataclasses.dataclass(frozen=True)
class Phase:
    """One stretch of the demo: frames and bytes are (frames, bytes) pairs counted in the kernel."""

    name: str
    attacked: bool
    attack_s: float
    arriving: tuple
    at_victim: tuple
    pages: dict
    pings: tuple
    attacker: dict

    @property
    def asked(self):
        return self.pages["asked"]

    @property
    def came(self):
        return self.pages["came"]

    @property
    def success(self):
        return self.came / self.asked if self.asked else 0.0

    def page_ms(self, share):
        """A page-time quantile in ms (nearest rank), or None when no page came."""
        times = self.pages["times_ms"]
        return times[min(len(times) - 1, int(share * len(times)))] if times else None

    def mbit_per_s(self, counted):
        return counted[1] * 8 / self.attack_s / 1e6

    def amplification(self, value_bytes):
        """(bytes of one question, bytes of its answer), layer-2 headers included."""
        frames, size = self.arriving
        gets = self.attacker["gets"]
        return self.attacker["bytes_per_get"], size // gets if gets and frames else value_bytes


def print_table(phases, samples):
    drops = metrics.by_label(samples, "breakwater_frames_dropped_total", "reason")
    rows = [("", *(phase.name for phase in phases))]
    rows.append(("attack arriving at the gateway, Mbit/s", *(rate(phase, phase.arriving) for phase in phases)))
    rows.append(("attack frames reaching the victim", *(f"{phase.at_victim[0]:,}" for phase in phases)))
    rows.append(("attack reaching the victim, Mbit/s", *(rate(phase, phase.at_victim) for phase in phases)))
    rows.append(("pages that came", *(f"{phase.came} of {phase.asked}" for phase in phases)))
    rows.append(("page success", *(f"{phase.success:.1%}" for phase in phases)))
    rows.append(("page time p50 / p99, ms", *(page_times(phase) for phase in phases)))
    rows.append(("pings answered", *(f"{phase.pings[0]} of {phase.pings[1]}" for phase in phases)))
    for reason in sorted(drops):
        rows.append((f"frames dropped as {reason}", *only_last(phases, f"{drops[reason]:,}")))
    rows.append(("added latency p50 / p99, ms", *only_last(phases, added_latency(samples))))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    print()
    for row in rows:
        print(row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:])), sep="   ")
    print()


def rate(phase, counted):
    return f"{phase.mbit_per_s(counted):.1f}" if phase.attacked else "-"


def page_times(phase):
    return "-" if phase.page_ms(0.5) is None else f"{phase.page_ms(0.5):.1f} / {phase.page_ms(0.99):.1f}"


def only_last(phases, text):
    return ["-"] * (len(phases) - 1) + [text]


def added_latency(samples):
    quantiles = [metrics.quantile(samples, "breakwater_frame_latency_seconds", share) for share in (0.5, 0.99)]
    return "-" if None in quantiles else " / ".join(f"{seconds * 1000:.3f}" for seconds in quantiles)


def verdict(phases, samples, exit_code):
    """What speaks against the filter, or against the run as evidence; empty when it protected."""
    _, before, after = phases
    findings = []
    if before.success > MAX_SUCCESS_UNPROTECTED:
        findings.append(f"this run shows nothing: {before.success:.1%} of the pages came without the filter, too")
    if after.arriving[0] < before.arriving[0] // 2:
        weaker = f"{after.arriving[0]:,} frames against {before.arriving[0]:,}"
        findings.append(f"this run shows nothing: the second attack was weaker, {weaker}")
    if after.success < MIN_PAGE_SUCCESS:
        findings.append(f"{after.success:.1%} of pages came with the filter, {MIN_PAGE_SUCCESS:.0%} are required")
    if after.at_victim[0]:
        findings.append(f"{after.at_victim[0]:,} attack frames reached the victim through the filter")
    received, settled = settled_frames(samples)
    if received != settled:
        findings.append(f"{received:,} frames received but {settled:,} forwarded or dropped")
    if exit_code != 0:
        findings.append(f"Breakwater ended with code {exit_code}")
    return findings


def settled_frames(samples):
    """(received, forwarded + dropped) over all lanes."""
    settled = sum(metrics.total(samples, f"breakwater_frames_{what}_total") for what in ("forwarded", "dropped"))
    return metrics.total(samples, "breakwater_frames_received_total"), settled
