package io.breakwater.capture.bpf;

/** Functions of the kernel that a program may call (enum bpf_func_id, linux/bpf.h). */
public enum Helper {
    /** R1 map, R2 address of the key: address of the value in R0, or 0. */
    MAP_LOOKUP(1),
    /** R1 map, R2 address of the key, R3 of the value, R4 flags. */
    MAP_UPDATE(2),
    /** CLOCK_MONOTONIC in R0, nanoseconds. */
    CLOCK(5),
    /** A random 32-bit number in R0. */
    RANDOM(7),
    /** R1 sk_buff, R2 offset, R3 address to copy from, R4 bytes, R5 flags. */
    FRAME_STORE(9),
    /** R1 interface, R2 flags: the verdict that sends the frame out by it, in R0. */
    REDIRECT(23),
    /** R1 sk_buff, R2 offset, R3 address to copy to, R4 bytes: 0 in R0 if they are there. */
    FRAME_LOAD(26),
    /** R1 map, R2 index, R3 the verdict if nothing is there: the verdict in R0. */
    REDIRECT_MAP(51);

    private final int number;

    Helper(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
