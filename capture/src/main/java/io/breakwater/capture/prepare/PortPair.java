package io.breakwater.capture.prepare;

/**
 * Two interfaces that the filter joins.
 *
 * @param outside towards the internet
 * @param inside towards what is protected
 */
public record PortPair(String outside, String inside) {}
