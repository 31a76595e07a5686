package io.breakwater.appliance.cli;

import io.breakwater.appliance.json.JsonText;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code breakwater top}: who sends and receives most, live on a terminal, once elsewhere. */
@Command(
        name = "top",
        mixinStandardHelpOptions = true,
        description =
                "Show who sent and received most of the inbound frames in the last seconds: every second anew on a"
                        + " terminal, once otherwise.")
final class TopCommand implements Callable<Integer> {
    private static final List<String> QUESTIONS = List.of("vectors", "victims", "reflectors", "sources");
    private static final long REFRESH_MS = 1_000;
    private static final String CLEAR = "\u001b[H\u001b[2J";

    @Mixin
    private final BoxOptions box = new BoxOptions();

    @Option(names = "--by", defaultValue = "packets", description = "packets or bytes (default ${DEFAULT-VALUE}).")
    private String by = "packets";

    @Option(
            names = "--seconds",
            defaultValue = "10",
            description = "Seconds looked back, 1 to 60 (default ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--limit",
            defaultValue = "10",
            description = "Lines of each kind, 1 to 100 (default ${DEFAULT-VALUE}).")
    private int limit;

    @Option(names = "--once", description = "Show it once and end, on a terminal too.")
    private boolean once;

    @Override
    public Integer call() throws InterruptedException {
        check(List.of("packets", "bytes").contains(by), "--by must be packets or bytes");
        check(seconds >= 1 && seconds <= 60, "--seconds must be from 1 to 60");
        check(limit >= 1 && limit <= 100, "--limit must be from 1 to 100");
        BoxClient client = box.connect();
        String path = "/api/v1/top?by=" + by + "&seconds=" + seconds + "&limit=" + limit;
        boolean live = !once && !box.json() && Terminal.isThere();
        do {
            Map<String, @Nullable Object> top = client.get(path);
            int width = live ? Terminal.columns() : Integer.MAX_VALUE;
            box.out().print(box.json() ? JsonText.write(top) + "\n" : (live ? CLEAR : "") + tell(top, width));
            box.out().flush();
            if (live) {
                Thread.sleep(REFRESH_MS);
            }
        } while (live);
        return 0;
    }

    private void check(boolean good, String otherwise) {
        if (!good) {
            throw new ParameterException(box.command().commandLine(), otherwise);
        }
    }

    private static String tell(Map<String, @Nullable Object> top, int width) {
        StringBuilder text = new StringBuilder();
        double seconds = top.get("seconds") instanceof Number number ? Math.max(1, number.doubleValue()) : 1;
        long frames = Plain.number(top.get("frames"));
        line(
                text,
                width,
                String.format(
                        Locale.ROOT,
                        "inbound, last %.0f s by %s: %,.0f packets/s (%s of %s frames looked at)",
                        seconds,
                        top.get("by"),
                        frames / seconds,
                        Plain.count(Plain.number(top.get("samples"))),
                        Plain.count(frames)));
        if (Plain.number(top.get("shielded")) > 0) {
            line(text, width, "without what the shield drops before Java reads it, which 'breakwater status' counts");
        }
        for (String question : QUESTIONS) {
            line(
                    text,
                    width,
                    String.format(Locale.ROOT, "%n%-40s %12s %12s %8s", question, "packets/s", "Mbit/s", "±"));
            for (Map<String, @Nullable Object> talker : Plain.maps(top.get(question))) {
                line(text, width, talker(talker, seconds, "bytes".equals(top.get("by"))));
            }
        }
        return text.toString();
    }

    private static String talker(Map<String, @Nullable Object> talker, double seconds, boolean byBytes) {
        long packets = Plain.number(talker.get("packets"));
        long bytes = Plain.number(talker.get("bytes"));
        long of = Math.max(1, byBytes ? bytes : packets);
        return String.format(
                Locale.ROOT,
                "  %-38s %,12.1f %,12.2f %7.1f%%",
                Plain.text(talker.get("name")),
                packets / seconds,
                bytes * 8 / seconds / 1e6,
                100.0 * Plain.number(talker.get("error")) / of);
    }

    private static void line(StringBuilder text, int width, String line) {
        text.append(line.length() <= width ? line : line.substring(0, width)).append('\n');
    }
}
