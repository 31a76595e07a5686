package io.breakwater.appliance.report;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;

/** What a lane received, forwarded and dropped, as events of kind totals tell it. */
record LaneAmounts(
        Amount received,
        Amount forwarded,
        Amount dropped,
        SortedMap<String, Amount> reasons,
        SortedMap<String, Amount> wouldDrop) {
    /** More reasons than a box can have. */
    private static final int MAX_REASONS = 1_024;

    static final LaneAmounts NONE =
            new LaneAmounts(Amount.NONE, Amount.NONE, Amount.NONE, new TreeMap<>(), new TreeMap<>());

    static LaneAmounts of(Fields fields) {
        return new LaneAmounts(
                Amount.of(fields.object("received")),
                Amount.of(fields.object("forwarded")),
                Amount.of(fields.object("dropped")),
                byReason(fields.object("reasons")),
                byReason(fields.object("would_drop")));
    }

    private static SortedMap<String, Amount> byReason(Fields fields) {
        SortedMap<String, Amount> amounts = new TreeMap<>();
        for (String reason : fields.names()) {
            amounts.put(reason, Amount.of(fields.object(reason)));
        }
        return bounded(amounts);
    }

    private static SortedMap<String, Amount> bounded(SortedMap<String, Amount> amounts) {
        if (amounts.size() > MAX_REASONS) {
            throw new IllegalArgumentException("more than " + MAX_REASONS + " reasons");
        }
        return amounts;
    }

    LaneAmounts plus(LaneAmounts other) {
        return with(other, Amount::plus);
    }

    LaneAmounts minus(LaneAmounts other) {
        return with(other, Amount::minus);
    }

    private LaneAmounts with(LaneAmounts other, BinaryOperator<Amount> operation) {
        return new LaneAmounts(
                operation.apply(received, other.received),
                operation.apply(forwarded, other.forwarded),
                operation.apply(dropped, other.dropped),
                with(reasons, other.reasons, operation),
                with(wouldDrop, other.wouldDrop, operation));
    }

    private static SortedMap<String, Amount> with(
            SortedMap<String, Amount> one, SortedMap<String, Amount> other, BinaryOperator<Amount> operation) {
        SortedMap<String, Amount> result = new TreeMap<>();
        Stream.concat(one.keySet().stream(), other.keySet().stream()).distinct().forEach(reason -> {
            Amount amount =
                    operation.apply(one.getOrDefault(reason, Amount.NONE), other.getOrDefault(reason, Amount.NONE));
            if (!amount.equals(Amount.NONE)) {
                result.put(reason, amount);
            }
        });
        return bounded(result);
    }

    /** Whether a counter went back, which none does. */
    boolean hasNegative() {
        return Stream.of(
                        Stream.of(received, forwarded, dropped), reasons.values().stream(), wouldDrop.values().stream())
                .flatMap(amounts -> amounts)
                .anyMatch(Amount::isNegative);
    }

    /** As the API tells a lane. */
    Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("received", received.toMap());
        map.put("forwarded", forwarded.toMap());
        map.put("dropped", dropped.toMap());
        map.put("reasons", toMap(reasons));
        map.put("would_drop", toMap(wouldDrop));
        return map;
    }

    private static Map<String, Object> toMap(SortedMap<String, Amount> amounts) {
        Map<String, Object> map = new LinkedHashMap<>();
        amounts.forEach((reason, amount) -> map.put(reason, amount.toMap()));
        return map;
    }
}
