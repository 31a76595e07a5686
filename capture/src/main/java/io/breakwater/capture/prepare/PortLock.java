package io.breakwater.capture.prepare;

import io.breakwater.capture.nativeaccess.NamespaceClaim;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Held while a port is in use; the kernel lets go of it when the process ends, however it ends. It is a name in the port's
 * network namespace, so that runs with state directories of their own, such as one in a container, see each other; and a
 * lock on a file, which a script can look for (deploy/package/fail-open). The file stays: deleting it would let two
 * processes lock two files of one name.
 */
final class PortLock implements AutoCloseable {
    /**
     * Files locked by this process. Asked before a file is opened, because closing any descriptor of a file gives up
     * all locks that the process has on it (fcntl(2)).
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;
    private final NamespaceClaim claim;

    private PortLock(Path file, FileChannel channel, NamespaceClaim claim) {
        this.file = file;
        this.channel = channel;
        this.claim = claim;
    }

    /** The lock, or nothing if another Breakwater (or this one) holds it. */
    static Optional<PortLock> tryLock(StateDirectory directory, String port) throws IOException {
        Optional<NamespaceClaim> claim = NamespaceClaim.tryTake("breakwater/port/" + port);
        if (claim.isEmpty()) {
            return Optional.empty();
        }
        Optional<PortLock> lock = Optional.empty();
        try {
            lock = tryLock(directory.lockFile(port), claim.get());
        } finally {
            if (lock.isEmpty()) {
                claim.get().close();
            }
        }
        return lock;
    }

    private static Optional<PortLock> tryLock(Path file, NamespaceClaim claim) throws IOException {
        Path key = file.toAbsolutePath().normalize();
        if (!HELD.add(key)) {
            return Optional.empty();
        }
        FileChannel channel = null;
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() != null) {
                return Optional.of(new PortLock(key, channel, claim));
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
            claim.close();
        }
    }
}
