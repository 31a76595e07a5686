package io.breakwater.capture.shield;

import io.breakwater.capture.bpf.Assembler;
import io.breakwater.capture.bpf.Condition;
import io.breakwater.capture.bpf.Reg;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Jumps to a label by a port number: a search in halves, six comparisons for 36 ports. */
final class PortSwitch {
    private static final int AT_ONCE = 3;

    private final TreeMap<Integer, String> labels;

    PortSwitch(Map<Integer, String> labels) {
        this.labels = new TreeMap<>(labels);
    }

    /** Writes the search; {@code port} holds the number and is kept. */
    void write(Assembler code, Reg port, String otherwise) {
        write(code, port, List.copyOf(labels.keySet()), otherwise);
    }

    private void write(Assembler code, Reg port, List<Integer> ports, String otherwise) {
        if (ports.size() <= AT_ONCE) {
            ports.forEach(each -> code.jumpIf(Condition.EQUAL, port, each, Objects.requireNonNull(labels.get(each))));
            code.jump(otherwise);
            return;
        }
        int middle = ports.size() / 2;
        String upper = code.newLabel("ports");
        code.jumpIf(Condition.AT_LEAST, port, ports.get(middle), upper);
        write(code, port, ports.subList(0, middle), otherwise);
        code.label(upper);
        write(code, port, ports.subList(middle, ports.size()), otherwise);
    }
}
