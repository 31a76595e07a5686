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
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 406 -> "Not Acceptable";
            case 408 -> "Request Timeout";
            case 409 -> "Conflict";
            case 411 -> "Length Required";
            case 413 -> "Content Too Large";
            case 414 -> "URI Too Long";
            case 415 -> "Unsupported Media Type";
            case 417 -> "Expectation Failed";
            case 421 -> "Misdirected Request";
            case 422 -> "Unprocessable Content";
            case 429 -> "Too Many Requests";
            case 431 -> "Request Header Fields Too Large";
            case 501 -> "Not Implemented";
            case 503 -> "Service Unavailable";
            case 505 -> "HTTP Version Not Supported";
            // The one of a whole class stands for those of it that are not known (RFC 9110, section 15).
            default -> status < 500 ? "Bad Request" : "Internal Server Error";
        };
    }
}
