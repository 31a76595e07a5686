package io.breakwater.appliance.admin;

import io.breakwater.appliance.config.PolicyFile;
import io.breakwater.appliance.config.PolicyResult;
import io.breakwater.appliance.config.Problem;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code /api/v1/policy}: the policy in force, and another one until the next reload or start. */
final class PolicyApi {
    private static final String LIVES = "in force until the next reload or start, which read the policy file again";

    private final PolicyDesk desk;
    private final Fresh fresh;

    PolicyApi(PolicyDesk desk, Fresh fresh) {
        this.desk = desk;
        this.fresh = fresh;
    }

    void get(Exchange exchange) {
        exchange.allowQuery();
        exchange.send(200, Exchange.YAML, desk.current().yaml().getBytes(StandardCharsets.UTF_8));
    }

    void validate(Exchange exchange) {
        exchange.allowQuery();
        answer(exchange, desk.validate(body(exchange)), "in order; nothing was changed");
    }

    void swap(Exchange exchange) {
        exchange.allowQuery();
        PolicyResult result = desk.swap(body(exchange));
        fresh.clear();
        answer(exchange, result, LIVES);
    }

    private static String body(Exchange exchange) {
        return exchange.body(Exchange.YAML, PolicyFile.MAX_BYTES);
    }

    private static void answer(Exchange exchange, PolicyResult result, String note) {
        switch (result) {
            case PolicyResult.Accepted accepted ->
                exchange.json(
                        200,
                        Map.of(
                                "note",
                                note,
                                "warnings",
                                problems(accepted.configuration().warnings())));
            case PolicyResult.Refused refused -> {
                List<Problem> problems = refused.problems();
                throw new HttpProblem(
                        422,
                        "the policy has " + problems.size() + " problem" + (problems.size() == 1 ? "" : "s")
                                + "; the first: " + problems.getFirst().render(),
                        Map.of("problems", problems(problems)));
            }
        }
    }

    private static List<Map<String, Object>> problems(List<Problem> problems) {
        return problems.stream().map(PolicyApi::tell).toList();
    }

    private static Map<String, Object> tell(Problem problem) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("severity", problem.severity().name().toLowerCase(Locale.ROOT));
        map.put("line", problem.line());
        map.put("column", problem.column());
        map.put("path", problem.path());
        map.put("text", problem.text());
        return map;
    }
}
