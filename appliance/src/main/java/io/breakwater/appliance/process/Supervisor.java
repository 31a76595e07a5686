package io.breakwater.appliance.process;

import io.breakwater.capture.nativeaccess.UnixDatagram;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells systemd how this process is (sd_notify(3)); does nothing where nobody listens.
 *
 * <p><b>Thread:</b> control and heartbeat.
 */
public final class Supervisor implements AutoCloseable {
    private final @Nullable UnixDatagram socket;

    private Supervisor(@Nullable UnixDatagram socket) {
        this.socket = socket;
    }

    /** The one that started this process, if it listens; a name that leads nowhere is no reason not to filter. */
    public static Supervisor ofThisProcess() {
        return of(System.getenv());
    }

    static Supervisor of(Map<String, String> environment) {
        String path = environment.getOrDefault("NOTIFY_SOCKET", "");
        try {
            return new Supervisor(path.isEmpty() ? null : new UnixDatagram(path));
        } catch (IOException e) {
            return new Supervisor(null);
        }
    }

    /** Every pair forwards. */
    public void ready() {
        send("READY=1\nSTATUS=forwarding");
    }

    /** Each lane makes progress; a watchdog that does not hear it for its time kills the process. */
    public void alive() {
        send("WATCHDOG=1");
    }

    /** An orderly end has begun. */
    public void stopping() {
        send("STOPPING=1\nSTATUS=draining");
    }

    /** What {@code systemctl status} shows. */
    public void status(String text) {
        send("STATUS=" + text.replace('\n', ' '));
    }

    private void send(String message) {
        if (socket != null) {
            socket.send(message);
        }
    }

    @Override
    public void close() {
        if (socket != null) {
            socket.close();
        }
    }
}
