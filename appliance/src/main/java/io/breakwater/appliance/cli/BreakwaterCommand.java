package io.breakwater.appliance.cli;

import io.breakwater.appliance.process.FailureLines;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code breakwater}: the commands, and how errors are told. */
@Command(
        name = "breakwater",
        mixinStandardHelpOptions = true,
        versionProvider = BreakwaterCommand.Version.class,
        description = "An inline filter for reflected denial-of-service traffic.",
        footer = {
            "",
            "Also: breakwater demo (the lab), breakwater bench (measurements).",
            "Exit codes: 0 done, 1 failed at run time, 2 usage or configuration."
        })
public final class BreakwaterCommand implements Runnable {
    /** In the order in which they are shown. */
    private static final Map<String, Class<?>> COMMANDS = new LinkedHashMap<>();

    static {
        COMMANDS.put("run", RunCommand.class);
        COMMANDS.put("release", ReleaseCommand.class);
        COMMANDS.put("check", CheckCommand.class);
        COMMANDS.put("replay", ReplayCommand.class);
        COMMANDS.put("audit", AuditCommand.class);
        COMMANDS.put("doctor", DoctorCommand.class);
        COMMANDS.put("status", StatusCommand.class);
        COMMANDS.put("top", TopCommand.class);
        COMMANDS.put("block", BlockCommand.class);
        COMMANDS.put("unblock", UnblockCommand.class);
        COMMANDS.put("events", EventsCommand.class);
        COMMANDS.put("report", ReportCommand.class);
    }

    @Spec
    private @Nullable CommandSpec spec;

    /** Runs one command line and answers its exit code. */
    public static int execute(String... args) {
        Class<?> asked = args.length == 0 ? null : COMMANDS.get(args[0]);
        return (asked == null ? all() : only(asked)).execute(args);
    }

    /** One command alone. <b>Why:</b> to learn the options of all costs a fifth of a second. */
    static CommandLine only(Class<?> command) {
        return ready(new CommandLine(new BreakwaterCommand()).addSubcommand(command));
    }

    /** Every command, for those who ask what there is. */
    static CommandLine all() {
        CommandLine all = new CommandLine(new BreakwaterCommand());
        COMMANDS.values().forEach(all::addSubcommand);
        return ready(all.addSubcommand(GenerateCompletion.class).addSubcommand(HelpCommand.class));
    }

    private static CommandLine ready(CommandLine commands) {
        return FailureLines.on(commands.setCaseInsensitiveEnumValuesAllowed(true));
    }

    /** The commands by name, but for those that picocli brings. */
    static Map<String, Class<?>> commands() {
        return Collections.unmodifiableMap(COMMANDS);
    }

    @Override
    public void run() {
        throw new ParameterException(Objects.requireNonNull(spec).commandLine(), "a command is missing");
    }

    /** The version of the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = BreakwaterCommand.class.getPackage().getImplementationVersion();
            return new String[] {"breakwater " + (version == null ? "(not packaged)" : version)};
        }
    }
}
