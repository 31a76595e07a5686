/**
 * What happens to a frame, and how fast: bytes in, verdict out. No sockets, no files, no HTTP, no YAML.
 *
 * <pre>{@code
 *  FrameSource.poll ──► RingBuffer<FrameSlot> ──► FilterStage ────────────────► EgressStage ──► FrameSink.send
 *    RxStage              slots name frames        FrameDecoder.decode,           in arrival       │
 *    batches,             (region, offset,         Preclassifier (or RxStage,     order, one       └► release: the
 *    next(n)/publish      length)                  if it has time); LaneFilter:   fate counted        source's memory
 *                                                  Chain in force → verdict       per frame           is free again
 *
 *  Chain, first settled verdict wins:
 *    malformed → trusted/blocked sources → anti-spoof → service guard → reflection → fragments → limits → forward
 *    SourceLists                 SpoofGuard   ServiceGuard    ReflectionFilter FragmentTracker RateLimiter
 * }</pre>
 *
 * <p>Threads of one lane, by {@code threads}; N is the pair and lane, such as {@code uplink-inbound}:
 *
 * <table>
 * <caption>Who runs what</caption>
 * <tr><th>threads</th><th>rx</th><th>filter</th><th>egress</th></tr>
 * <tr><td>1</td><td>{@code lane-N}</td><td>{@code lane-N}</td><td>{@code lane-N}</td></tr>
 * <tr><td>2</td><td>{@code rx-N}</td><td>{@code filter-N}</td><td>{@code filter-N}</td></tr>
 * <tr><td>3</td><td>{@code rx-N}</td><td>{@code filter-N}</td><td>{@code egress-N}</td></tr>
 * </table>
 *
 * <p>With one thread per lane, a {@code PairLoop} can turn both lanes of a pair P on one: {@code lanes-P}.
 *
 * <p>All state of a lane (limits, fragments, sources) belongs to its filter worker. What inside hosts asked belongs to the
 * inbound filter; the outbound one tells it through a single-producer ring. Control threads touch neither: they leave a
 * new chain to be picked up between batches, or a new table of temporary blocks (asked right after the source lists), and
 * read counters and what egress copies of single frames into single-producer rings ({@code tap}).
 */
@NullMarked
package io.breakwater.engine;

import org.jspecify.annotations.NullMarked;
