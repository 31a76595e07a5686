package io.breakwater.appliance.config;

import io.breakwater.engine.policy.Bucket;
import io.breakwater.engine.policy.Rate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code rate} and {@code burst} of a limit: one bucket of packets, one of bits, or both. */
final class Buckets {
    private Buckets() {}

    /** In the file's order; empty if there is no rate. */
    static List<Bucket> read(Section limit) {
        List<Rate> rates = rates(limit.get("rate"));
        Map<Rate.Unit, Long> bursts = bursts(limit.get("burst"), limit.has("rate"), rates);
        List<Bucket> buckets = new ArrayList<>();
        for (Rate rate : rates) {
            Long burst = bursts.get(rate.unit());
            buckets.add(burst == null ? Bucket.of(rate) : new Bucket(rate, burst));
        }
        return buckets;
    }

    private static List<Rate> rates(@Nullable Field field) {
        List<Rate> rates = new ArrayList<>();
        for (Field item : field == null ? List.<Field>of() : field.itemsOrSelf()) {
            Rate rate = item.read("a rate such as 2000 packets/s or 20 Mbit/s", RateText::parse);
            if (rate != null && rates.stream().anyMatch(other -> other.unit() == rate.unit())) {
                item.error("is the second rate in " + name(rate.unit())
                        + "; a limit has at most one in packets and one in bits");
            } else if (rate != null) {
                rates.add(rate);
            }
        }
        if (field != null && field.isList() && field.itemsOrSelf().isEmpty()) {
            field.error("is empty; give a rate such as 2000 packets/s");
        }
        return rates;
    }

    private static Map<Rate.Unit, Long> bursts(@Nullable Field field, boolean hasRate, List<Rate> rates) {
        Map<Rate.Unit, Long> bursts = new EnumMap<>(Rate.Unit.class);
        if (field != null && !hasRate) {
            field.error("goes with 'rate' only");
        }
        for (Field item : field == null ? List.<Field>of() : field.itemsOrSelf()) {
            BurstText burst = item.read("a burst such as 4000 packets", BurstText::parse);
            if (burst == null) {
                continue;
            }
            if (!rates.isEmpty() && rates.stream().noneMatch(rate -> rate.unit() == burst.unit())) {
                item.error("is in " + name(burst.unit()) + ", but there is no rate in " + name(burst.unit()));
            }
            if (bursts.put(burst.unit(), burst.amount()) != null) {
                item.error("is the second burst in " + name(burst.unit()));
            }
        }
        return bursts;
    }

    private static String name(Rate.Unit unit) {
        return unit == Rate.Unit.PACKETS ? "packets" : "bits";
    }
}
