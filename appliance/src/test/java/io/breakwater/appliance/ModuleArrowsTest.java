package io.breakwater.appliance;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.breakwater.capture.nativeaccess.BpfCalls;
import io.breakwater.capture.nativeaccess.LinkProbe;
import io.breakwater.capture.nativeaccess.XskSocket;
import java.util.List;
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

    /** Else it would work in tests, which have all rights, and fail in a run, which has none over the network. */
    @Test
    void shouldChangeTheNetworkThroughPrivilegesOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.breakwater.capture.privilege..", "io.breakwater.bench..")
                .should()
                .callMethodWhere(named(BpfCalls.class, "createMap", "loadProgram", "verifierLog")
                        .or(named(LinkProbe.class, "setAdminUp", "setPromiscuous"))
                        .or(named(XskSocket.class, "growSendBuffer")))
                .check(PRODUCT);
    }

    private static DescribedPredicate<JavaAccess<?>> named(Class<?> owner, String... methods) {
        return DescribedPredicate.describe(
                owner.getSimpleName() + "." + String.join("|", methods),
                call -> call.getTargetOwner().isEquivalentTo(owner)
                        && List.of(methods).contains(call.getTarget().getName()));
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
