package io.breakwater.appliance.cli;

import io.breakwater.appliance.admin.AccessFiles;
import io.breakwater.appliance.config.AdminConfig;
import io.breakwater.appliance.config.LoadOptions;
import io.breakwater.appliance.process.CommandFailure;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Which box a command talks to, and how it tells what it got. */
final class BoxOptions {
    private static final String DEFAULT_URL = "http://127.0.0.1:9464";

    @Option(names = "--url", paramLabel = "URL", description = "The box (default " + DEFAULT_URL + ").")
    private @Nullable String url;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "The box's policy file: address, token and certificate are taken from its admin section.")
    private @Nullable Path config;

    @Option(names = "--token-file", paramLabel = "FILE", description = "The file that holds the token.")
    private @Nullable Path tokenFile;

    @Option(names = "--ca", paramLabel = "FILE", description = "PEM file of certificates to trust, and no others.")
    private @Nullable Path ca;

    @Option(names = "--json", description = "Tell it as JSON, one object a line.")
    private boolean json;

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    boolean json() {
        return json;
    }

    PrintWriter out() {
        return command().commandLine().getOut();
    }

    CommandSpec command() {
        return Objects.requireNonNull(spec);
    }

    /** Finds the box; nobody is asked yet. */
    BoxClient connect() {
        AdminConfig admin = config == null
                ? AdminConfig.DEFAULT
                : PolicyLoading.load(
                                config,
                                LoadOptions.run(),
                                command().commandLine().getErr())
                        .admin();
        Path token = tokenFile != null ? tokenFile : admin.tokenFile();
        Path trusted = ca != null ? ca : admin.certificate();
        SSLContext tls = trusted == null ? null : AccessFiles.trusting(ca != null ? "--ca" : "admin.tls", trusted);
        String tokenPath = tokenFile != null ? "--token-file" : "admin.token-file";
        return new BoxClient(
                url != null ? parse(url) : of(admin), token == null ? null : AccessFiles.token(tokenPath, token), tls);
    }

    private static URI of(AdminConfig admin) {
        InetSocketAddress listen = admin.listen();
        if (listen == null) {
            throw CommandFailure.usage("admin.listen is off in this policy, so the box cannot be asked");
        }
        return parse(admin.url(listen.getPort()));
    }

    private static URI parse(String text) {
        try {
            URI uri = new URI(text);
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            boolean bare = uri.getRawPath() == null
                    || uri.getRawPath().isEmpty()
                    || uri.getRawPath().equals("/");
            if (web && bare && uri.getHost() != null && uri.getRawUserInfo() == null && uri.getRawQuery() == null) {
                return new URI(uri.getScheme(), uri.getRawAuthority(), null, null, null);
            }
        } catch (URISyntaxException e) {
            // Falls through: no URL.
        }
        throw CommandFailure.usage("--url: '" + text + "' is not http://HOST:PORT or https://HOST:PORT");
    }
}
