package io.breakwater.appliance.cli;

import io.breakwater.appliance.json.JsonText;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code breakwater events}: what happened, and what happens. */
@Command(
        name = "events",
        mixinStandardHelpOptions = true,
        description = "List what happened: attacks, holds, reloads, ports, blocks, overload, errors.")
final class EventsCommand implements Callable<Integer> {
    @Mixin
    private final BoxOptions box = new BoxOptions();

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with events as they happen.")
    private boolean follow;

    @Option(
            names = "--limit",
            defaultValue = "20",
            description = "The newest so many, 1 to 1000 (default ${DEFAULT-VALUE}).")
    private int limit;

    @Override
    public Integer call() {
        if (limit < 1 || limit > 1_000) {
            throw new ParameterException(box.command().commandLine(), "--limit must be from 1 to 1000");
        }
        BoxClient client = box.connect();
        Map<String, @Nullable Object> answer = client.get("/api/v1/events?limit=" + limit);
        for (Map<String, @Nullable Object> event : Plain.maps(answer.get("events"))) {
            tell(event);
        }
        if (follow) {
            client.follow(
                    "/api/v1/events/stream?after=" + Plain.number(answer.get("last_id")),
                    event -> tell(JsonText.read(event)));
        }
        return 0;
    }

    private void tell(Map<String, @Nullable Object> event) {
        box.out()
                .println(
                        box.json()
                                ? JsonText.write(event)
                                : String.format(
                                        Locale.ROOT,
                                        "%s %-8s %-15s %s",
                                        Plain.text(event.get("time")),
                                        Plain.text(event.get("severity")),
                                        Plain.text(event.get("event")),
                                        Plain.text(event.get("message"))));
        box.out().flush();
    }
}
