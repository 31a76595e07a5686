package io.breakwater.capture.privilege;

import io.breakwater.capture.nativeaccess.BpfCalls;
import io.breakwater.capture.nativeaccess.ErrnoException;
import io.breakwater.capture.nativeaccess.RunningProcess;
import io.breakwater.capture.nativeaccess.UnixListener;
import io.breakwater.capture.nativeaccess.UnixStream;
import io.breakwater.capture.nativeaccess.UnixStream.Received;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the rights over the network for one run, which has none of them, so that what parses frames and serves HTTP cannot
 * change the network however it may be made to try.
 *
 * <p>It answers that one process alone. It changes the ports that the run named first, before it read its first frame, and
 * no others; it loads programs for XDP and tc only. What a run could still do with that stands in docs/adr/0014.
 *
 * <p><b>Thread:</b> one that accepts, and one for each question.
 */
public final class PrivilegeKeeper {
    private static final int PROGRAM_TYPE_SCHED_CLS = 3; // linux/bpf.h
    private static final int PROGRAM_TYPE_XDP = 6;
    private static final Set<Integer> PROGRAM_TYPES = Set.of(PROGRAM_TYPE_SCHED_CLS, PROGRAM_TYPE_XDP);

    private static final Pattern INTERFACE = Pattern.compile("[^-/\\s][^/\\s]{0,14}");
    private static final Pattern FEATURE = Pattern.compile("[a-z][a-z0-9-]*");
    private static final Pattern SWITCH = Pattern.compile("on|off");
    private static final Pattern ZERO_OR_ONE = Pattern.compile("[01]");
    private static final Pattern IPV6_PREFIX = Pattern.compile("[0-9a-fA-F:.]+/[0-9]{1,3}");

    private final Privileges own;
    private final long run;
    private final AtomicReference<@Nullable Set<String>> ports = new AtomicReference<>();

    /**
     * @param own what is kept
     * @param run the process that may ask
     */
    PrivilegeKeeper(Privileges own, long run) {
        this.own = own;
        this.run = run;
    }

    /**
     * Answers until this process ends, which the kernel sees to when the run does.
     *
     * @param name of the socket to listen at
     * @param run the process that may ask
     * @throws IOException if it cannot listen there, or the run has ended already
     */
    public static void serve(String name, long run) throws IOException {
        // The kernel ends this process when the run ends, but only if that was still there when it was told to.
        if (!RunningProcess.exists(run)) {
            throw new IOException("the run has ended already");
        }
        PrivilegeKeeper keeper = new PrivilegeKeeper(new OwnPrivileges(), run);
        try (UnixListener listener = new UnixListener(name)) {
            while (true) {
                UnixStream asker = listener.accept();
                Thread.ofPlatform().name("answer").daemon().start(() -> keeper.serve(asker));
            }
        }
    }

    /** Answers one question, and closes the connection; says nothing to anybody else than the run. */
    void serve(UnixStream asker) {
        try (asker) {
            if (asker.peerPid() == run) {
                Received question = asker.receive();
                try {
                    answer(asker, question);
                } finally {
                    closeAll(question.descriptors());
                }
            }
        } catch (IOException e) {
            System.err.println("breakwater: the keeper of rights could not answer: " + e.getMessage());
        }
    }

    private void answer(UnixStream asker, Received question) throws IOException {
        int[] made = {};
        Message answer;
        try {
            Message asked = Message.decode(question.bytes());
            Request request = Request.valueOf(asked.word());
            if (request == Request.CREATE_MAP || request == Request.LOAD_PROGRAM) {
                made = new int[] {make(request, asked, question.descriptors())};
                answer = Message.of(Message.DONE);
            } else {
                answer = carryOut(request, asked, question.descriptors());
            }
        } catch (ErrnoException e) {
            answer = new Message(Message.REFUSED, List.of(e.call()), e.errno());
        } catch (IOException | RuntimeException e) {
            answer = Message.of(Message.FAILED, String.valueOf(e.getMessage()));
        }
        try {
            asker.send(answer.encode(), made);
        } finally {
            closeAll(made);
        }
    }

    private static void closeAll(int[] descriptors) {
        for (int descriptor : descriptors) {
            BpfCalls.close(descriptor);
        }
    }

    private int make(Request request, Message asked, int[] descriptors) throws IOException {
        return request == Request.CREATE_MAP
                ? own.createMap(
                        asked.number(0),
                        asked.text(0),
                        asked.number(1),
                        asked.number(2),
                        asked.number(3),
                        asked.number(4))
                : own.loadProgram(programType(asked), asked.number(1), asked.text(0), code(asked, descriptors));
    }

    private Message carryOut(Request request, Message asked, int[] descriptors) throws IOException {
        switch (request) {
            case CONFINE -> confine(asked.texts());
            case CAPABILITIES -> {
                return new Message(Message.DONE, List.of(), own.capabilities());
            }
            case SET_OFFLOADS -> {
                Command.Result result = own.setOffloads(port(asked, 0), features(asked.texts()));
                return new Message(Message.DONE, List.of(result.output()), result.exit());
            }
            case VERIFIER_LOG -> {
                return Message.of(
                        Message.DONE,
                        own.verifierLog(programType(asked), asked.number(1), asked.text(0), code(asked, descriptors)));
            }
            case GROW_SEND_BUFFER -> own.growSendBuffer(only(descriptors));
            default -> change(request, asked);
        }
        return Message.of(Message.DONE);
    }

    private void change(Request request, Message asked) throws IOException {
        String port = port(asked, 0);
        switch (request) {
            case REDIRECT -> own.redirect(port, port(asked, 1));
            case REDIRECT_AGAIN -> own.redirectAgain(port, port(asked, 1));
            case DROP -> own.drop(port);
            case DROP_FIRST -> own.dropFirst(port);
            case DROP_NO_MORE -> own.dropNoMore(port);
            case CLEAR_INGRESS -> own.clearIngress(port, asked.number(0) != 0);
            case SET_IPV6_DISABLED -> own.setIpv6Disabled(port, like(ZERO_OR_ONE, asked.text(1)));
            case ADD_ADDRESS -> own.addAddress(port, like(IPV6_PREFIX, asked.text(1)));
            case SET_ADMIN_UP -> own.setAdminUp(port, asked.number(0) != 0);
            case SET_PROMISCUOUS -> own.setPromiscuous(port, asked.number(0) != 0);
            default -> throw new IOException(request + " is no change of a port");
        }
    }

    private void confine(List<String> names) throws IOException {
        for (String name : names) {
            like(INTERFACE, name);
        }
        if (!ports.compareAndSet(null, Set.copyOf(names))) {
            throw new IOException("the ports are named already");
        }
    }

    private String port(Message asked, int index) throws IOException {
        String name = asked.text(index);
        Set<String> allowed = ports.get();
        if (allowed == null || !allowed.contains(name)) {
            throw new IOException("interface " + name + " is no port of this run");
        }
        return name;
    }

    private static SortedMap<String, String> features(List<String> words) throws IOException {
        SortedMap<String, String> features = new TreeMap<>();
        for (int i = 1; i + 1 < words.size(); i += 2) {
            features.put(like(FEATURE, words.get(i)), like(SWITCH, words.get(i + 1)));
        }
        return features;
    }

    private static String like(Pattern pattern, String text) throws IOException {
        if (!pattern.matcher(text).matches()) {
            throw new IOException("the keeper of rights does not take " + text);
        }
        return text;
    }

    private static int programType(Message asked) throws IOException {
        int type = asked.number(0);
        if (!PROGRAM_TYPES.contains(type)) {
            throw new IOException("the keeper of rights loads no programs of type " + type);
        }
        return type;
    }

    private static long[] code(Message asked, int[] descriptors) throws IOException {
        if (asked.numbers().length <= 2) {
            throw new IOException(asked.word() + " has no instructions");
        }
        return MapReferences.resolve(Arrays.copyOfRange(asked.numbers(), 2, asked.numbers().length), descriptors);
    }

    private static int only(int[] descriptors) throws IOException {
        if (descriptors.length != 1) {
            throw new IOException("one descriptor was expected, not " + descriptors.length);
        }
        return descriptors[0];
    }
}
