package io.breakwater.appliance.plot;

/**
 * What a picture is drawn on.
 *
 * @param width in pixels of the page; text has its usual size on it
 * @param height likewise
 * @param scale pixels of the picture for each of the page, so that it is sharp on fine screens and on paper
 * @param dark light on dark instead of dark on white
 */
public record Canvas(int width, int height, int scale, boolean dark) {
    /** For a picture that stands in a document. */
    public static final Canvas DOCUMENT = new Canvas(1_280, 640, 1, false);

    /** Whether it is too narrow to write beside a plot. */
    boolean isNarrow() {
        return width < 600;
    }
}
