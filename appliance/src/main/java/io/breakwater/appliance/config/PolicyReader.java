package io.breakwater.appliance.config;

import io.breakwater.engine.policy.AntiSpoof;
import io.breakwater.engine.policy.Fragments;
import io.breakwater.engine.policy.Policy;
import io.breakwater.engine.policy.RuleMode;
import io.breakwater.engine.policy.ServiceRule;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Turns the root of a policy file into a configuration: every section is read, whatever is wrong in the others. */
final class PolicyReader {
    private PolicyReader() {}

    /** Null if there are errors. */
    static @Nullable Configuration read(@Nullable Node root, String yaml, Problems problems, LoadOptions options) {
        Section section = null;
        if (root != null && !root.getTag().equals(Tag.NULL)) {
            section = Field.root(root, problems).section();
            if (section == null) {
                return null;
            }
        } else if (!options.emptyAllowed()) {
            problems.error(
                    Position.START,
                    "policy",
                    "is empty; for the built-in policy, say so: mode: enforce, or mode: monitor");
            return null;
        }
        Sections sections = new Sections(section);
        List<PairConfig> pairs = PairsSection.read(sections.get("pairs"), problems, options);
        AdminConfig admin = AdminSection.read(sections.get("admin"));
        EventsConfig events = EventsSection.read(sections.get("events"));
        EvidenceConfig evidence = EvidenceSection.read(sections.get("evidence"));
        Policy policy = policy(sections, problems);
        return problems.hasErrors()
                ? null
                : new Configuration(policy, pairs, admin, events, evidence, yaml, problems.warnings());
    }

    private static Policy policy(Sections sections, Problems problems) {
        Prefixes inside = ProtectedSection.read(sections.get("protected"));
        RuleMode mode = Modes.read(sections.get("mode"));
        SourcesSection sources = SourcesSection.read(sections.get("sources"));
        ReflectionSection reflection = ReflectionSection.read(sections.get("reflection"));
        List<ServiceRule> services = ServicesSection.read(sections.get("services"));
        AntiSpoof antiSpoof = AntiSpoofSection.read(sections.get("antispoof"), !inside.isEmpty());
        Fragments fragments = FragmentsSection.read(sections.get("fragments"));
        LimitsSection limits = LimitsSection.read(sections.get("limits"), reflection);
        Policy policy = new Policy(
                inside.list(),
                mode,
                sources.trusted().list(),
                sources.blocked().list(),
                reflection.vectors(),
                services,
                antiSpoof,
                fragments,
                limits.rules(),
                AttackSection.read(sections.get("attack"), reflection.vectors(), !inside.isEmpty()));
        if (!problems.hasErrors()) {
            sources.warnOf(inside);
            reflection.warnOf(policy, problems);
            limits.warnOf(policy, sources);
        }
        return policy;
    }

    /** Top-level values by name; none in an empty file. */
    private record Sections(@Nullable Section section) {
        @Nullable
        Field get(String key) {
            return section == null ? null : section.get(key);
        }
    }
}
