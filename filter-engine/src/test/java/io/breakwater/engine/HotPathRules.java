package io.breakwater.engine;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.AttributedElement;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.classfile.instruction.NewMultiArrayInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.classfile.instruction.ThrowInstruction;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What code marked {@link HotPath} must not do, read from its byte code, because ArchUnit's own model knows neither
 * allocations of arrays nor lambdas without a call. A marked class means all its methods but constructors, static
 * initializers, the bodies of lambdas and what javac adds to records.
 *
 * <p>Allowed: {@code finally}, which throws on what was thrown; and the clock in {@code onBatchStart}, where it is read
 * once for the whole batch.
 */
final class HotPathRules {
    private static final String HOT_PATH = HotPath.class.descriptorString();

    // javac adds it to exhaustive switches over enums; it is thrown only after a broken recompilation.
    private static final String MATCH_EXCEPTION = "java/lang/MatchException";

    private static final Set<String> BOXES = Set.of(
            "java/lang/Boolean",
            "java/lang/Byte",
            "java/lang/Character",
            "java/lang/Short",
            "java/lang/Integer",
            "java/lang/Long",
            "java/lang/Float",
            "java/lang/Double");

    private static final Set<String> ITERATION =
            Set.of("iterator", "listIterator", "spliterator", "stream", "parallelStream", "forEach");

    private static final Set<String> CLOCK = Set.of("currentTimeMillis", "nanoTime");
    private static final String ONCE_PER_BATCH = "onBatchStart";

    // equals, hashCode and toString of records
    private static final String RECORD_METHODS = "java/lang/runtime/ObjectMethods";

    private HotPathRules() {}

    static ArchCondition<JavaClass> keepTheirHotPathsBare() {
        return new ArchCondition<>("keep what is marked @HotPath free of what costs") {
            @Override
            public void check(JavaClass javaClass, ConditionEvents events) {
                for (String violation : violations(javaClass)) {
                    events.add(SimpleConditionEvent.violated(javaClass, violation));
                }
            }
        };
    }

    /** One line for each thing that a hot method of the class must not do. */
    static List<String> violations(JavaClass javaClass) {
        List<String> found = new ArrayList<>();
        ClassModel model = parse(javaClass);
        boolean wholeClass = isHot(model);
        for (MethodModel method : model.methods()) {
            if ((wholeClass && isOrdinary(method)) || isHot(method)) {
                check(javaClass.getName() + "." + method.methodName().stringValue(), method, found);
            }
        }
        return found;
    }

    /** How many methods of the class the rules apply to. */
    static long hotMethods(JavaClass javaClass) {
        ClassModel model = parse(javaClass);
        boolean wholeClass = isHot(model);
        return model.methods().stream()
                .filter(method -> (wholeClass && isOrdinary(method)) || isHot(method))
                .count();
    }

    private static ClassModel parse(JavaClass javaClass) {
        try {
            Path file = Path.of(javaClass.getSource().orElseThrow().getUri());
            return ClassFile.of().parse(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isHot(AttributedElement element) {
        return element.findAttribute(Attributes.runtimeInvisibleAnnotations()).stream()
                .flatMap(attribute -> attribute.annotations().stream())
                .anyMatch(annotation -> annotation.className().equalsString(HOT_PATH));
    }

    private static boolean isOrdinary(MethodModel method) {
        return !method.methodName().stringValue().startsWith("<")
                && !method.flags().has(AccessFlag.SYNTHETIC);
    }

    private static void check(String name, MethodModel method, List<String> found) {
        if (method.flags().has(AccessFlag.SYNCHRONIZED)) {
            found.add(name + " is synchronized");
        }
        method.code().ifPresent(code -> {
            boolean oncePerBatch = method.methodName().equalsString(ONCE_PER_BATCH);
            boolean mayThrow = hasFinally(code) || code.elementStream().anyMatch(HotPathRules::isNewMatchException);
            for (CodeElement element : code) {
                String violation = violation(element);
                boolean allowed = (mayThrow && element instanceof ThrowInstruction)
                        || (oncePerBatch && element instanceof InvokeInstruction call && readsClock(call));
                if (!violation.isEmpty() && !allowed) {
                    found.add(name + " " + violation);
                }
            }
        });
    }

    private static boolean hasFinally(CodeModel code) {
        return code.exceptionHandlers().stream()
                .anyMatch(handler -> handler.catchType().isEmpty());
    }

    private static String violation(CodeElement element) {
        return switch (element) {
            case NewObjectInstruction made ->
                isNewMatchException(made) ? "" : "allocates " + made.className().asInternalName();
            case NewPrimitiveArrayInstruction made -> "allocates an array of " + made.typeKind();
            case NewReferenceArrayInstruction made ->
                "allocates an array of " + made.componentType().asInternalName();
            case NewMultiArrayInstruction _ -> "allocates an array of arrays";
            case InvokeDynamicInstruction made when isOfRecord(made) -> "";
            case InvokeDynamicInstruction made ->
                "creates a lambda, a method reference or a joined string ("
                        + made.name().stringValue() + ")";
            case MonitorInstruction _ -> "takes a lock";
            case ThrowInstruction _ -> "throws";
            case InvokeInstruction call -> forbiddenCall(call);
            default -> "";
        };
    }

    private static boolean isOfRecord(InvokeDynamicInstruction made) {
        return made.bootstrapMethod().owner().descriptorString().equals("L" + RECORD_METHODS + ";");
    }

    private static boolean readsClock(InvokeInstruction call) {
        return call.owner().asInternalName().equals("java/lang/System")
                && CLOCK.contains(call.name().stringValue());
    }

    private static boolean isNewMatchException(CodeElement element) {
        return element instanceof NewObjectInstruction made
                && made.className().asInternalName().equals(MATCH_EXCEPTION);
    }

    private static String forbiddenCall(InvokeInstruction call) {
        String owner = call.owner().asInternalName();
        String method = call.name().stringValue();
        boolean forbidden = (BOXES.contains(owner) && method.equals("valueOf"))
                || readsClock(call)
                || (owner.equals("java/lang/System") && method.equals("getLogger"))
                || (owner.equals("java/lang/String") && (method.equals("format") || method.equals("formatted")))
                || (owner.startsWith("java/util/") && ITERATION.contains(method))
                || (owner.equals("java/lang/Iterable") && ITERATION.contains(method))
                || owner.startsWith("java/time/")
                || owner.startsWith("java/util/logging/")
                || owner.startsWith("java/lang/System$Logger")
                || owner.startsWith("org/slf4j/")
                || owner.startsWith("java/util/concurrent/locks/")
                || owner.startsWith("java/io/PrintStream");
        return forbidden ? "calls " + owner + "." + method : "";
    }
}
