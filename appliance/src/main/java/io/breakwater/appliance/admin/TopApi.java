package io.breakwater.appliance.admin;

import io.breakwater.appliance.json.JsonText;
import io.breakwater.appliance.top.TopTalkers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code /api/v1/top}: who sent and received most. */
final class TopApi {
    private static final int MAX_LIMIT = 100;

    private final TopTalkers top;
    private final Fresh fresh;

    TopApi(TopTalkers top, Fresh fresh) {
        this.top = top;
        this.fresh = fresh;
    }

    void get(Exchange exchange) {
        exchange.allowQuery("by", "limit", "seconds");
        TopTalkers.By by = exchange.word("by", TopTalkers.By.PACKETS);
        int limit = exchange.number("limit", 10, 1, MAX_LIMIT);
        int seconds = exchange.number("seconds", 10, 1, TopTalkers.SECONDS);
        String question = "top " + by + " " + limit + " " + seconds;
        exchange.send(200, Exchange.JSON, fresh.get(question, () -> JsonText.write(tell(by, seconds, limit)) + "\n"));
    }

    private Map<String, Object> tell(TopTalkers.By by, int seconds, int limit) {
        TopTalkers.Top answer = top.top(by, seconds, limit);
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("seconds", answer.seconds());
        map.put("by", StatusAnswer.label(by));
        map.put("frames", answer.frames());
        map.put("samples", answer.samples());
        answer.answers().forEach((question, talkers) -> map.put(StatusAnswer.label(question), talkers(talkers)));
        return map;
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
