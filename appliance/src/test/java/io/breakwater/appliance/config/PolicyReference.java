package io.breakwater.appliance.config;

import io.breakwater.engine.policy.Vector;
import io.breakwater.engine.policy.VectorTable;
import java.util.Locale;

/** Writes the reference page of the policy file from the catalogue of keys and the table of vectors. */
final class PolicyReference {
    private static final String HEAD = """
            # The policy file

            <!-- Generated from the key catalogue of io.breakwater.appliance.config. Do not edit: change the keys' descriptions,
                 then run `mvn test -pl appliance -am -Dtest=PolicyReferenceTest -Dsurefire.failIfNoSpecifiedTests=false
                 -Dbreakwater.update=true`. -->

            A policy is one YAML 1.2 document, UTF-8, at most 4 MiB. `breakwater check -c FILE` reports every problem at once, each
            as `file:line:col: path: problem`, and exits with 2 if there is any. What is absent keeps its built-in value; an empty
            file is the built-in policy. Keys given twice are errors. Anchors and aliases work; tags and merge keys do not.

            **Order.** The first settled verdict wins: malformed → trusted and blocked sources → anti-spoofing → service guard →
            reflection (drop, then solicited) → fragments → limits, in order → forward.

            **Values**

            | what | how it is written |
            |---|---|
            | rate | `2000 packets/s`, `/min`, `/h`, `/day`, up to 100 M packets/s; `20 Mbit/s`, `bit/s`, `kbit/s`, `Gbit/s`, up to 1000 Gbit/s; k = 1,000. Exact: what is no whole number of packets or bits is refused |
            | rate per destination | the same, followed by `per destination` (may be left out) |
            | burst | `4000 packets`, `1 Mbit`, `64000 bytes` |
            | duration | `500ms`, `10s`, `5min`, `1h`, `1day` |
            | prefix | `192.0.2.0/24`, `"2001:db8::/32"`, or one address. IPv6 in quotes. A list of one may be written without brackets |
            | number | `262144` or `1_000_000` |
            | `off` | `off` or `false` |

            """;

    private static final String VECTORS = """
            ## Built-in vectors

            `limit` lets 1,000 packets/s reach one destination. `both` matches by source port and content, `port` by source port
            alone; `signature` says whether content can be matched at all.

            | vector | UDP source port | match | signature | action |
            |---|---|---|---|---|
            """;

    private PolicyReference() {}

    static String page() {
        StringBuilder page = new StringBuilder(HEAD);
        page.append("## Keys\n\n");
        for (Key key : KeyCatalogue.keys()) {
            if (key.parent().isEmpty()) {
                page.append("- [`")
                        .append(key.name())
                        .append("`](#")
                        .append(key.name())
                        .append(")\n");
            }
        }
        for (Key key : KeyCatalogue.keys()) {
            appendKey(page, key);
        }
        page.append('\n').append(VECTORS);
        for (Vector vector : VectorTable.builtIn()) {
            appendVector(page, vector);
        }
        return page.toString();
    }

    private static void appendKey(StringBuilder page, Key key) {
        page.append(key.parent().isEmpty() ? "\n### `" : "\n#### `")
                .append(key.pattern())
                .append("`\n\n")
                .append(key.text())
                .append("\n\nTakes: ")
                .append(key.type())
                .append(". Default: ")
                .append(key.byDefault())
                .append(".\n\n```yaml\n")
                .append(key.example())
                .append("\n```\n");
    }

    private static void appendVector(StringBuilder page, Vector vector) {
        page.append("| `")
                .append(vector.name())
                .append("` | ")
                .append(vector.port())
                .append(" | ")
                .append(word(vector.match()))
                .append(" | ")
                .append(vector.signature() == null ? "no" : "yes")
                .append(" | ")
                .append(word(vector.action()))
                .append(" |\n");
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
