package io.breakwater.capture.lab;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapNetworkInterface.PromiscuousMode;
import org.pcap4j.core.RawPacketListener;

/**
 * A host that sends the frames it is told ({@code N hex}: N times) and prints those it hears ({@code RX hex}), through
 * pcap4j's own calls, so that a mistake in the port is not made twice.
 */
public final class RawPeer {
    private RawPeer() {}

    public static void main(String[] arguments) throws Exception {
        PcapHandle rx = open(arguments[0]);
        PcapHandle tx = open(arguments[0]);
        Thread.ofPlatform().daemon().start(() -> listen(rx));
        System.out.println("READY");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            int space = line.indexOf(' ');
            byte[] frame = HexFormat.of().parseHex(line.substring(space + 1));
            for (int n = Integer.parseInt(line.substring(0, space)); n > 0; n--) {
                tx.sendPacket(frame);
            }
            System.out.println("SENT");
        }
    }

    private static PcapHandle open(String name) throws Exception {
        return new PcapHandle.Builder(name)
                .snaplen(4_096)
                .bufferSize(32 << 20)
                .promiscuousMode(PromiscuousMode.PROMISCUOUS)
                .immediateMode(true)
                .timeoutMillis(10)
                .direction(PcapHandle.PcapDirection.IN)
                .build();
    }

    private static void listen(PcapHandle rx) {
        RawPacketListener print =
                bytes -> System.out.println("RX " + HexFormat.of().formatHex(bytes));
        try {
            rx.loop(-1, print);
        } catch (Exception e) {
            System.out.println("DEAF " + e.getMessage());
        }
    }
}
