package io.breakwater.appliance.config;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code evidence}: copies of dropped frames. */
final class EvidenceSection {
    private static final int FILES = 8;
    private static final long FILE_BYTES = 16_000_000;
    private static final int PER_REASON = 10;
    private static final String PER_SECOND = "/s";

    static final List<Key> KEYS = List.of(
            new Key(
                    "evidence",
                    "mapping",
                    "none is kept",
                    "Copies of frames that Java dropped, cut at 512 bytes, in pcapng files with the pair, lane and reason in"
                            + " each packet's comment. Frames that monitor mode forwards are none. Of what the shield drops,"
                            + " the first to each victim every tenth of a second and one in 256 reach Java, together at most 200"
                            + " a second. Changes wait for the next start.",
                    "evidence: {directory: /var/lib/breakwater/evidence, files: 8, file-size: 16 MB, per-reason: 10/s}"),
            new Key(
                    "evidence.directory",
                    "whole path",
                    "required",
                    "Where the files are; it must exist. They are named `evidence-N.pcapng`.",
                    "evidence: {directory: /var/lib/breakwater/evidence}"),
            new Key(
                    "evidence.files",
                    "number from 1 to 1000",
                    "`" + FILES + "`",
                    "How many files are kept; then the oldest is deleted.",
                    "evidence: {directory: /var/lib/breakwater/evidence, files: 20}"),
            new Key(
                    "evidence.file-size",
                    "size from 10 kB to 10 GB",
                    "`16 MB`",
                    "When a file is closed and another begun.",
                    "evidence: {directory: /var/lib/breakwater/evidence, file-size: 100 MB}"),
            new Key(
                    "evidence.per-reason",
                    "number from 1 to 1000, with `/s`",
                    "`" + PER_REASON + "/s`",
                    "Copies of each reason, per second and lane: the first of every second.",
                    "evidence: {directory: /var/lib/breakwater/evidence, per-reason: 2/s}"));

    private EvidenceSection() {}

    static @Nullable EvidenceConfig read(@Nullable Field field) {
        Section section = field == null ? null : field.section();
        if (section == null) {
            return null;
        }
        Field directory = section.require("directory");
        Field files = section.get("files");
        Field size = section.get("file-size");
        Field perReason = section.get("per-reason");
        Path path = directory == null ? null : directory.read("a whole path", PathText::parse);
        Long count = files == null ? null : files.integer(1, 1_000);
        Long bytes = size == null
                ? null
                : size.read("a size such as 16 MB", text -> SizeText.parseBytes(text, "10 kB", "10 GB"));
        Long budget = perReason == null
                ? null
                : perReason.read("a number a second, such as 10/s", EvidenceSection::perSecond);
        return path == null
                ? null
                : new EvidenceConfig(
                        path,
                        count == null ? FILES : count.intValue(),
                        bytes == null ? FILE_BYTES : bytes,
                        budget == null ? PER_REASON : budget.intValue());
    }

    private static Long perSecond(String text) {
        if (!text.endsWith(PER_SECOND)) {
            throw new IllegalArgumentException("'" + text + "' is not a number a second, such as 10/s");
        }
        return Numbers.integer(
                text.substring(0, text.length() - PER_SECOND.length()).strip(), 1, 1_000);
    }
}
