package io.breakwater.appliance.admin;

import io.breakwater.appliance.config.PolicyResult;
import java.time.Instant;

/** The policy in force, and how to change it. Thread: any. */
public interface PolicyDesk {
    /**
     * A policy and where it came from.
     *
     * @param yaml its text
     * @param source a file's name, or {@code api}
     * @param loaded by the wall clock
     */
    record InForce(String yaml, String source, Instant loaded) {}

    /** The policy in force. */
    InForce current();

    /** What is wrong with a text, without using it. */
    PolicyResult validate(String yaml);

    /** Puts a policy in force until the next reload or start; one with problems changes nothing. */
    PolicyResult swap(String yaml);
}
