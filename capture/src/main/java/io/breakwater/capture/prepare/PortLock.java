package io.breakwater.capture.prepare;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Held while a port is in use; the kernel lets go of it when the process ends, however it ends. The file stays: deleting
 * it would let two processes lock two files of one name.
 */
final class PortLock implements AutoCloseable {
    /**
     * Files locked by this process. Asked before a file is opened, because closing any descriptor of a file gives up
     * all locks that the process has on it (fcntl(2)).
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;

    private PortLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** The lock, or nothing if another Breakwater (or this one) holds it. */
    static Optional<PortLock> tryLock(Path file) throws IOException {
        Path key = file.toAbsolutePath().normalize();
        if (!HELD.add(key)) {
            return Optional.empty();
        }
        FileChannel channel = null;
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() != null) {
                return Optional.of(new PortLock(key, channel));
            }
        } catch (IOException e) {
            HELD.remove(key);
            throw e;
        }
        channel.close();
        HELD.remove(key);
        return Optional.empty();
    }

    /** Idempotent. */
    @Override
    public void close() throws IOException {
        if (channel.isOpen()) {
            channel.close();
            HELD.remove(file);
        }
    }
}
