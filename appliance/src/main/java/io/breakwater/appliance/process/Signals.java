package io.breakwater.appliance.process;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/**
 * Calls back on POSIX signals.
 *
 * <p><b>Why reflection:</b> the JDK's only signal API, {@code sun.misc.Signal} of module {@code jdk.unsupported}, cannot
 * be named without a compiler warning that cannot be suppressed. A shutdown hook would not do: a process that SIGTERM
 * ends by itself exits with 143, and ours drains and exits with 0.
 */
public final class Signals {
    private Signals() {}

    /** Runs {@code action} when the process is asked to end (SIGTERM, SIGINT); it then ends by itself. */
    public static void onStop(Runnable action) {
        on("TERM", action);
        on("INT", action);
    }

    /**
     * Runs {@code action} on a thread of the JVM each time the signal arrives.
     *
     * @param name without SIG: {@code TERM}, {@code INT}, {@code HUP}
     */
    public static void on(String name, Runnable action) {
        try {
            Class<?> signalClass = Class.forName("sun.misc.Signal");
            Class<?> handlerClass = Class.forName("sun.misc.SignalHandler");
            Object handler = Proxy.newProxyInstance(
                    handlerClass.getClassLoader(), new Class<?>[] {handlerClass}, (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            action.run();
                        }
                        return null;
                    });
            Object signal = signalClass.getConstructor(String.class).newInstance(name);
            signalClass.getMethod("handle", signalClass, handlerClass).invoke(null, signal, handler);
        } catch (ClassNotFoundException | NoSuchMethodException | InstantiationException | IllegalAccessException e) {
            throw new IllegalStateException("this JVM has no signal handling (module jdk.unsupported)", e);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("signal " + name + " cannot be handled: " + e.getCause(), e);
        }
    }
}
