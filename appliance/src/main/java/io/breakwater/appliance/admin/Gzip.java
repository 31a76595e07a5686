package io.breakwater.appliance.admin;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Compresses fast rather than well: a page of metrics to a twelfth. */
final class Gzip {
    private Gzip() {}

    static byte[] compress(byte[] body) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream(body.length / 8 + 64);
        try (GZIPOutputStream out = new Fast(compressed)) {
            out.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException("memory is always written to", e);
        }
        return compressed.toByteArray();
    }

    private static final class Fast extends GZIPOutputStream {
        Fast(ByteArrayOutputStream out) throws IOException {
            super(out, 1 << 14);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
