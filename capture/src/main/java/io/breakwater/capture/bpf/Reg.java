package io.breakwater.capture.bpf;

/**
 * The registers of the eBPF machine (RFC 9669, section 2.1): R0 carries results, R1 to R5 arguments and are lost in a
 * call, R6 to R9 survive it, R10 is the frame pointer of a stack of 512 bytes below it.
 */
public enum Reg {
    R0(0),
    R1(1),
    R2(2),
    R3(3),
    R4(4),
    R5(5),
    R6(6),
    R7(7),
    R8(8),
    R9(9),
    R10(10);

    private final int number;

    Reg(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
