package io.breakwater.appliance.gateway;

import io.breakwater.capture.nativeaccess.LinkProbe;
import io.breakwater.capture.privilege.ProcessPrivileges;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A card of this box, by its name. Thread: one owner. */
final class NetworkCard implements LinkPassThrough.Card, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NetworkCard.class);

    private final String name;
    private final LinkProbe link;

    NetworkCard(String name) throws IOException {
        this.name = name;
        this.link = new LinkProbe(name);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean isRunning() {
        return link.isRunning();
    }

    @Override
    public void setUp(boolean up) {
        try {
            if (link.index() != LinkProbe.NONE) {
                ProcessPrivileges.get().setAdminUp(name, up);
            }
        } catch (IOException e) {
            LOG.warn("port {} could not be switched {}: {}", name, up ? "on" : "off", e.getMessage());
        }
    }

    @Override
    public void close() {
        link.close();
    }
}
