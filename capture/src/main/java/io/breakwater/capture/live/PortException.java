package io.breakwater.capture.live;

import java.io.IOException;

/** A port cannot be used; the message is one line that says which port, why, and what to do next. */
public final class PortException extends IOException {
    private static final long serialVersionUID = 1L;

    public PortException(String message) {
        super(message);
    }
}
