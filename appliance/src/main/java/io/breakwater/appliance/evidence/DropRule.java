package io.breakwater.appliance.evidence;

/** Which key of the policy a reason comes from. */
final class DropRule {
    private DropRule() {}

    static String of(String reason) {
        int colon = reason.indexOf(':');
        String kind = colon < 0 ? reason : reason.substring(0, colon);
        String name = reason.substring(colon + 1);
        return switch (kind) {
            case "reflection", "unsolicited" -> "reflection." + name;
            case "service" -> "services." + name;
            case "limit" -> "limits, or a vector's own limit: " + name;
            case "blocked-source" -> "sources.blocked, or a temporary block";
            case "antispoof" -> "antispoof";
            case "fragment" -> "fragments.unknown";
            case "malformed" -> "none: it breaks its protocol's rules";
            default -> "none";
        };
    }
}
