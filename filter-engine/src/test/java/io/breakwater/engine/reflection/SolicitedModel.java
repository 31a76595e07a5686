package io.breakwater.engine.reflection;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What {@link SolicitedTable} does while nothing is full, the slow and obvious way. */
final class SolicitedModel {
    record Question(long insideHi, long insideLo, long outsideHi, long outsideLo, long identity) {}

    private final Map<Question, List<Long>> expiries = new HashMap<>();

    void open(Question question, long session, long nowNs) {
        List<Long> live = live(question, nowNs);
        if (Session.isDns(session)) {
            if (live.size() == SolicitedTable.MAX_IDENTICAL) {
                live.removeFirst();
            }
            live.add(nowNs + SolicitedTable.DNS_NS);
        } else {
            live.clear();
            live.add(nowNs + lifetimeNs(session));
        }
    }

    void renew(Question question, long session, long nowNs) {
        List<Long> live = live(question, nowNs);
        if (!live.isEmpty()) {
            live.clear();
            live.add(nowNs + lifetimeNs(session));
        }
    }

    boolean admits(Question question, long session, long nowNs) {
        List<Long> live = live(question, nowNs);
        boolean admitted = !live.isEmpty();
        if (admitted && Session.isDns(session)) {
            live.removeFirst();
        }
        return admitted;
    }

    int live(long nowNs) {
        return expiries.keySet().stream().mapToInt(q -> live(q, nowNs).size()).sum();
    }

    private static long lifetimeNs(long session) {
        return Session.isLongLived(session) ? SolicitedTable.LONG_NS : SolicitedTable.SHORT_NS;
    }

    private List<Long> live(Question question, long nowNs) {
        List<Long> times = expiries.computeIfAbsent(question, q -> new ArrayList<>());
        times.removeIf(expires -> expires < nowNs);
        return times;
    }
}
