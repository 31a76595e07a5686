package io.breakwater.appliance.config;

import java.util.Optional;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.ParserException;
import org.snakeyaml.engine.v2.parser.Parser;

/**
 * Refuses nesting deeper than {@link #MAX_DEPTH}, more than {@link #MAX_ALIASES} aliases, and tags, so that no file
 * exhausts the stack, multiplies itself, or names types.
 */
final class BoundedParser implements Parser {
    /** The policy itself nests six levels. */
    static final int MAX_DEPTH = 32;

    /** With files of at most 4 MiB this bounds what is read in all; a policy has no need of more. */
    static final int MAX_ALIASES = 64;

    private final Parser parser;
    private int depth;
    private int aliases;

    BoundedParser(Parser parser) {
        this.parser = parser;
    }

    @Override
    public boolean checkEvent(Event.ID choice) {
        return parser.checkEvent(choice);
    }

    @Override
    public Event peekEvent() {
        return parser.peekEvent();
    }

    @Override
    public boolean hasNext() {
        return parser.hasNext();
    }

    @Override
    public Event next() {
        Event event = parser.next();
        refuseIf(hasTag(event), event, "tags (!name) have no meaning in a policy; remove it");
        switch (event.getEventId()) {
            case MappingStart, SequenceStart -> {
                depth++;
                refuseIf(depth > MAX_DEPTH, event, "nested deeper than " + MAX_DEPTH + " levels");
            }
            case MappingEnd, SequenceEnd -> depth--;
            case Alias -> {
                aliases++;
                refuseIf(aliases > MAX_ALIASES, event, "more than " + MAX_ALIASES + " aliases (*name)");
            }
            default -> {}
        }
        return event;
    }

    private static boolean hasTag(Event event) {
        return switch (event) {
            case ScalarEvent scalar -> scalar.getTag().isPresent();
            case CollectionStartEvent start -> start.getTag().isPresent();
            default -> false;
        };
    }

    private static void refuseIf(boolean tooMuch, Event event, String text) {
        if (tooMuch) {
            throw new ParserException(null, Optional.empty(), text, event.getStartMark());
        }
    }
}
