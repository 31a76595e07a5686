package io.breakwater.appliance.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdminConfigTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, false, http://127.0.0.1:9464",
        "192.0.2.1, true, https://192.0.2.1:9464",
        "2001:db8::1, true, https://[2001:db8:0:0:0:0:0:1]:9464",
        "0.0.0.0, true, https://127.0.0.1:9464",
    })
    void shouldSayWhereItCanBeAsked(String address, boolean tls, String url) {
        Path certificate = tls ? Path.of("admin.pem") : null;
        AdminConfig admin = new AdminConfig(new InetSocketAddress(address, 0), certificate, certificate, null);

        assertThat(admin.url(9464)).isEqualTo(url);
    }
}
