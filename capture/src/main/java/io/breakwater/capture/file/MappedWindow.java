package io.breakwater.capture.file;

import io.breakwater.engine.HotPath;
import java.lang.foreign.MemorySegment;

/** A whole input that is already in memory: a mapped file. Never waits, copies nothing. */
final class MappedWindow extends ByteWindow {
    private final MemorySegment memory;
    private final long size;

    MappedWindow(MemorySegment memory) {
        this.memory = memory;
        this.size = memory.byteSize();
    }

    @Override
    @HotPath
    MemorySegment memory() {
        return memory;
    }

    @Override
    @HotPath
    int require(int bytes) {
        return size - at >= bytes ? READY : END;
    }

    @Override
    boolean isFile() {
        return true;
    }

    @Override
    long remaining() {
        return size - at;
    }

    @Override
    long position() {
        return at;
    }

    @Override
    @HotPath
    void discard(long bytes) {
        at += Math.min(bytes, size - at);
    }
}
