package io.breakwater.capture.privilege;

import java.io.IOException;

/**
 * The tc filters at a port's ingress, beneath XDP and taps: one that sends every frame out by another port, or one that
 * drops it. Either keeps the kernel's own ARP, ND, TCP and routing from seeing anything, and stays when the process ends.
 *
 * <p>Both are classic BPF that matches every frame, so LACP, STP, LLDP and tags are like any other. Ingress alone: what a
 * port sends never comes back. Their priorities are our own and behind those that tc gives by itself, so nobody's rules are
 * touched.
 */
public final class Ingress {
    private static final String DROP = "64000";
    private static final String REDIRECT = "64001";

    /** Return all of the frame: the filter matches (linux/filter.h: BPF_RET | BPF_K). */
    private static final String MATCH_ALL = "'1,6 0 0 4294967295,'";

    /** Return 2, TC_ACT_SHOT (linux/pkt_cls.h), as the action itself: not every kernel has act_gact. */
    private static final String DROP_ALL = "'1,6 0 0 2,'";

    private Ingress() {}

    /** Every frame that comes in by {@code port} leaves by {@code to}, instead of being dropped. */
    static void redirect(String port, String to) throws IOException {
        put(port, REDIRECT, redirecting(to), "filter del dev " + port + " ingress protocol all prio " + DROP);
    }

    /** The same for a {@code to} that is another interface than before; a drop before it stays. */
    static void redirectAgain(String port, String to) throws IOException {
        put(port, REDIRECT, redirecting(to), "");
    }

    private static String redirecting(String to) {
        return "bpf bytecode " + MATCH_ALL + " action mirred egress redirect dev " + to;
    }

    /** Every frame that comes in by {@code port} is dropped, instead of going elsewhere. */
    static void drop(String port) throws IOException {
        put(
                port,
                DROP,
                "bpf direct-action bytecode " + DROP_ALL,
                "filter del dev " + port + " ingress protocol all prio " + REDIRECT);
    }

    /** Drops every frame before a redirect, which stays. */
    static void dropFirst(String port) throws IOException {
        put(port, DROP, "bpf direct-action bytecode " + DROP_ALL, "");
    }

    /** Ends {@link #dropFirst}. */
    static void dropNoMore(String port) throws IOException {
        Command.run("tc", "filter", "del", "dev", port, "ingress", "protocol", "all", "prio", DROP);
    }

    /** Takes our filters away, and the hook too if it is ours and nobody else uses it. */
    static void clear(String port, boolean hadIngress) throws IOException {
        for (String priority : new String[] {DROP, REDIRECT}) {
            Command.run("tc", "filter", "del", "dev", port, "ingress", "protocol", "all", "prio", priority);
        }
        if (!hadIngress
                && filters(port, "ingress").isBlank()
                && filters(port, "egress").isBlank()) {
            Command.run("tc", "qdisc", "del", "dev", port, "clsact");
        }
    }

    /** Whether one of our filters is there. */
    public static boolean isOurs(String port) throws IOException {
        String filters = filters(port, "ingress");
        return has(filters, DROP) || has(filters, REDIRECT);
    }

    /** Whether tc filters can be put at the port's ingress already. */
    public static boolean isHooked(String port) throws IOException {
        return Command.run("tc", "qdisc", "show", "dev", port).output().contains("parent ffff:fff1");
    }

    private static void put(String port, String priority, String filter, String then) throws IOException {
        // Forced: the hook may be there, and what goes then may not.
        Command.Result result = Command.runWithInput(
                "qdisc add dev " + port + " clsact\n"
                        + "filter replace dev " + port + " ingress protocol all prio " + priority + " handle 1 "
                        + filter
                        + "\n" + then + "\nfilter show dev " + port + " ingress\n",
                "tc",
                "-force",
                "-batch",
                "-");
        if (!has(result.output(), priority)) {
            throw new IOException("port " + port + ": cannot keep the kernel off it: tc: " + result.summary()
                    + ": needs CAP_NET_ADMIN and a kernel with CONFIG_NET_SCH_INGRESS, CONFIG_NET_CLS_BPF and"
                    + " CONFIG_NET_ACT_MIRRED");
        }
    }

    private static String filters(String port, String direction) throws IOException {
        Command.Result result = Command.run("tc", "filter", "show", "dev", port, direction);
        return result.isOk() ? result.output() : "";
    }

    private static boolean has(String filters, String priority) {
        return filters.contains(" pref " + priority + " ");
    }
}
