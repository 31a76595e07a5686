package io.breakwater.appliance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Only addresses that the operator protects are ever asked anything; what cannot be right is refused. */
class AuditCommandTest {
    @TempDir
    Path folder = Path.of("");

    private String policy(String yaml) {
        return CaptureFiles.write(folder.resolve("policy.yaml"), yaml.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void shouldRefuseTargetsThatAreNotProtected() {
        String policy = policy("protected: [127.0.0.1/32, \"2001:db8::/32\"]\n");
        for (String target : new String[] {"127.0.0.2", "192.0.2.1", "::1", "::ffff:127.0.0.1", "2001:db9::1"}) {
            Invocation.of("audit", "-c", policy, "--target", "127.0.0.1", "--target", target)
                    .shouldBeRefused("--target " + target, "not in the protected");
        }
        Invocation.of("audit", "-c", policy("protected: [192.0.2.0/24]\n"), "--target", "127.0.0.1")
                .shouldBeRefused("not in the protected");
        Invocation.of("audit", "--target", "127.0.0.1").shouldBeRefused("--target needs -c POLICY");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"127.0.0.0/24", "localhost", "", "224.0.0.1", "255.255.255.255", "ff02::1", "1.2.3", "\u001b[2J"
            })
    void shouldRefuseWhatIsNoSingleHost(String target) {
        String policy = policy("protected: [0.0.0.0/0, \"::/0\"]\n");
        Invocation.of("audit", "-c", policy, "--target", target).shouldBeRefused("the address of one host");
    }

    @Test
    void shouldRefuseSettingsThatAreMissing() {
        Invocation.of("audit", "--memcached-conf", folder.resolve("nosuch").toString())
                .shouldBeRefused("nosuch: there is no such file");
        Invocation.of("audit", "--dns-name", "a..b").shouldBeRefused("'a..b' is no DNS name");
        Invocation.of("audit", "-c", folder.resolve("nosuch").toString()).shouldBeRefused("does not exist");
    }

    @Test
    void shouldFindAnOpenMemcachedWithTheLinesThatMendIt() {
        String open =
                CaptureFiles.write(folder.resolve("open"), "-l 0.0.0.0\n-U 11219\n".getBytes(StandardCharsets.UTF_8));
        Invocation said = Invocation.of("audit", "--memcached-conf", open);
        assertThat(said.exitCode()).isEqualTo(1);
        assertThat(said.out())
                .contains(
                        "finding memcached-udp at " + open,
                        "iptables -I INPUT ! -i lo -p udp --dport 11219 -j DROP",
                        "nft add rule inet reflectors input iifname != lo udp dport 11219 drop",
                        "ufw prepend deny in proto udp to any port 11219",
                        "memcached: {port: 11219, protocols: [udp, tcp], allow: []}");
        String several = CaptureFiles.write(
                folder.resolve("several"), "-l 192.0.2.1:11333,192.0.2.2\n-U 11219\n".getBytes(StandardCharsets.UTF_8));
        Invocation ports = Invocation.of("audit", "--memcached-conf", several);
        assertThat(ports.out())
                .contains(
                        "listens on 192.0.2.1:11333, 192.0.2.2, tcp 11219 and 11333, udp 11219 and 11333",
                        "ip6tables -I INPUT ! -i lo -p tcp --dport 11333 -j DROP",
                        "nft add rule inet reflectors input iifname != lo udp dport 11219 drop",
                        "memcached: {port: 11219, protocols: [udp, tcp], allow: []}",
                        "memcached-11333: {port: 11333, protocols: [udp, tcp], allow: []}");
        Invocation json = Invocation.of("audit", "--json", "--memcached-conf", open);
        assertThat(json.exitCode()).isEqualTo(1);
        assertThat(json.out()).contains("\"id\" : \"memcached-udp\"", "\"udp\" : 11219");
    }
}
