package io.breakwater.appliance.admin;

import io.breakwater.appliance.block.Block;
import io.breakwater.appliance.block.BlockList;
import io.breakwater.appliance.block.BlockRefused;
import io.breakwater.appliance.config.DurationText;
import io.breakwater.appliance.json.JsonText;
import io.breakwater.engine.policy.Prefix;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/blocks}: sources blocked for a while. */
final class BlocksApi {
    private static final int MAX_BODY_BYTES = 4_096;
    private static final Set<String> MEMBERS = Set.of("prefix", "for", "comment");

    private final BlockList blocks;
    private final Fresh fresh;

    BlocksApi(BlockList blocks, Fresh fresh) {
        this.blocks = blocks;
        this.fresh = fresh;
    }

    void list(Exchange exchange) {
        exchange.allowQuery();
        List<Map<String, Object>> list = blocks.list().stream().map(this::tell).toList();
        exchange.json(200, Map.of("blocks", list));
    }

    private Map<String, Object> tell(Block block) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("prefix", block.prefix().toString());
        map.put("since", block.since().toString());
        map.put("until", block.until().toString());
        map.put("seconds_left", blocks.secondsLeft(block));
        map.put("comment", block.comment());
        return map;
    }

    void block(Exchange exchange) {
        exchange.allowQuery();
        Map<String, @Nullable Object> body = read(exchange.body(Exchange.JSON, MAX_BODY_BYTES));
        try {
            Block block = blocks.block(
                    prefix(text(body, "prefix", null)), lasts(text(body, "for", "")), text(body, "comment", ""));
            fresh.clear();
            exchange.json(200, tell(block));
        } catch (BlockRefused e) {
            throw new HttpProblem(e.isFull() ? 409 : 422, e.reason());
        }
    }

    private static Map<String, @Nullable Object> read(String body) {
        try {
            Map<String, @Nullable Object> object = JsonText.read(body);
            for (String name : object.keySet()) {
                if (!MEMBERS.contains(name)) {
                    throw new HttpProblem(422, "a block has prefix, for and comment, and nothing else");
                }
            }
            return object;
        } catch (IllegalArgumentException e) {
            throw new HttpProblem(400, String.valueOf(e.getMessage()));
        }
    }

    private static String text(Map<String, @Nullable Object> body, String name, @Nullable String byDefault) {
        Object value = body.getOrDefault(name, byDefault);
        if (value instanceof String text) {
            return text;
        }
        throw new HttpProblem(422, "'" + name + "' must be a text" + (byDefault == null ? ", and must be there" : ""));
    }

    private static Prefix prefix(String text) {
        try {
            return Prefix.parse(text);
        } catch (IllegalArgumentException e) {
            throw new HttpProblem(422, String.valueOf(e.getMessage()));
        }
    }

    /** As in policies, and {@code 10m} for ten minutes too. */
    private static Duration lasts(String text) {
        if (text.isEmpty()) {
            return BlockList.DEFAULT;
        }
        try {
            return Duration.ofNanos(DurationText.parseNs(text.replaceFirst("(?<=[0-9])m$", "min")));
        } catch (IllegalArgumentException e) {
            throw new HttpProblem(422, String.valueOf(e.getMessage()));
        }
    }

    void unblock(Exchange exchange) {
        exchange.allowQuery("prefix");
        String text = exchange.request()
                .query()
                .first("prefix")
                .orElseThrow(() -> new HttpProblem(400, "say which: ?prefix=192.0.2.0/24"));
        Prefix prefix = prefix(text);
        if (!blocks.unblock(prefix)) {
            throw new HttpProblem(
                    404, prefix + " is not blocked; 'breakwater status' and GET /api/v1/blocks list what is");
        }
        fresh.clear();
        exchange.response().status(204).send();
    }
}
