package io.breakwater.appliance.admin;

import java.util.LinkedHashMap;
import java.util.Map;

/** A request that is not done, told as RFC 9457 problem details. Nothing was changed. */
final class HttpProblem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    static final String TYPE = "application/problem+json";

    private final int status;
    private final String detail;
    private final transient Map<String, Object> more;

    /**
     * A problem.
     *
     * @param detail one line: what is wrong, and what to do
     * @param more members beside the standard ones
     */
    HttpProblem(int status, String detail, Map<String, Object> more) {
        super(detail, null, false, false);
        this.status = status;
        this.detail = detail;
        this.more = more;
    }

    HttpProblem(int status, String detail) {
        this(status, detail, Map.of());
    }

    int status() {
        return status;
    }

    /** The members of the problem, in the RFC's order. */
    Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("type", "about:blank");
        map.put("title", title(status));
        map.put("status", status);
        map.put("detail", detail);
        map.putAll(more);
        return map;
    }

    /** The reason phrases of RFC 9110, section 15, and RFC 6585. */
    private static String title(int status) {
        return switch (status) {
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 409 -> "Conflict";
            case 413 -> "Content Too Large";
            case 415 -> "Unsupported Media Type";
            case 421 -> "Misdirected Request";
            case 422 -> "Unprocessable Content";
            case 429 -> "Too Many Requests";
            case 503 -> "Service Unavailable";
            default -> status < 500 ? "Bad Request" : "Internal Server Error";
        };
    }
}
