package io.breakwater.appliance.admin;

import io.breakwater.appliance.metrics.PairView;
import io.breakwater.appliance.top.TopTalkers;
import io.breakwater.engine.frame.Lane;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code /api/v1/top}: who sent and received most. */
final class TopApi {
    private static final int MAX_LIMIT = 100;

    private final Box box;
    private final Fresh fresh;

    TopApi(Box box, Fresh fresh) {
        this.box = box;
        this.fresh = fresh;
    }

    void get(Exchange exchange) {
        exchange.allowQuery("by", "limit", "seconds");
        TopTalkers.By by = exchange.word("by", TopTalkers.By.PACKETS);
        int limit = exchange.number("limit", 10, 1, MAX_LIMIT);
        int seconds = exchange.number("seconds", 10, 1, TopTalkers.SECONDS);
        String question = "top " + by + " " + limit + " " + seconds;
        exchange.send(Exchange.JSON, fresh.get(question, () -> Exchange.bytes(tell(by, seconds, limit))));
    }

    private Map<String, Object> tell(TopTalkers.By by, int seconds, int limit) {
        TopTalkers.Top answer = box.top().top(by, seconds, limit);
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("seconds", answer.seconds());
        map.put("by", StatusAnswer.label(by));
        map.put("frames", answer.frames());
        map.put("samples", answer.samples());
        map.put("shielded", shielded());
        answer.answers().forEach((question, talkers) -> map.put(StatusAnswer.label(question), talkers(talkers)));
        return map;
    }

    /** Frames that the shields dropped since the box started; of those hardly any reach Java, and top does not scale them. */
    private long shielded() {
        long frames = 0;
        for (PairView pair : box.pairs()) {
            for (Lane lane : Lane.values()) {
                frames += pair.shield(lane).frames();
            }
        }
        return frames;
    }

    private static List<Map<String, Object>> talkers(List<TopTalkers.Talker> talkers) {
        return talkers.stream().map(TopApi::tell).toList();
    }

    private static Map<String, Object> tell(TopTalkers.Talker talker) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", talker.name());
        map.put("packets", talker.packets());
        map.put("bytes", talker.bytes());
        map.put("error", talker.error());
        return map;
    }
}
