package org.headwise.workbench;

import org.headwise.files.InputRefused;
import org.headwise.schedules.Budget;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A budget on the command line, {@code 10%} or {@code 0.1}; anything else is a usage error. */
final class BudgetText implements ITypeConverter<Budget> {
    @Override
    public Budget convert(String text) {
        try {
            return Budget.parse(text);
        } catch (InputRefused e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
