import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.constant.ClassDesc;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Gives the classes of a jar that are older than Java 6 a newer class file version and the stack maps that it asks for. The
 * virtual machine keeps no older classes in its cache of loaded and linked ones, and verifies them at each start by its slow
 * verifier (docs/adr/0013-picoclis-classes-are-made-newer.md). The code stays as it is; a jar without such classes stays as
 * it is, too. The same jar always gives the same bytes.
 *
 * <p>Usage: {@code java NewerClasses.java JAR...}; exit code 1 and an unchanged jar if one cannot be changed.
 */
final class NewerClasses {
    /** Of the first version whose classes the cache takes (JVMS 4.10: verified by type checking). */
    private static final int OLDEST_CACHED = ClassFile.JAVA_6_VERSION;

    private static final int NEWER = ClassFile.JAVA_8_VERSION;

    private static final String NOTICE = "META-INF/NOTICE";
    private static final String CHANGED =
            "Breakwater's build gave the class files in this jar a newer version and stack maps. Nothing else was changed.\n";

    private final Map<ZipEntry, byte[]> entries = new LinkedHashMap<>();
    private final Map<String, byte[]> classes = new LinkedHashMap<>();

    public static void main(String[] jars) throws IOException {
        for (String jar : jars) {
            try {
                new NewerClasses(Path.of(jar)).writeTo(Path.of(jar));
            } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
                System.err.println(jar + ": its classes cannot be made newer: " + e.getMessage());
                System.exit(1);
            }
        }
    }

    private NewerClasses(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            for (ZipEntry entry : Collections.list(file.entries())) {
                byte[] content = file.getInputStream(entry).readAllBytes();
                entries.put(entry, content);
                if (entry.getName().endsWith(".class")) {
                    classes.put(entry.getName(), content);
                }
            }
        }
    }

    private void writeTo(Path jar) throws IOException {
        if (classes.values().stream().noneMatch(NewerClasses::isOld)) {
            return;
        }
        if (entries.keySet().stream().anyMatch(entry -> entry.getName().equals(NOTICE))) {
            throw new IOException("it has a " + NOTICE + " already, which must say what was changed");
        }
        Path written = Files.createTempFile(jar.toAbsolutePath().getParent(), "newer", ".jar");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(written))) {
            LocalDateTime time = LocalDateTime.MIN;
            for (Map.Entry<ZipEntry, byte[]> each : entries.entrySet()) {
                time = each.getKey().getTimeLocal();
                write(out, each.getKey().getName(), time, newer(each.getKey().getName(), each.getValue()));
            }
            write(out, NOTICE, time, CHANGED.getBytes(StandardCharsets.UTF_8));
        }
        Files.setPosixFilePermissions(written, Files.getPosixFilePermissions(jar));
        Files.move(written, jar, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void write(ZipOutputStream out, String name, LocalDateTime time, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(time);
        out.putNextEntry(entry);
        out.write(content);
    }

    private byte[] newer(String name, byte[] content) {
        if (!name.endsWith(".class") || !isOld(content)) {
            return content;
        }
        ClassFile format = ClassFile.of(
                ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
                // Otherwise methods are copied as they are, and so without stack maps.
                ClassFile.ConstantPoolSharingOption.NEW_POOL,
                ClassFile.ClassHierarchyResolverOption.of(hierarchy()));
        ClassModel old = format.parse(content);
        ClassTransform transform = ClassTransform.transformingMethodBodies((code, element) -> code.with(element))
                .andThen(ClassTransform.endHandler(builder -> builder.withVersion(NEWER, 0)));
        return format.transformClass(old, transform);
    }

    private ClassHierarchyResolver hierarchy() {
        return ClassHierarchyResolver.ofResourceParsing(this::find).orElse(ClassHierarchyResolver.defaultResolver());
    }

    private ByteArrayInputStream find(ClassDesc type) {
        String descriptor = type.descriptorString();
        byte[] content = classes.get(descriptor.substring(1, descriptor.length() - 1) + ".class");
        return content == null ? null : new ByteArrayInputStream(content);
    }

    /** By the major version, bytes 6 and 7 of a class file (JVMS 4.1). */
    private static boolean isOld(byte[] content) {
        return content.length >= 8 && ((content[6] & 0xff) << 8 | content[7] & 0xff) < OLDEST_CACHED;
    }
}
