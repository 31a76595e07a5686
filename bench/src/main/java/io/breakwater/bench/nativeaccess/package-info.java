/** What the measurements ask of the kernel by foreign functions: batches of frames, eBPF counters, namespaces, cores. */
@NullMarked
package io.breakwater.bench.nativeaccess;

import org.jspecify.annotations.NullMarked;
