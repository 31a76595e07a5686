package io.breakwater.appliance.cli;

import io.breakwater.appliance.json.JsonText;
import io.breakwater.engine.policy.Prefix;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code breakwater block}: drop what a source sends, for a while. */
@Command(
        name = "block",
        mixinStandardHelpOptions = true,
        description = "Drop what a source sends, for a while. Trusted sources win. A block outlives a reload, not the"
                + " process.")
final class BlockCommand implements Callable<Integer> {
    @Mixin
    private final BoxOptions box = new BoxOptions();

    @Parameters(
            paramLabel = "PREFIX",
            converter = PrefixText.class,
            description = "An address or prefix, such as 198.51.100.7 or 2001:db8::/48.")
    private @Nullable Prefix prefix;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            defaultValue = "10m",
            description = "How long: 90s, 10m, 2h, up to 7day (default ${DEFAULT-VALUE}).")
    private String lasts = "10m";

    @Option(names = "--comment", paramLabel = "TEXT", defaultValue = "", description = "Why; shown with the block.")
    private String comment = "";

    /** Reads prefixes before anybody is asked. */
    static final class PrefixText implements ITypeConverter<Prefix> {
        @Override
        public Prefix convert(String value) {
            try {
                return Prefix.parse(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }

    @Override
    public Integer call() {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("prefix", String.valueOf(prefix));
        body.put("for", lasts);
        body.put("comment", comment);
        Map<String, @Nullable Object> block = box.connect().change("POST", "/api/v1/blocks", body);
        box.out()
                .println(
                        box.json()
                                ? JsonText.write(block)
                                : Plain.text(block.get("prefix")) + " is blocked until "
                                        + Plain.text(block.get("until")));
        box.out().flush();
        return 0;
    }
}
