package io.breakwater.appliance.cli;

import io.breakwater.appliance.json.JsonText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code breakwater status}: what the running box is at. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Show what the running box is at, what it did since its start, and whom it blocks for a while.")
final class StatusCommand implements Callable<Integer> {
    /** For people; {@code --json} has all, and there may be thousands. */
    private static final int BLOCKS_SHOWN = 20;

    @Mixin
    private final BoxOptions box = new BoxOptions();

    @Override
    public Integer call() {
        BoxClient client = box.connect();
        Map<String, @Nullable Object> status = new LinkedHashMap<>(client.get("/api/v1/status"));
        List<Map<String, @Nullable Object>> blocks =
                Plain.maps(client.get("/api/v1/blocks").get("blocks"));
        // Asked one after the other: a block that began or ended in between must not make the two disagree.
        status.put("blocks", blocks.size());
        status.put("block_list", blocks);
        box.out().print(box.json() ? JsonText.write(status) + "\n" : tell(status, blocks));
        box.out().flush();
        return 0;
    }

    private static String tell(Map<String, @Nullable Object> status, List<Map<String, @Nullable Object>> blocks) {
        StringBuilder text = new StringBuilder();
        Map<String, @Nullable Object> policy = Plain.map(status.get("policy"));
        line(
                text,
                "breakwater %s: %s, mode %s, for %s",
                status.get("version"),
                status.get("state"),
                status.get("mode"),
                Plain.seconds(Plain.number(status.get("uptime_s"))));
        line(text, "policy %s, loaded %s", policy.get("source"), policy.get("loaded"));
        for (Map<String, @Nullable Object> pair : Plain.maps(status.get("pairs"))) {
            pair(text, pair);
        }
        for (Map<String, @Nullable Object> attack : Plain.maps(status.get("attacks"))) {
            attack(text, attack);
        }
        line(text, "temporary blocks: %s", blocks.size());
        for (Map<String, @Nullable Object> block : blocks.subList(0, Math.min(BLOCKS_SHOWN, blocks.size()))) {
            block(text, block);
        }
        if (blocks.size() > BLOCKS_SHOWN) {
            line(text, "  and %s more; --json has them all", blocks.size() - BLOCKS_SHOWN);
        }
        return text.toString();
    }

    private static void block(StringBuilder text, Map<String, @Nullable Object> block) {
        String comment = String.valueOf(block.get("comment"));
        line(
                text,
                "  %s for %s%s",
                block.get("prefix"),
                Plain.seconds(Plain.number(block.get("seconds_left"))),
                comment.isEmpty() ? "" : ": " + comment);
    }

    private static void pair(StringBuilder text, Map<String, @Nullable Object> pair) {
        String failure = pair.containsKey("failure") ? "; does not forward: " + pair.get("failure") : "";
        line(
                text,
                "pair %s: %s outside, %s inside%s",
                pair.get("name"),
                port(Plain.map(pair.get("outside"))),
                port(Plain.map(pair.get("inside"))),
                failure);
        Plain.map(pair.get("lanes")).forEach((name, lane) -> lane(text, name, Plain.map(lane)));
    }

    private static String port(Map<String, @Nullable Object> port) {
        long lost = Plain.number(port.get("kernel_drops"));
        return port.get("name") + " (" + (Boolean.TRUE.equals(port.get("up")) ? "up" : "DOWN")
                + (lost == 0 ? "" : ", " + Plain.count(lost) + " lost before reading") + ")";
    }

    private static void lane(StringBuilder text, String name, Map<String, @Nullable Object> lane) {
        line(
                text,
                "  %-8s received %s, forwarded %s, dropped %s",
                name,
                amount(lane.get("received")),
                amount(lane.get("forwarded")),
                amount(lane.get("dropped")));
        Plain.map(lane.get("reasons"))
                .forEach((reason, count) -> line(text, "    dropped    %-28s %s", reason, amount(count)));
        Plain.map(lane.get("would_drop"))
                .forEach((reason, count) -> line(text, "    would drop %-28s %s", reason, amount(count)));
    }

    private static String amount(@Nullable Object amount) {
        Map<String, @Nullable Object> map = Plain.map(amount);
        return Plain.count(Plain.number(map.get("frames"))) + " (" + Plain.bytes(Plain.number(map.get("bytes"))) + ")";
    }

    private static void attack(StringBuilder text, Map<String, @Nullable Object> attack) {
        line(
                text,
                "attack by %s on %s, pair %s, since %s: %s packets/s, peak %s, %s packets, about %s sources",
                attack.get("vector"),
                attack.get("target"),
                attack.get("pair"),
                attack.get("started"),
                Plain.count(Plain.number(attack.get("packets_per_s"))),
                Plain.count(Plain.number(attack.get("peak_packets_per_s"))),
                Plain.count(Plain.number(attack.get("packets"))),
                attack.get("sources"));
    }

    private static void line(StringBuilder text, String format, @Nullable Object... values) {
        text.append(Plain.text(String.format(Locale.ROOT, format, values))).append('\n');
    }
}
