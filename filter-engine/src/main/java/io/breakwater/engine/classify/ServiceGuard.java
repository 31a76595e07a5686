package io.breakwater.engine.classify;

import io.breakwater.engine.HotPath;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.measure.Reasons;
import io.breakwater.engine.policy.RuleMode;
import io.breakwater.engine.policy.ServiceRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Keeps strangers from inside services, so that these do not become reflectors: a frame to a guarded port from a source
 * that is not on the service's allow list is dropped as {@code service:<name>}. One that is goes on to the next
 * classifier. For the inbound lane only.
 *
 * <p>Later fragments have no ports; they take their first fragment's verdict from {@link FragmentTracker}.
 *
 * <p><b>Thread:</b> immutable, any. <b>Cost:</b> one array read per frame; a frame to a guarded port one {@link
 * PrefixTable} lookup more.
 */
public final class ServiceGuard implements StatelessClassifier {
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int TCP_BIT = 1 << 16;
    private static final int FREE = -1;

    private final WouldDrop wouldDrop;
    // Slot of a key (TCP bit and port) -> the key, and its service. As large as it takes for every key to have a slot
    // of its own, so that one read decides; at 2^17 slots keys and slots are the same, so that this always ends.
    private final int[] keys;
    private final int[] serviceOfSlot;
    private final int[] reasons;
    private final boolean[] monitors;
    private final PrefixTable[] allowed;

    /**
     * Compiles {@code services}.
     *
     * @throws IllegalArgumentException if two services guard the same port of the same protocol
     */
    public ServiceGuard(List<ServiceRule> services, Reasons catalogue, WouldDrop wouldDrop) {
        this.wouldDrop = wouldDrop;
        this.keys = slotsFor(guardedKeys(services));
        this.serviceOfSlot = new int[keys.length];
        this.reasons = new int[services.size()];
        this.monitors = new boolean[services.size()];
        this.allowed = new PrefixTable[services.size()];
        for (int service = 0; service < services.size(); service++) {
            ServiceRule rule = services.get(service);
            reasons[service] = catalogue.service(rule.name());
            monitors[service] = rule.mode() == RuleMode.MONITOR;
            allowed[service] = PrefixTable.of(rule.allow());
            for (int key : keysOf(rule)) {
                serviceOfSlot[key & keys.length - 1] = service;
            }
        }
    }

    private static List<Integer> keysOf(ServiceRule rule) {
        List<Integer> keys = new ArrayList<>();
        if (rule.udp()) {
            keys.add(rule.port());
        }
        if (rule.tcp()) {
            keys.add(rule.port() | TCP_BIT);
        }
        return keys;
    }

    private static List<Integer> guardedKeys(List<ServiceRule> services) {
        List<Integer> all = new ArrayList<>();
        for (ServiceRule rule : services) {
            for (int key : keysOf(rule)) {
                if (all.contains(key)) {
                    String protocol = (key & TCP_BIT) != 0 ? "tcp" : "udp";
                    throw new IllegalArgumentException("service '" + rule.name() + "' guards " + protocol + " port "
                            + rule.port() + ", which another service guards already");
                }
                all.add(key);
            }
        }
        return all;
    }

    private static int[] slotsFor(List<Integer> keys) {
        int size = 1;
        while (true) {
            int[] slots = new int[size];
            Arrays.fill(slots, FREE);
            if (placedAll(keys, slots)) {
                return slots;
            }
            size *= 2;
        }
    }

    private static boolean placedAll(List<Integer> keys, int[] slots) {
        for (int key : keys) {
            int slot = key & slots.length - 1;
            if (slots[slot] != FREE) {
                return false;
            }
            slots[slot] = key;
        }
        return true;
    }

    @Override
    @HotPath
    public int classify(FrameSlot frame, long nowNs) {
        int service = serviceOf(frame);
        if (admits(service, frame)) {
            return Verdict.UNSETTLED;
        }
        if (monitors[service]) {
            wouldDrop.count(reasons[service], frame);
            return Verdict.UNSETTLED;
        }
        return reasons[service];
    }

    @Override
    @HotPath
    public boolean passes(FrameSlot frame) {
        return admits(serviceOf(frame), frame);
    }

    @HotPath
    private boolean admits(int service, FrameSlot frame) {
        return service < 0 || allowed[service].contains(frame.isIpv4(), frame.sourceHi(), frame.sourceLo());
    }

    /** The service that the frame is for, or -1. */
    @HotPath
    private int serviceOf(FrameSlot frame) {
        int port = frame.destinationPort();
        int protocol = frame.protocol();
        if (port == FrameSlot.NO_PORT || (protocol != UDP && protocol != TCP)) {
            return FREE;
        }
        int key = protocol == TCP ? port | TCP_BIT : port;
        int slot = key & keys.length - 1;
        return keys[slot] == key ? serviceOfSlot[slot] : FREE;
    }
}
