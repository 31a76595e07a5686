/** Live ports: one network card each, opened by pcap4j, read and written without a copy more than needed. */
@NullMarked
package io.breakwater.capture.live;

import org.jspecify.annotations.NullMarked;
