package io.breakwater.appliance.cli;

import io.breakwater.appliance.json.JsonText;
import java.util.List;
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
        boolean terminal = !box.json() && Terminal.isThere();
        boolean live = terminal && !once;
        do {
            Map<String, @Nullable Object> top = client.get(path);
            box.out().print(box.json() ? JsonText.write(top) + "\n" : (live ? CLEAR : "") + tell(top, terminal));
            box.out().flush();
            if (live) {
                Thread.sleep(REFRESH_MS);
            }
        } while (live);
        return 0;
    }

    private String tell(Map<String, @Nullable Object> top, boolean terminal) {
        if (!terminal) {
            return TopScreen.tell(top, TopScreen.ANY, TopScreen.ANY);
        }
        Terminal.Size size = Terminal.size();
        // The cursor stands on the last line. What is shown once may scroll.
        return TopScreen.tell(top, size.columns(), once ? TopScreen.ANY : size.rows() - 1);
    }

    private void check(boolean good, String otherwise) {
        if (!good) {
            throw new ParameterException(box.command().commandLine(), otherwise);
        }
    }
}
