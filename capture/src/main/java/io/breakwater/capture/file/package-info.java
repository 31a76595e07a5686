/**
 * Capture files as ports: pcap and pcapng in, nanosecond pcap (or pcapng) out.
 *
 * <pre>
 *  regular file ── mapped ──► MappedWindow ─┐
 *                                           ├─► PcapParser | PcapngParser ─► CaptureSource ─► slots
 *  stdin, FIFO ─► StreamPump ─► StreamWindow┘                                                   │
 *                                                                            CaptureWriter ◄────┘
 * </pre>
 *
 * <p>Formats: draft-ietf-opsawg-pcap and draft-ietf-opsawg-pcapng. Every length in a file is taken as hostile.
 */
@NullMarked
package io.breakwater.capture.file;

import org.jspecify.annotations.NullMarked;
