package io.breakwater.appliance;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Arrows between modules point one way: appliance, then capture, then engine. */
class ModuleArrowsTest {
    private static final JavaClasses PRODUCT = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.breakwater");

    @Test
    void shouldKeepTheEngineIndependentOfEverythingAboveIt() {
        noClasses()
                .that()
                .resideInAPackage("io.breakwater.engine..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.breakwater.capture..", "io.breakwater.appliance..", "io.breakwater.bench..")
                .check(PRODUCT);
    }

    @Test
    void shouldKeepCaptureIndependentOfTheAppliance() {
        noClasses()
                .that()
                .resideInAPackage("io.breakwater.capture..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.breakwater.appliance..", "io.breakwater.bench..")
                .check(PRODUCT);
    }

    @Test
    void shouldReachLibpcapAndForeignFunctionsFromCaptureOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.breakwater.capture..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.pcap4j..", "com.sun.jna..")
                .check(PRODUCT);
        noClasses()
                .that()
                .resideOutsideOfPackage("io.breakwater.capture.nativeaccess..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.foreign.Linker")
                .check(PRODUCT);
    }

    @Test
    void shouldServeHttpAndMetricsFromTheApplianceOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.breakwater.appliance..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.sun.net.httpserver..", "io.micrometer..", "io.prometheus..", "picocli..")
                .check(PRODUCT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"io.breakwater.capture.(*)..", "io.breakwater.appliance.(*).."})
    void shouldHaveNoCyclesBetweenPackages(String slice) {
        slices().matching(slice).should().beFreeOfCycles().check(PRODUCT);
    }
}
