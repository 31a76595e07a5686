package io.breakwater.appliance.config;

import io.breakwater.capture.nativeaccess.CpuAffinity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code pairs}: which cards are joined. */
final class PairsSection {
    static final List<Key> KEYS = List.of(
            new Key(
                    "pairs",
                    "list of pairs",
                    "required by `run` and `check`",
                    "Which cards are joined: frames from one leave by the other, filtered in between.",
                    example(", backend: pcap")),
            new Key(
                    "pairs[].name",
                    Names.TYPE,
                    "required",
                    "Label of the pair in metrics, reports and events. Unique.",
                    example("")),
            new Key("pairs[].outside", "interface", "required", "The card towards the internet.", example("")),
            new Key("pairs[].inside", "interface", "required", "The card towards what is protected.", example("")),
            new Key(
                    "pairs[].backend",
                    "`pcap` or `xdp`",
                    "`pcap`",
                    "How frames get in and out: libpcap, which runs everywhere, or AF_XDP, which is about twice as fast and"
                            + " wants one receive queue per card and an MTU of at most 3,498.",
                    example(", backend: xdp")),
            new Key(
                    "pairs[].threads",
                    "`1`, `2` or `3`",
                    "by cores",
                    "Threads per lane: `1` does everything, `2` is receiving | filtering and sending, `3` is receiving |"
                            + " filtering | sending. Verdicts are the same. By cores: with fewer than four, `1`, and with"
                            + " backend `xdp` one thread for both lanes; else `2`, and with backend `xdp` `1`.",
                    example(", threads: 3")),
            new Key(
                    "pairs[].cpus",
                    "list of core numbers",
                    "`[]`",
                    "Keeps the pair's threads on these cores, in turn: inbound lane first, each lane's receiving thread last."
                            + " Empty leaves that to the kernel.",
                    example(", backend: xdp, cpus: [0, 1]")),
            new Key(
                    "pairs[].shield",
                    "`auto`, `native`, `generic` or `off`",
                    "`off`",
                    "Drops what needs no state in the kernel already, by an XDP program made from the same policy: in the"
                            + " card's driver (`native`), behind it (`generic`), or where it works (`auto`).",
                    example(", shield: auto")),
            new Key(
                    "pairs[].idle",
                    "`adaptive`, `busy` or `blocking`",
                    "`blocking`; with backend `xdp` `adaptive`",
                    "What a thread does while no frames come: `busy` keeps its core, for the lowest latency; `blocking` sleeps;"
                            + " `adaptive` looks again for a moment, then sleeps. Backend `pcap` always sleeps.",
                    example(", backend: xdp, idle: busy")),
            new Key(
                    "pairs[].zero-copy",
                    "`auto`, `on` or `off`",
                    "`auto`",
                    "With backend `xdp`: whether the card's driver writes into Breakwater's memory itself. `auto` does if both"
                            + " drivers can; `on` refuses to start if one cannot.",
                    example(", backend: xdp, zero-copy: off")),
            new Key(
                    "pairs[].fail",
                    "`open` or `closed`",
                    "`open`",
                    "What becomes of traffic while the filter does not run, however it ended: it flows unfiltered from card to"
                            + " card, or not at all. Holds until the next start or `breakwater release`.",
                    example(", fail: closed")),
            new Key(
                    "pairs[].link-pass-through",
                    "`true` or `false`",
                    "`true`",
                    "Takes one card's link down while the other's is, so that routers and link aggregates notice.",
                    example(", link-pass-through: false")));

    /** Linux: 15 bytes, no slash, no blank (dev_valid_name, net/core/dev.c). */
    private static final Pattern INTERFACE = Pattern.compile("[^\\s/:]{1,15}");

    private final Map<String, Integer> lineOfName = new HashMap<>();
    private final Map<String, Field> userOfInterface = new HashMap<>();

    private PairsSection() {}

    static List<PairConfig> read(@Nullable Field field, Problems problems, LoadOptions options) {
        if (field == null) {
            if (options.pairsRequired()) {
                problems.error(
                        Position.START,
                        "pairs",
                        "is required: name the cards to join, such as"
                                + " pairs: [{name: uplink, outside: eth0, inside: eth1}]");
            }
            return List.of();
        }
        List<Field> items = field.items("a list of pairs");
        if (items != null && items.isEmpty() && options.pairsRequired()) {
            field.error("is empty; name at least one pair of cards");
        }
        PairsSection section = new PairsSection();
        List<PairConfig> pairs = new ArrayList<>();
        boolean few = items != null && Names.areFew(items.size(), field, "pairs");
        for (Field item : items == null || !few ? List.<Field>of() : items) {
            PairConfig pair = section.pair(item);
            if (pair != null) {
                pairs.add(pair);
            }
        }
        return pairs;
    }

    private @Nullable PairConfig pair(Field item) {
        Section pair = item.section();
        if (pair == null) {
            return null;
        }
        String name = Names.unique(pair.require("name"), lineOfName);
        String outside = card(pair.require("outside"));
        String inside = card(pair.require("inside"));
        PairConfig.Backend backend = backend(pair.get("backend"));
        int threads = threads(pair.get("threads"));
        List<Integer> cpus = cpus(pair.get("cpus"));
        PairConfig.Shield shield = shield(pair.get("shield"));
        PairConfig.Idle idle = idle(pair.get("idle"), backend);
        PairConfig.ZeroCopy zeroCopy = zeroCopy(pair.get("zero-copy"), backend);
        PairConfig.Fail fail = fail(pair.get("fail"));
        boolean linkPassThrough = linkPassThrough(pair.get("link-pass-through"));
        return name == null || outside == null || inside == null
                ? null
                : new PairConfig(
                        name, outside, inside, backend, threads, shield, idle, fail, linkPassThrough, zeroCopy, cpus);
    }

    private @Nullable String card(@Nullable Field field) {
        String name = field == null
                ? null
                : field.read("an interface", text -> {
                    if (!INTERFACE.matcher(text).matches() || Set.of(".", "..").contains(text)) {
                        throw new IllegalArgumentException("'" + Numbers.shortened(text)
                                + "' is not an interface name: 1–15 characters, no blank, '/' or ':'");
                    }
                    return text;
                });
        if (field == null || name == null) {
            return name;
        }
        Field other = userOfInterface.putIfAbsent(name, field);
        if (other != null) {
            field.error("interface '" + name + "' is already used by " + other.path() + " on line "
                    + other.at().line() + "; each interface belongs to one side of one pair");
        }
        return name;
    }

    private static PairConfig.Backend backend(@Nullable Field field) {
        PairConfig.Backend backend = field == null ? null : field.choice(PairConfig.Backend.class);
        return backend == null ? PairConfig.Backend.PCAP : backend;
    }

    private static int threads(@Nullable Field field) {
        Long threads = field == null ? null : field.integer(1, 3);
        return threads == null ? PairConfig.THREADS_BY_CORES : threads.intValue();
    }

    private static List<Integer> cpus(@Nullable Field field) {
        List<Field> items = field == null ? null : field.items("a list of core numbers");
        List<Integer> cpus = new ArrayList<>();
        for (Field item : items == null ? List.<Field>of() : items) {
            Long cpu = item.integer(0, CpuAffinity.MAX_CPUS - 1);
            if (cpu != null) {
                cpus.add(cpu.intValue());
            }
        }
        return cpus;
    }

    private static PairConfig.Shield shield(@Nullable Field field) {
        PairConfig.Shield shield = field == null ? null : field.choice(PairConfig.Shield.class);
        return shield == null ? PairConfig.Shield.OFF : shield;
    }

    private static PairConfig.Idle idle(@Nullable Field field, PairConfig.Backend backend) {
        PairConfig.Idle idle = field == null ? null : field.choice(PairConfig.Idle.class);
        if (field != null && idle != null && idle != PairConfig.Idle.BLOCKING) {
            onlyWithXdp(field, backend, "use blocking");
        }
        return idle != null
                ? idle
                : backend == PairConfig.Backend.XDP ? PairConfig.Idle.ADAPTIVE : PairConfig.Idle.BLOCKING;
    }

    private static PairConfig.ZeroCopy zeroCopy(@Nullable Field field, PairConfig.Backend backend) {
        PairConfig.ZeroCopy zeroCopy = field == null ? null : field.choice(PairConfig.ZeroCopy.class);
        if (field != null && zeroCopy != null) {
            onlyWithXdp(field, backend, "leave it out");
        }
        return zeroCopy == null ? PairConfig.ZeroCopy.AUTO : zeroCopy;
    }

    private static void onlyWithXdp(Field field, PairConfig.Backend backend, String instead) {
        if (backend != PairConfig.Backend.XDP) {
            field.error("needs backend: xdp; " + instead);
        }
    }

    private static PairConfig.Fail fail(@Nullable Field field) {
        PairConfig.Fail fail = field == null ? null : field.choice(PairConfig.Fail.class);
        return fail == null ? PairConfig.Fail.OPEN : fail;
    }

    private static boolean linkPassThrough(@Nullable Field field) {
        Boolean passThrough = field == null ? null : field.bool();
        return passThrough == null || passThrough;
    }

    private static String example(String more) {
        return "pairs:\n  - {name: uplink, outside: eth0, inside: eth1" + more + "}";
    }
}
