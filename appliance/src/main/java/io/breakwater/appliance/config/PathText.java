package io.breakwater.appliance.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Files and directories: always with their whole path, because a service's working directory is nobody's choice. */
final class PathText {
    private PathText() {}

    static Path parse(String text) {
        try {
            Path path = Path.of(text);
            if (path.isAbsolute()) {
                return path.normalize();
            }
        } catch (InvalidPathException e) {
            // Falls through: no path of this system.
        }
        throw new IllegalArgumentException("'" + text + "' is not a whole path; begin with /");
    }
}
