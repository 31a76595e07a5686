package io.breakwater.capture.privilege;

import io.breakwater.capture.nativeaccess.BpfCalls;
import io.breakwater.capture.nativeaccess.ErrnoException;
import io.breakwater.capture.nativeaccess.UnixStream;
import io.breakwater.capture.nativeaccess.UnixStream.Received;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What the keeper beside this process may do ({@link PrivilegeKeeper}): each call is one connection, one question and one
 * answer, so calls of several threads do not wait for each other.
 */
final class KeptPrivileges implements Privileges {
    /** How long the keeper, which starts together with this process, may take to be there. */
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(10);

    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(2);

    private final String name;
    private volatile boolean met;

    KeptPrivileges(String name) {
        this.name = name;
    }

    @Override
    public void confineTo(List<String> ports) throws IOException {
        ask(new Message(Request.CONFINE.name(), ports));
    }

    @Override
    public long capabilities() throws IOException {
        return ask(Message.of(Request.CAPABILITIES.name())).numbers()[0];
    }

    @Override
    public void redirect(String port, String to) throws IOException {
        ask(Message.of(Request.REDIRECT.name(), port, to));
    }

    @Override
    public void redirectAgain(String port, String to) throws IOException {
        ask(Message.of(Request.REDIRECT_AGAIN.name(), port, to));
    }

    @Override
    public void drop(String port) throws IOException {
        ask(Message.of(Request.DROP.name(), port));
    }

    @Override
    public void dropFirst(String port) throws IOException {
        ask(Message.of(Request.DROP_FIRST.name(), port));
    }

    @Override
    public void dropNoMore(String port) throws IOException {
        ask(Message.of(Request.DROP_NO_MORE.name(), port));
    }

    @Override
    public void clearIngress(String port, boolean hadIngress) throws IOException {
        ask(new Message(Request.CLEAR_INGRESS.name(), List.of(port), number(hadIngress)));
    }

    @Override
    public Command.Result setOffloads(String port, SortedMap<String, String> features) throws IOException {
        List<String> words = new ArrayList<>(List.of(port));
        features.forEach((feature, value) -> {
            words.add(feature);
            words.add(value);
        });
        Message answer = ask(new Message(Request.SET_OFFLOADS.name(), words));
        return new Command.Result(answer.number(0), answer.text(0));
    }

    @Override
    public void setIpv6Disabled(String port, String value) throws IOException {
        ask(Message.of(Request.SET_IPV6_DISABLED.name(), port, value));
    }

    @Override
    public void addAddress(String port, String prefix) throws IOException {
        ask(Message.of(Request.ADD_ADDRESS.name(), port, prefix));
    }

    @Override
    public void setAdminUp(String port, boolean up) throws IOException {
        ask(new Message(Request.SET_ADMIN_UP.name(), List.of(port), number(up)));
    }

    @Override
    public void setPromiscuous(String port, boolean all) throws IOException {
        ask(new Message(Request.SET_PROMISCUOUS.name(), List.of(port), number(all)));
    }

    @Override
    public int createMap(int type, String name, int keyBytes, int valueBytes, int maxEntries, int flags)
            throws IOException {
        return descriptor(exchange(
                new Message(Request.CREATE_MAP.name(), List.of(name), type, keyBytes, valueBytes, maxEntries, flags)));
    }

    @Override
    public int loadProgram(int type, int attachType, String name, long[] instructions) throws IOException {
        return descriptor(exchangeProgram(Request.LOAD_PROGRAM, type, attachType, name, instructions));
    }

    @Override
    public String verifierLog(int type, int attachType, String name, long[] instructions) throws IOException {
        return answer(exchangeProgram(Request.VERIFIER_LOG, type, attachType, name, instructions))
                .text(0);
    }

    private Received exchangeProgram(Request what, int type, int attachType, String name, long[] instructions)
            throws IOException {
        List<Integer> maps = new ArrayList<>();
        long[] code = MapReferences.collect(instructions, maps);
        long[] numbers = new long[2 + code.length];
        numbers[0] = type;
        numbers[1] = attachType;
        System.arraycopy(code, 0, numbers, 2, code.length);
        return exchange(
                new Message(what.name(), List.of(name), numbers),
                maps.stream().mapToInt(Integer::intValue).toArray());
    }

    @Override
    public void growSendBuffer(int socket) throws IOException {
        answer(exchange(Message.of(Request.GROW_SEND_BUFFER.name()), socket));
    }

    private static long number(boolean flag) {
        return flag ? 1 : 0;
    }

    private Message ask(Message question) throws IOException {
        return answer(exchange(question));
    }

    private static Message answer(Received received) throws IOException {
        Message answer = Message.decode(received.bytes());
        return switch (answer.word()) {
            case Message.DONE -> answer;
            case Message.REFUSED -> throw new ErrnoException(answer.text(0), answer.number(0));
            default -> throw new IOException(answer.text(0));
        };
    }

    private static int descriptor(Received received) throws IOException {
        answer(received);
        int[] descriptors = received.descriptors();
        if (descriptors.length != 1) {
            for (int each : descriptors) {
                BpfCalls.close(each);
            }
            throw new IOException("the keeper answered " + descriptors.length + " descriptors instead of one");
        }
        return descriptors[0];
    }

    private Received exchange(Message question, int... descriptors) throws IOException {
        try (UnixStream keeper = meet()) {
            keeper.send(question.encode(), descriptors);
            return keeper.receive();
        } catch (EOFException e) {
            throw gone(e);
        }
    }

    private UnixStream meet() throws IOException {
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (true) {
            try {
                UnixStream keeper = UnixStream.connect(name);
                requireOurs(keeper);
                met = true;
                return keeper;
            } catch (ErrnoException e) {
                if (!e.isRefused() || met || System.nanoTime() - deadlineNs >= 0) {
                    throw gone(e);
                }
                LockSupport.parkNanos(PAUSE_NS);
            }
        }
    }

    /** Once the keeper is gone, anybody could take its name. */
    private static void requireOurs(UnixStream keeper) throws IOException {
        int own = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        int uid = keeper.peerUid();
        if (uid != own) {
            keeper.close();
            throw new IOException("user " + uid + " answers in the place of Breakwater's keeper of rights: restart"
                    + " Breakwater (systemctl restart breakwater)");
        }
    }

    /** Returns once there is no keeper any more: asks nothing, so that no answer comes. */
    void awaitEnd() {
        try (UnixStream keeper = meet()) {
            keeper.receive();
        } catch (IOException ended) {
            // that is what was waited for
        }
    }

    private static IOException gone(IOException cause) {
        return new IOException(
                "the process that keeps the rights over the network does not answer (" + cause.getMessage()
                        + "): restart Breakwater (systemctl restart breakwater)",
                cause);
    }
}
