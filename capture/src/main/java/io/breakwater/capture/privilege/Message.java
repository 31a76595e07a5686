package io.breakwater.capture.privilege;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a run and its keeper say to each other: a word, then texts, then numbers.
 *
 * @param word what is asked for, or how it went
 * @param texts of at most 65,535 bytes each
 */
@SuppressWarnings("ArrayRecordComponent")
record Message(String word, List<String> texts, long... numbers) {
    /** How it went: as asked for; the kernel refused (what, error number); otherwise not (a line). */
    static final String DONE = "done";

    static final String REFUSED = "refused";
    static final String FAILED = "failed";

    private static final int MOST_TEXTS = 1_024;
    private static final int MOST_NUMBERS = 1 << 20;
    private static final int MOST_TEXT_CHARS = 16_384; // 3 bytes each in the format at most

    Message {
        texts = List.copyOf(texts);
    }

    static Message of(String word, String... texts) {
        return new Message(word, List.of(texts));
    }

    byte[] encode() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeUTF(word);
        out.writeInt(texts.size());
        for (String text : texts) {
            // The end of a long text says most: the verifier's last lines.
            out.writeUTF(text.substring(Math.max(0, text.length() - MOST_TEXT_CHARS)));
        }
        out.writeInt(numbers.length);
        for (long number : numbers) {
            out.writeLong(number);
        }
        return bytes.toByteArray();
    }

    /** @throws IOException if these bytes are no message, or more than one */
    static Message decode(byte[] bytes) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        String word = in.readUTF();
        int count = count(in, MOST_TEXTS);
        List<String> texts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            texts.add(in.readUTF());
        }
        long[] numbers = new long[count(in, MOST_NUMBERS)];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = in.readLong();
        }
        if (in.read() >= 0) {
            throw new IOException("bytes after the end of a message");
        }
        return new Message(word, texts, numbers);
    }

    private static int count(DataInputStream in, int most) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > most) {
            throw new IOException(count + " parts of a message are more than " + most);
        }
        return count;
    }

    String text(int index) throws IOException {
        if (index >= texts.size()) {
            throw new IOException(word + " has no text " + index);
        }
        return texts.get(index);
    }

    int number(int index) throws IOException {
        if (index >= numbers.length) {
            throw new IOException(word + " has no number " + index);
        }
        return Math.toIntExact(numbers[index]);
    }
}
