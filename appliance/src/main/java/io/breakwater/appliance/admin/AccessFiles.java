package io.breakwater.appliance.admin;

import io.breakwater.appliance.config.AdminConfig;
import io.breakwater.appliance.process.CommandFailure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Reads token, certificate and key; what is wrong with them is a mistake of the configuration. Never shows their content. */
public final class AccessFiles {
    private static final int MAX_BYTES = 1 << 20;
    private static final int LEAST_TOKEN = 16;
    private static final int LONGEST_TOKEN = 512;
    private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "EdDSA");
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    private AccessFiles() {}

    /**
     * What the configuration's files say.
     *
     * @throws CommandFailure (usage) if one cannot be read or is not what it should be
     */
    public static Access load(AdminConfig config) {
        Path tokenFile = config.tokenFile();
        Path certificate = config.certificate();
        Path key = config.key();
        return new Access(
                tokenFile == null ? null : token("admin.token-file", tokenFile),
                certificate == null || key == null ? null : tls(certificate, key));
    }

    /** The first line of a file, 16 to 512 visible ASCII characters. */
    public static String token(String path, Path file) {
        String line = new String(read(path, file), StandardCharsets.UTF_8)
                .lines()
                .findFirst()
                .orElse("")
                .strip();
        boolean plain = line.chars().allMatch(c -> c > ' ' && c < 0x7f);
        if (!plain || line.length() < LEAST_TOKEN || line.length() > LONGEST_TOKEN) {
            throw CommandFailure.usage(path + ": " + file + ": its first line must be " + LEAST_TOKEN + " to "
                    + LONGEST_TOKEN + " characters without blanks; make one with: openssl rand -hex 32");
        }
        return line;
    }

    private static SSLContext tls(Path certificateFile, Path keyFile) {
        Collection<? extends Certificate> chain = certificates("admin.tls.certificate", certificateFile);
        PrivateKey key = key("admin.tls.key", keyFile);
        char[] none = new char[0];
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, none);
            store.setKeyEntry("admin", key, none, chain.toArray(new Certificate[0]));
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, none);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw CommandFailure.usage("admin.tls: " + certificateFile + " and " + keyFile + " do not belong together ("
                    + e.getMessage() + "); check both");
        }
    }

    /** Trusts the certificates of a file, and no others. */
    public static SSLContext trusting(String path, Path file) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            int number = 0;
            for (Certificate certificate : certificates(path, file)) {
                store.setCertificateEntry("ca" + number++, certificate);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw CommandFailure.usage(path + ": " + file + " cannot be used (" + e.getMessage() + "); check it");
        }
    }

    private static Collection<? extends Certificate> certificates(String path, Path file) {
        try {
            Collection<? extends Certificate> found = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(read(path, file)));
            if (!found.isEmpty()) {
                return found;
            }
        } catch (GeneralSecurityException e) {
            // Falls through: no certificate.
        }
        throw CommandFailure.usage(path + ": " + file + " holds no certificate; it must be PEM (BEGIN CERTIFICATE)");
    }

    private static PrivateKey key(String path, Path file) {
        Matcher pem = KEY.matcher(new String(read(path, file), StandardCharsets.US_ASCII));
        PrivateKey key = pem.find() ? parse(Base64.getMimeDecoder().decode(pem.group(1))) : null;
        if (key == null) {
            throw CommandFailure.usage(path + ": " + file + " holds no private key; it must be PKCS #8 in PEM (BEGIN"
                    + " PRIVATE KEY); convert it with: openssl pkcs8 -topk8 -nocrypt");
        }
        return key;
    }

    private static @Nullable PrivateKey parse(byte[] der) {
        for (String algorithm : KEY_ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (InvalidKeySpecException e) {
                // Another algorithm's key.
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every JDK has " + algorithm, e);
            }
        }
        return null;
    }

    private static byte[] read(String path, Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length <= MAX_BYTES) {
                return bytes;
            }
            throw CommandFailure.usage(path + ": " + file + " is larger than 1 MiB; check the path");
        } catch (IOException e) {
            throw CommandFailure.usage(path + ": " + file + " " + reason(file, e) + "; check the path and its rights");
        }
    }

    private static String reason(Path file, IOException e) {
        if (e instanceof NoSuchFileException) {
            return "does not exist";
        }
        return Files.isDirectory(file)
                ? "is a directory"
                : "cannot be read" + (e instanceof AccessDeniedException ? " by this user" : "");
    }
}
