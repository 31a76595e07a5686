package io.breakwater.appliance.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Reads policy files. Never throws for what a file holds: the answer is a configuration, or every mistake at once, each
 * with its line and column.
 */
public final class PolicyFile {
    /** Larger files are refused. It holds some 200,000 prefixes. */
    public static final int MAX_BYTES = 4 << 20;

    private static final String PATH = "file";

    private PolicyFile() {}

    /** Reads a file; one that cannot be read is a problem like any other. */
    public static PolicyResult load(Path file, LoadOptions options) {
        Problems problems = new Problems(file.toString());
        String text = read(file, problems);
        return text == null ? new PolicyResult.Refused(problems.errors()) : parse(file.toString(), text, options);
    }

    /**
     * Reads a policy.
     *
     * @param name stands for the file in problems
     */
    public static PolicyResult parse(String name, String text, LoadOptions options) {
        Problems problems = new Problems(name);
        String yaml = text.startsWith("\ufeff") ? text.substring(1) : text;
        if (yaml.length() > MAX_BYTES) {
            problems.error(Position.START, PATH, tooLarge());
            return new PolicyResult.Refused(problems.errors());
        }
        Node root = YamlText.compose(yaml, problems);
        Configuration configuration = problems.hasErrors() ? null : PolicyReader.read(root, yaml, problems, options);
        return configuration == null
                ? new PolicyResult.Refused(problems.errors())
                : new PolicyResult.Accepted(configuration);
    }

    private static @Nullable String read(Path file, Problems problems) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                problems.error(Position.START, PATH, tooLarge());
                return null;
            }
            return decode(bytes, problems);
        } catch (NoSuchFileException e) {
            problems.error(Position.START, PATH, "does not exist; check the path");
        } catch (IOException e) {
            problems.error(
                    Position.START, PATH, "cannot be read: " + reason(file, e) + "; check the path and its rights");
        }
        return null;
    }

    private static String reason(Path file, IOException e) {
        return Files.isDirectory(file) ? "it is a directory" : e.getClass().getSimpleName() + " " + e.getMessage();
    }

    private static @Nullable String decode(byte[] bytes, Problems problems) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        String text = out.flip().toString();
        if (result.isError()) {
            problems.error(
                    Position.at(text, text.length()),
                    PATH,
                    String.format(
                            "is not UTF-8: byte 0x%02x does not belong here; save the file as UTF-8",
                            bytes[in.position()]));
            return null;
        }
        return text;
    }

    private static String tooLarge() {
        return "is larger than " + (MAX_BYTES >> 20) + " MiB; join prefixes into larger ones";
    }
}
