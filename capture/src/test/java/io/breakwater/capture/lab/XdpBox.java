package io.breakwater.capture.lab;

import io.breakwater.capture.bpf.Assembler;
import io.breakwater.capture.bpf.Condition;
import io.breakwater.capture.bpf.FramePart;
import io.breakwater.capture.bpf.Reg;
import io.breakwater.capture.bpf.Size;
import io.breakwater.capture.bpf.XdpCard;
import io.breakwater.capture.bpf.XdpMode;
import io.breakwater.capture.bpf.XdpProgram;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Puts programs on a card as it is told, a word a line; answers {@code OK} or {@code ERROR}. */
public final class XdpBox {
    private XdpBox() {}

    public static void main(String[] arguments) throws Exception {
        try (XdpCard card = XdpCard.passing(arguments[0], List.of(XdpMode.values()))) {
            BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            System.out.println("READY");
            for (String word = commands.readLine(); word != null; word = commands.readLine()) {
                try {
                    obey(card, word);
                    System.out.println("OK " + word + " " + card.mode() + " "
                            + card.fallback().orElse(""));
                } catch (IOException e) {
                    System.out.println("ERROR " + e.getMessage());
                }
            }
        }
    }

    private static void obey(XdpCard card, String word) throws IOException {
        switch (word) {
            case "attach" -> card.attach();
            case "detach" -> card.detach();
            case "drop" -> card.replace(XdpBox::dropShort);
            case "pass" -> card.replace(FramePart.NONE);
            case "lie" -> XdpProgram.load("liar", liar()).close();
            default -> throw new IOException("unknown: " + word);
        }
    }

    /** Drops frames of less than 100 bytes. */
    private static void dropShort(Assembler code) {
        code.load(Size.WORD, Reg.R2, Reg.R6, 0); // data, struct xdp_md
        code.load(Size.WORD, Reg.R3, Reg.R6, 4); // data_end
        code.subtract(Reg.R3, Reg.R2);
        code.jumpIf(Condition.BELOW, Reg.R3, 100, FramePart.DROP);
    }

    /** Reads the frame without asking for its length. */
    private static Assembler liar() {
        Assembler code = new Assembler();
        code.load(Size.WORD, Reg.R2, Reg.R1, 0);
        code.load(Size.BYTE, Reg.R0, Reg.R2, 12);
        code.exit();
        return code;
    }
}
