package io.breakwater.bench.live;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "live")
public final class LiveCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        return 0;
    }
}
