package io.breakwater.appliance.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The reference page and the catalogue of keys that it is made from. */
class PolicyReferenceTest {
    private static final Path PAGE = Path.of("../docs/policy.md");
    private static final Pattern EXAMPLE = Pattern.compile("```yaml\n(.*?)\n```", Pattern.DOTALL);

    static List<Key> keys() {
        return KeyCatalogue.keys();
    }

    @Test
    void shouldMatchTheCommittedPage() throws IOException {
        if (Boolean.getBoolean("breakwater.update")) {
            Files.createDirectories(PAGE.getParent());
            Files.writeString(PAGE, PolicyReference.page());
        }
        assertThat(Files.readString(PAGE))
                .as("docs/policy.md is not what the keys say; its first lines tell how to generate it again")
                .isEqualTo(PolicyReference.page());
    }

    @Test
    void shouldShowOnlyExamplesThatAreInOrder() {
        List<String> examples = EXAMPLE.matcher(PolicyReference.page())
                .results()
                .map(result -> result.group(1))
                .toList();

        assertThat(examples).hasSameSizeAs(KeyCatalogue.keys());
        assertThat(examples)
                .allSatisfy(example -> assertThat(Policies.problems(example)).isEmpty());
    }

    @ParameterizedTest
    @MethodSource("keys")
    void shouldUseEachKeyInItsExampleAndRunItInThisVersion(Key key) {
        assertThat(key.text()).endsWith(".");
        if (!key.name().startsWith("<")) {
            assertThat(key.example()).contains(key.name().replace("[]", "") + ":");
        }
        assertThat(Policies.problems(PolicyFile.parse("p.yaml", key.example(), new LoadOptions(false, true))))
                .isEmpty();
    }

    @Test
    void shouldHaveEachKeyOnceAndEachParentAsAKey() {
        List<String> patterns = keys().stream().map(Key::pattern).toList();

        assertThat(patterns).doesNotHaveDuplicates();
        assertThat(keys())
                .allSatisfy(key -> assertThat(key.parent().isEmpty()
                                || patterns.contains(key.parent())
                                || patterns.contains(key.parent().replaceFirst("\\[]$", "")))
                        .as(key.pattern())
                        .isTrue());
    }

    @Test
    void shouldListEveryBuiltInVectorOnce() {
        List<String> rows = Pattern.compile("^\\| `([a-z0-9-]+)` \\| [0-9]+ \\|", Pattern.MULTILINE)
                .matcher(PolicyReference.page())
                .results()
                .map((MatchResult row) -> row.group(1))
                .toList();

        assertThat(rows)
                .isEqualTo(BuiltInPolicy.policy().vectors().stream()
                        .map(vector -> vector.name())
                        .toList());
    }
}
