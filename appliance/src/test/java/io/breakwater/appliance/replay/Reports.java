package io.breakwater.appliance.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads JSON reports. */
public final class Reports {
    private Reports() {}

    /** A JSON object and nothing behind it; numbers without a fraction become {@code Long}, others {@code Double}. */
    public static Map<String, Object> parse(String json) {
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            assertThat(parser.nextToken()).isEqualTo(JsonToken.START_OBJECT);
            Map<String, Object> object = object(parser);
            assertThat(parser.nextToken()).as("behind the object").isNull();
            return object;
        } catch (IOException e) {
            throw new AssertionError(json, e);
        }
    }

    /** An object inside a report. */
    @SuppressWarnings("unchecked")
    public static Map<String, Object> object(Map<String, Object> report, String key) {
        assertThat(report.get(key)).as(key).isInstanceOf(Map.class);
        return (Map<String, Object>) report.getOrDefault(key, Map.of());
    }

    private static Map<String, Object> object(JsonParser parser) throws IOException {
        Map<String, Object> object = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            Object value = value(parser, parser.nextToken());
            assertThat(object.put(name, value)).as("a second " + name).isNull();
        }
        return object;
    }

    private static List<Object> array(JsonParser parser) throws IOException {
        List<Object> array = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            array.add(value(parser, token));
        }
        return array;
    }

    private static Object value(JsonParser parser, JsonToken token) throws IOException {
        return switch (token) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> parser.getLongValue();
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> throw new AssertionError("unexpected " + token);
        };
    }
}
