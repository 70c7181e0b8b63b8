package org.headwise;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Packages of this module may use only those named here (and everything outside this module). */
class PackageOrderTest {
    private static final Map<String, List<String>> MAY_USE = Map.of(
            "tensor", List.of(),
            "nd4j", List.of("tensor"),
            "checkpoint", List.of("tensor"),
            "text", List.of("checkpoint", "tensor"),
            "synth", List.of("checkpoint", "tensor"),
            "attention", List.of("tensor", "model"),
            "model", List.of("attention", "checkpoint", "text", "tensor"),
            "memory", List.of("model", "synth", "attention", "checkpoint", "text", "tensor"),
            "calibrate", List.of("model", "attention", "checkpoint", "text", "tensor"));

    private static final JavaClasses MODULE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> location.contains("calibrate"))
            .importPackages("org.headwise");

    @Test
    void everyPackageUsesOnlyThoseBelowIt() {
        for (String name : MAY_USE.keySet()) {
            List<String> forbidden = new ArrayList<>(MAY_USE.keySet());
            forbidden.remove(name);
            forbidden.removeAll(MAY_USE.get(name));
            assertTrue(MODULE.stream().anyMatch(c -> c.getPackageName().startsWith("org.headwise." + name)), name);
            if (forbidden.isEmpty()) {
                continue;
            }
            classes()
                    .that()
                    .resideInAPackage("org.headwise." + name + "..")
                    .should()
                    .onlyDependOnClassesThat()
                    .resideOutsideOfPackages(forbidden.stream()
                            .map(each -> "org.headwise." + each + "..")
                            .toArray(String[]::new))
                    .check(MODULE);
        }
    }

    /** Attention knows the shape of a model, never a model. */
    @Test
    void attentionUsesOnlyGeometriesOfModels() {
        classes()
                .that()
                .resideInAPackage("org.headwise.attention..")
                .should()
                .onlyDependOnClassesThat(com.tngtech.archunit.base.DescribedPredicate.describe(
                        "are no models",
                        type -> !type.getPackageName().startsWith("org.headwise.model")
                                || type.getName().equals("org.headwise.model.Geometry")
                                || type.getName().equals("org.headwise.model.Grid")))
                .check(MODULE);
    }
}
