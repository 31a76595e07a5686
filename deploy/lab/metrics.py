"""Reads Prometheus text: sums of series by label, and quantiles of histograms."""

import math
import re

LINE = re.compile(r"^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)")
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


def parse(text):
    """List of (name, labels, value)."""
    samples = []
    for line in text.splitlines():
        match = LINE.match(line)
        if match:
            labels = dict(LABEL.findall(match[2] or ""))
            samples.append((match[1], labels, float(match[3].replace("Inf", "inf"))))
    return samples


def total(samples, name, **wanted):
    return int(sum(value for _, value in select(samples, name, wanted)))


def by_label(samples, name, label, **wanted):
    """Totals per value of one label, those that are not 0."""
    sums = {}
    for labels, value in select(samples, name, wanted):
        sums[labels.get(label, "")] = sums.get(labels.get(label, ""), 0) + int(value)
    return {key: value for key, value in sums.items() if value}


def select(samples, name, wanted):
    for sample_name, labels, value in samples:
        if sample_name == name and all(labels.get(key) == text for key, text in wanted.items()):
            yield labels, value


def quantile(samples, name, share, **wanted):
    """The quantile of a histogram, by linear interpolation within its bucket; None when it is empty."""
    buckets = {}
    for labels, value in select(samples, name + "_bucket", wanted):
        bound = float(labels["le"].replace("Inf", "inf"))
        buckets[bound] = buckets.get(bound, 0) + value
    bounds = sorted(buckets)
    if not bounds or not buckets[bounds[-1]]:
        return None
    rank = share * buckets[bounds[-1]]
    below_bound, below_count = 0.0, 0.0
    for bound in bounds:
        count = buckets[bound]
        if count >= rank:
            if math.isinf(bound):
                return below_bound
            return below_bound + (bound - below_bound) * (rank - below_count) / max(count - below_count, 1)
        below_bound, below_count = bound, count
    return below_bound
