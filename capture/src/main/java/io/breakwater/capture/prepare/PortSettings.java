package io.breakwater.capture.prepare;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A port as it was before anything was changed, and which other one it is joined with.
 *
 * @param port the interface's name
 * @param index its index: tells it from a later interface of the same name
 * @param peer the port that it is joined with
 * @param failOpen whether its frames go to that one while no filter runs
 * @param hadIngress whether somebody else's tc ingress hook was there
 * @param up whether it was switched on
 * @param promiscuous whether it took frames for any address
 * @param ipv6Disabled the sysctl's value, empty if the kernel has no IPv6
 * @param features offloads by their {@code ethtool -K} name, {@code on} or {@code off}
 * @param ipv6Addresses static addresses with prefix length, which the kernel forgets when IPv6 is switched off
 */
record PortSettings(
        String port,
        int index,
        String peer,
        boolean failOpen,
        boolean hadIngress,
        boolean up,
        boolean promiscuous,
        String ipv6Disabled,
        SortedMap<String, String> features,
        List<String> ipv6Addresses) {

    private static final String FEATURE = "feature.";
    private static final String ADDRESS = "ipv6-address.";

    PortSettings {
        features = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(features));
        ipv6Addresses = List.copyOf(ipv6Addresses);
    }

    /**
     * These settings, and of features that they do not name those that the port has now: another backend's. What the port
     * is joined with is as now.
     */
    PortSettings completedBy(PortSettings now) {
        SortedMap<String, String> all = new TreeMap<>(now.features);
        all.putAll(features);
        return new PortSettings(
                port, index, now.peer, now.failOpen, hadIngress, up, promiscuous, ipv6Disabled, all, ipv6Addresses);
    }

    /** Writes the file so that a crash at any moment leaves either none or a whole one. */
    void store(Path file) throws IOException {
        Properties values = new Properties();
        values.setProperty("port", port);
        values.setProperty("index", Integer.toString(index));
        values.setProperty("peer", peer);
        values.setProperty("fail", failOpen ? "open" : "closed");
        values.setProperty("had-ingress", Boolean.toString(hadIngress));
        values.setProperty("up", Boolean.toString(up));
        values.setProperty("promiscuous", Boolean.toString(promiscuous));
        values.setProperty("ipv6-disabled", ipv6Disabled);
        features.forEach((feature, value) -> values.setProperty(FEATURE + feature, value));
        for (int i = 0; i < ipv6Addresses.size(); i++) {
            values.setProperty(ADDRESS + i, ipv6Addresses.get(i));
        }
        StringWriter text = new StringWriter();
        values.store(text, "Settings of this port before Breakwater changed them");
        Path whole = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                whole, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** @throws PreparationException if the file is not one of ours */
    static PortSettings load(Path file) throws IOException {
        Properties values = new Properties();
        try (Reader reader = new StringReader(Files.readString(file))) {
            values.load(reader);
            SortedMap<String, String> features = new TreeMap<>();
            SortedMap<String, String> addresses = new TreeMap<>();
            for (String key : values.stringPropertyNames()) {
                if (key.startsWith(FEATURE)) {
                    features.put(key.substring(FEATURE.length()), values.getProperty(key));
                } else if (key.startsWith(ADDRESS)) {
                    addresses.put(key, values.getProperty(key));
                }
            }
            return new PortSettings(
                    values.getProperty("port", ""),
                    Integer.parseInt(values.getProperty("index", "")),
                    values.getProperty("peer", ""),
                    values.getProperty("fail", "").equals("open"),
                    Boolean.parseBoolean(values.getProperty("had-ingress")),
                    Boolean.parseBoolean(values.getProperty("up")),
                    Boolean.parseBoolean(values.getProperty("promiscuous")),
                    values.getProperty("ipv6-disabled", ""),
                    features,
                    new ArrayList<>(addresses.values()));
        } catch (IllegalArgumentException unreadable) {
            throw new PreparationException(file + ": not a file of port settings: look at the port's offloads with"
                    + " ethtool -k, then delete the file");
        }
    }
}
