package io.breakwater.appliance.cli;

import io.breakwater.appliance.json.JsonText;
import io.breakwater.engine.policy.Prefix;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code breakwater unblock}: end a temporary block. */
@Command(name = "unblock", mixinStandardHelpOptions = true, description = "End a temporary block.")
final class UnblockCommand implements Callable<Integer> {
    @Mixin
    private final BoxOptions box = new BoxOptions();

    @Parameters(
            paramLabel = "PREFIX",
            converter = BlockCommand.PrefixText.class,
            description = "Exactly the prefix that was blocked.")
    private @Nullable Prefix prefix;

    @Override
    public Integer call() {
        String text = String.valueOf(prefix);
        String query = URLEncoder.encode(text, StandardCharsets.UTF_8);
        box.connect().change("DELETE", "/api/v1/blocks?prefix=" + query, null);
        box.out().println(box.json() ? JsonText.write(Map.of("prefix", text)) : text + " is no longer blocked");
        box.out().flush();
        return 0;
    }
}
