/** The box between network namespaces, against a bare pcap4j loop. */
@NullMarked
package io.breakwater.bench.live;

import org.jspecify.annotations.NullMarked;
