package io.breakwater.appliance.audit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Sends each probe once to one address and counts what comes back from that address and port. Bounded in time and in
 * what it reads.
 */
final class ProbeSender {
    /** Measured: real memcached, dnsmasq, ntpd and snmpd answer within 10 ms on a quiet machine; the rest is the path. */
    private static final long WAIT_MS = 1_500;

    private static final long MOST_BYTES = 1 << 24;
    private static final int LARGEST_DATAGRAM = 65_535;

    private final ByteBuffer received = ByteBuffer.allocate(LARGEST_DATAGRAM);

    /** One probe under way. */
    private static final class Flight {
        private final Probe probe;
        private ProbeResult.State state = ProbeResult.State.SILENT;
        private long bytes;
        private long datagrams;

        Flight(Probe probe) {
            this.probe = probe;
        }
    }

    /** @throws IOException if no sockets can be made */
    List<ProbeResult> ask(String target, List<Probe> probes) throws IOException {
        InetAddress address = InetAddress.getByName(target);
        List<Flight> flights = new ArrayList<>();
        List<DatagramChannel> channels = new ArrayList<>();
        try (Selector selector = Selector.open()) {
            for (Probe probe : probes) {
                Flight flight = new Flight(probe);
                flights.add(flight);
                DatagramChannel channel = DatagramChannel.open();
                channels.add(channel);
                send(channel, new InetSocketAddress(address, probe.port()), flight, selector);
            }
            collect(selector);
        } finally {
            for (DatagramChannel channel : channels) {
                channel.close();
            }
        }
        return flights.stream()
                .map(flight -> new ProbeResult(target, flight.probe, flight.state, flight.bytes, flight.datagrams))
                .toList();
    }

    private static void send(DatagramChannel channel, InetSocketAddress to, Flight flight, Selector selector)
            throws IOException {
        channel.configureBlocking(false);
        try {
            channel.connect(to);
            channel.write(flight.probe.datagram());
            channel.register(selector, SelectionKey.OP_READ, flight);
        } catch (IOException noRoute) {
            flight.state = ProbeResult.State.UNSENT;
        }
    }

    private void collect(Selector selector) throws IOException {
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WAIT_MS);
        long leftMs = WAIT_MS;
        while (leftMs > 0 && !selector.keys().isEmpty()) {
            selector.select(key -> read(key), leftMs);
            leftMs = TimeUnit.NANOSECONDS.toMillis(endNs - System.nanoTime());
        }
    }

    private void read(SelectionKey key) {
        Flight flight = (Flight) key.attachment();
        DatagramChannel channel = (DatagramChannel) key.channel();
        try {
            int length = channel.read(received.clear());
            while (length > 0 && flight.bytes < MOST_BYTES) {
                flight.state = ProbeResult.State.ANSWERS;
                flight.bytes += length;
                flight.datagrams++;
                length = channel.read(received.clear());
            }
        } catch (PortUnreachableException nobodyListens) {
            flight.state = flight.datagrams > 0 ? flight.state : ProbeResult.State.CLOSED;
            key.cancel();
        } catch (IOException lost) {
            key.cancel();
        }
        if (flight.bytes >= MOST_BYTES) {
            key.cancel();
        }
    }
}
