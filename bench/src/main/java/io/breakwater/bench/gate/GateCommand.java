package io.breakwater.bench.gate;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "gate")
public final class GateCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        return 0;
    }
}
