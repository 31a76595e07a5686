package io.breakwater.capture.file;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says in plain words why a file cannot be used, and what to do about it. */
final class OpenProblem {
    private static final int MAGIC_BYTES = 6;

    private OpenProblem() {}

    /** What went wrong, without the file's name. */
    static String reason(Exception e) {
        return switch (e) {
            case NoSuchFileException _ -> "there is no such file";
            case AccessDeniedException _ -> "no permission; run as its owner, or change its mode with chmod";
            case FileSystemException f when f.getReason() != null -> f.getReason();
            default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        };
    }

    /** The input ends before it could say what it is. */
    static CaptureException empty(String name, ByteWindow window) {
        if (window.remaining() == 0) {
            return noCapture(name + ": empty, not even a capture's header; "
                    + (window.isFile() ? "capture again" : "look at what the sending program says"));
        }
        return noCapture("%s: no capture: %d bytes are less than any header; give a pcap or pcapng file"
                .formatted(name, window.remaining()));
    }

    /** The input begins like no capture that is read here. */
    static CaptureException noCapture(String name, ByteWindow window) throws IOException {
        StringBuilder begins = new StringBuilder();
        int shown = 0;
        while (shown < MAGIC_BYTES && window.require(shown + 1) == ByteWindow.READY) {
            begins.append(shown == 0 ? "" : " ").append("%02x".formatted(window.u8(shown)));
            shown++;
        }
        String hex = begins.toString();
        String program = decompressor(hex);
        if (program != null) {
            return noCapture(
                    window.isFile()
                            ? "%s: compressed (begins with %s); decompress it with: %s -dc %s | breakwater replay -i -"
                                    .formatted(name, hex, program, name)
                            : "%s: compressed (begins with %s); put this before it: %s -dc"
                                    .formatted(name, hex, program));
        }
        return noCapture(
                "%s: no pcap or pcapng capture (begins with %s); if Wireshark reads it, convert it with: editcap -F pcapng %s CONVERTED"
                        .formatted(name, hex, window.isFile() ? name : "FILE"));
    }

    private static CaptureException noCapture(String problem) {
        return new CaptureException(List.of(problem), CaptureException.Kind.NO_CAPTURE);
    }

    private static @Nullable String decompressor(String hex) {
        if (hex.startsWith("1f 8b")) {
            return "gzip";
        }
        if (hex.startsWith("28 b5 2f fd")) {
            return "zstd";
        }
        if (hex.startsWith("fd 37 7a 58 5a")) {
            return "xz";
        }
        if (hex.startsWith("42 5a 68")) {
            return "bzip2";
        }
        return hex.startsWith("04 22 4d 18") ? "lz4" : null;
    }
}
