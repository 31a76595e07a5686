package io.breakwater.engine;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.breakwater.engine.frame.FrameDecoder;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The arrows of the design within the engine, and what hot paths must not do. */
class EngineArchitectureTest {
    private static final String[] ALLOWED = {
        "io.breakwater.engine..", "java..", "org.jspecify.annotations..", "com.lmax.disruptor..", "org.HdrHistogram.."
    };

    private static final JavaClasses ENGINE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_JARS)
            .importPackages("io.breakwater.engine");

    @Test
    void shouldDependOnTheJdkDisruptorAndHdrHistogramOnly() {
        classes().should().onlyDependOnClassesThat().resideInAnyPackage(ALLOWED).check(ENGINE);
    }

    @Test
    void shouldOpenNoFilesNorSockets() {
        DescribedPredicate<JavaClass> filesOrSockets = resideInAnyPackage(
                        "java.nio.file..", "java.nio.channels..", "java.net..", "java.net.http..", "java.sql..")
                .or(nameMatching("java\\.io\\.(File|RandomAccessFile).*"))
                .or(nameMatching("java\\.lang\\.Process(Builder)?"));
        // Prefixes are read as address literals; that asks nobody.
        DescribedPredicate<JavaClass> literals =
                nameMatching("java\\.net\\.(InetAddress|UnknownHostException)").forSubtype();

        noClasses()
                .should()
                .dependOnClassesThat(filesOrSockets.and(DescribedPredicate.not(literals)))
                .check(ENGINE);
    }

    @Test
    void shouldHaveNoCyclesBetweenPackages() {
        slices().matching("io.breakwater.engine.(*)..")
                .should()
                .beFreeOfCycles()
                .check(ENGINE);
    }

    @Test
    void shouldKnowNothingOfLaterStepsWhenDecoding() {
        noClasses()
                .that()
                .resideInAPackage("..engine.frame..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "..engine.policy..", "..engine.classify..", "..engine.limit..", "..engine.pipeline..")
                .check(ENGINE);
    }

    @Test
    void shouldKeepHotPathsBare() {
        classes().should(HotPathRules.keepTheirHotPathsBare()).check(ENGINE);
    }

    @Test
    void shouldSeeWhatIsMarkedHot() {
        assertThat(HotPathRules.hotMethods(ENGINE.get(FrameDecoder.class))).isGreaterThan(10);
        assertThat(HotPathRules.hotMethods(ENGINE.get(HotPath.class))).isZero();
    }

    @Test
    void shouldFindWhatAHotPathMustNotDo() {
        JavaClasses fixtures = new ClassFileImporter().importClasses(CostlyFixture.class, CostlyFixture.Bare.class);
        List<String> found = HotPathRules.violations(fixtures.get(CostlyFixture.class)).stream()
                .map(violation ->
                        violation.substring(CostlyFixture.class.getName().length() + 1))
                .toList();

        assertThat(HotPathRules.violations(fixtures.get(CostlyFixture.Bare.class)))
                .isEmpty();
        assertThat(found)
                .contains(
                        "allocates allocates java/lang/Object",
                        "allocatesArrays allocates an array of LONG",
                        "allocatesArrays allocates an array of java/lang/String",
                        "allocatesArrays allocates an array of arrays",
                        "boxes calls java/lang/Integer.valueOf",
                        "createsALambda creates a lambda, a method reference or a joined string (getAsInt)",
                        "iterates calls java/util/List.iterator",
                        "formats calls java/lang/String.format",
                        "joins creates a lambda, a method reference or a joined string (makeConcatWithConstants)",
                        "readsTheClock calls java/lang/System.nanoTime",
                        "readsTheClock calls java/lang/System.currentTimeMillis",
                        "locks takes a lock",
                        "isSynchronized is synchronized",
                        "fails throws")
                .noneMatch(violation -> violation.startsWith("mayDoAnything"));
    }
}
