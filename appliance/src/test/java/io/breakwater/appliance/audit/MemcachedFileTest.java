package io.breakwater.appliance.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings files as Debian and Red Hat write them, and as nobody should. */
class MemcachedFileTest {
    private static final Path FILE = Path.of("memcached.conf");
    private static final MemcachedVersion NEW = new MemcachedVersion("1.6.18");
    private static final MemcachedVersion OLD = new MemcachedVersion("1.4.15");

    private static MemcachedSettings parse(String text) {
        return MemcachedFile.parse(FILE, text);
    }

    private static List<String> publicAddresses(String text) {
        return parse(text).publicListens().stream()
                .map(MemcachedListen::address)
                .toList();
    }

    @Test
    void shouldReadDebiansDefaults() {
        MemcachedSettings settings = parse("""
                # memcached default config file
                -d
                logfile /var/log/memcached.log
                # -v
                -m 64
                -p 11211
                -u memcache
                -l 127.0.0.1   # -l 0.0.0.0
                -P /var/run/memcached/memcached.pid
                """);
        assertThat(settings.publicListens()).isEmpty();
        assertThat(settings.listens()).containsExactly(new MemcachedListen("127.0.0.1", 0));
        assertThat(settings.effectiveTcpPort()).isEqualTo(11211);
        assertThat(settings.udpPort()).isNull();
        assertThat(settings.effectiveUdpPort(NEW)).isZero();
        assertThat(settings.effectiveUdpPort(OLD)).isEqualTo(11211);
        assertThat(settings.problems()).isEmpty();
    }

    @Test
    void shouldReadRedHatsDefaultsBeforeAndAfterTheRepair() {
        String head = "PORT=\"11211\"\nUSER=\"memcached\"\nMAXCONN=\"1024\"\nCACHESIZE=\"64\"\n";
        MemcachedSettings open = parse(head + "OPTIONS=\"\"\n");
        assertThat(open.isAssignments()).isTrue();
        assertThat(open.publicListens()).containsExactly(MemcachedListen.EVERYWHERE);
        assertThat(open.effectiveUdpPort(OLD)).isEqualTo(11211);
        assertThat(publicAddresses(head + "OPTIONS=\"-l 127.0.0.1,::1 -U 0\"\n"))
                .isEmpty();
        assertThat(parse(head + "OPTIONS='-U 11311'\n").effectiveUdpPort(NEW)).isEqualTo(11311);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "null",
            value = {
                "-U 11211|11211|11211",
                "-U 11300|11300|11300",
                "-p 11300 -U 11211|11300|11211",
                "-p 11300|11300|0",
                "-vU0|11211|0",
                "-U11211|11211|11211",
                "--udp-port=11400 --port 11500|11500|11400",
                "-U 11211 -U 0|11211|0",
                "--udp=11400 --por 11500|11500|11400",
                "--ud 11211|11211|11211",
                "--memory-limit -U -p 12000|12000|0",
                "-M -U 11211|11211|11211",
                "-L -p 12000 -C -U 0|12000|0",
                "-MLCU11400|11400|11400",
                "-D -U|11211|0",
                "-p 12000 -- -U 11211|12000|0",
                "-o slab_reassign,-U -p 12000|12000|0",
            })
    void shouldReadPortsAsMemcachedDoes(String options, int tcp, int udp) {
        MemcachedSettings settings = parse(options + "\n");
        assertThat(settings.effectiveTcpPort()).isEqualTo(tcp);
        assertThat(settings.effectiveUdpPort(NEW)).isEqualTo(udp);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "-l 192.0.2.1:11333 -U 11211|11333|11333",
                "-l 192.0.2.1:11333 -U 0|11333|none",
                "-l 192.0.2.1:11333 -p 0 -U 11211|none|11333",
                "-l 192.0.2.1:11333;192.0.2.2 -U 11400|11333 11400|11333 11400",
                "-l 192.0.2.1 -l [2001:db8::1]:11300 -p 11211|11211 11300|none",
                "-l 127.0.0.1:11333,192.0.2.1|11211|none",
                "-s /run/memcached.sock -U 11211|none|none",
            })
    void shouldTakeThePortsOfTheAddressesThemselves(String options, @Nullable String tcp, @Nullable String udp) {
        MemcachedSettings settings = parse(options + "\n");
        List<MemcachedListen> listens = settings.publicListens();
        assertThat(spoken(settings.tcpPorts(listens))).isEqualTo(tcp == null ? "" : tcp);
        assertThat(spoken(settings.udpPorts(listens, NEW))).isEqualTo(udp == null ? "" : udp);
    }

    private static String spoken(SortedSet<Integer> ports) {
        return ports.stream().map(String::valueOf).collect(Collectors.joining(" "));
    }

    @Test
    void shouldNotTakeWhatMemcachedRefusesForEveryAddress() {
        assertThat(publicAddresses("-l 127.0.0.1/8\n")).isEmpty();
        assertThat(publicAddresses("-l 127.0.0.1/8,192.0.2.1\n")).containsExactly("192.0.2.1");
    }

    @Test
    void shouldTellPublicAddressesFromOthers() {
        assertThat(publicAddresses("-l 0.0.0.0\n")).containsExactly("*");
        assertThat(publicAddresses("-m 64\n")).containsExactly("*");
        assertThat(publicAddresses("-l 127.0.0.1,10.1.2.3,192.168.0.1,172.31.0.1,[::1]:11311,fd00::1,fe80::1%eth0\n"))
                .isEmpty();
        assertThat(publicAddresses("-l 127.0.0.1\n-l 203.0.113.4:11311\n-l [2001:db8::1]:11311\n"))
                .containsExactly("203.0.113.4", "2001:db8::1");
        assertThat(publicAddresses("-l ::ffff:192.168.1.5,::ffff:172.16.0.1,::ffff:169.254.0.1,::ffff:10.0.0.1\n"))
                .isEmpty();
        assertThat(publicAddresses("-l [::ffff:127.0.0.1]:11311\n")).isEmpty();
        assertThat(publicAddresses("-l ::ffff:192.0.2.5,::ffff:172.32.0.1\n"))
                .containsExactly("::ffff:192.0.2.5", "::ffff:172.32.0.1");
        assertThat(publicAddresses("-l 172.32.0.1,cache.example,localhost\n"))
                .containsExactly("172.32.0.1", "cache.example");
        assertThat(publicAddresses("-s /run/memcached.sock\n-U 11211\n")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-U banana",
                "-U -1",
                "-U 65536",
                "-U 99999999999999999999",
                "-U",
                "-l [::1",
                "-l 1.2.3.4:x",
                "-l [::1]x",
                "-l :11211",
                "-l 127.0.0.1:",
                "--li=127.0.0.1",
                "PORT=\"eleven\"\nOPTIONS=\"\"",
                "-U \u001b[2J"
            })
    void shouldSayWhichOptionCannotBeRight(String text) {
        assertThat(parse(text + "\n").problems())
                .singleElement()
                .asString()
                .startsWith("memcached.conf: -")
                .doesNotContain("\u001b");
    }

    @Test
    void shouldReadRedHatsFormAsSystemdDoes() {
        MemcachedSettings joined = parse("PORT=\"11211\"\nOPTIONS=\"-l 127.0.0.1 \\\n -U 0\"\n");
        assertThat(joined.isAssignments()).isTrue();
        assertThat(joined.listens()).containsExactly(new MemcachedListen("127.0.0.1", 0));
        assertThat(joined.udpPort()).isZero();
        assertThat(publicAddresses("OPTIONS=-l 127.0.0.1,\\\n192.0.2.1 # and this\n"))
                .containsExactly("192.0.2.1");
        // For systemd the comment is part of the value, and memcached does not start.
        MemcachedSettings commented = parse("OPTIONS=\"-l 127.0.0.1\" # only local\n");
        assertThat(commented.publicListens()).isEmpty();
        assertThat(commented.problems()).singleElement().asString().contains("-l: '127.0.0.1#' is no address");
        assertThat(publicAddresses("OPTIONS=\"-U 0 \" # but public\n")).containsExactly("*");
        assertThat(publicAddresses("#OPTIONS=\"-l 192.0.2.1\"\nOPTIONS='-l 127.0.0.1'\n"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1.4.15,true", "1.5.5,true", "1.5.6,false", "1.6.18,false", "2.0,false", "0.9.9,true", "'',true"})
    void shouldKnowWhichVersionsOpenUdp(String version, boolean opens) {
        assertThat(new MemcachedVersion(version).opensUdpByDefault()).isEqualTo(opens);
    }

    @Test
    void shouldFindTheVersionInWhatTheProgramSays() {
        assertThat(MemcachedVersion.parse("memcached 1.6.18\n").text()).isEqualTo("1.6.18");
        assertThat(MemcachedVersion.parse("no idea 99999999999.1").text()).isEmpty();
    }

    @Test
    void shouldSurviveAnyBytes() {
        long seed = 20_260_101;
        Random random = new Random(seed);
        String alphabet = "-lUps0123456789.:,[]#\\\"'= \t\nOPTIONSPORT\u0000\u001b\uffff";
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(60); i > 0; i--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            MemcachedSettings settings = parse(text.toString());
            assertThat(settings.effectiveTcpPort())
                    .as("seed %d: %s", seed, text)
                    .isBetween(0, 65_535);
            assertThat(settings.effectiveUdpPort(OLD)).isBetween(0, 65_535);
            assertThat(settings.publicListens()).isNotNull();
        }
    }

    @TempDir
    Path folder = Path.of("");

    @Test
    void shouldRefuseWhatIsNoSettingsFile() throws IOException {
        assertThatThrownBy(() -> MemcachedFile.read(folder.resolve("nosuch"))).hasMessageContaining("no such file");
        assertThatThrownBy(() -> MemcachedFile.read(folder)).hasMessageContaining("not a regular file");
        assertThatThrownBy(() -> MemcachedFile.read(Path.of("/dev/zero"))).hasMessageContaining("not a regular file");
        Path large = folder.resolve("large");
        Files.write(large, new byte[MemcachedFile.LARGEST_BYTES + 1]);
        assertThatThrownBy(() -> MemcachedFile.read(large)).hasMessageContaining("larger than 1 MiB");
        Path binary = folder.resolve("binary");
        Files.write(binary, new byte[] {(byte) 0xff, (byte) 0xfe, 0, '\n', '-', 'U', ' ', '9', '\n'});
        assertThat(MemcachedFile.read(binary).udpPort()).isEqualTo(9);
        Files.write(large, "-l 127.0.0.1 ".repeat(50_000).getBytes(StandardCharsets.UTF_8));
        assertThat(MemcachedFile.read(large).listens()).hasSize(50_000);
    }
}
