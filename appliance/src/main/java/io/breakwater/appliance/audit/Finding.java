package io.breakwater.appliance.audit;

import java.util.List;
import java.util.Map;

/**
 * Something that attackers can use.
 *
 * @param id what kind it is; stable
 * @param where file, socket or address
 * @param what one sentence
 * @param mends lines by the tool they are for; any one tool is enough
 */
record Finding(Kind id, String where, String what, Map<String, List<String>> mends) {
    /** Kinds of findings. */
    enum Kind {
        MEMCACHED_UDP,
        MEMCACHED_OPEN,
        SOCKET_UDP,
        REFLECTOR;

        /** Its stable name. */
        String label() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }
}
