package org.headwise.workbench;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.headwise.files.InputRefused;
import org.headwise.schedules.Method;
import org.headwise.schedules.Methods;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.IGetter;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/**
 * The options of the method that a command line names, each as an option of its own beside {@code --set NAME=VALUE}; made
 * from what the method says of itself, so that a new method needs nothing here.
 */
final class MethodFlags {
    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description = "an option of the method, as --NAME VALUE; may be given more than once")
    private Map<String, String> set = Map.of();

    private final Map<String, String> flags = new TreeMap<>();
    private Method method;

    /** What was given, by name. */
    Map<String, String> given() {
        Map<String, String> given = new TreeMap<>(set);
        flags.forEach((name, value) -> {
            if (given.put(name, value) != null) {
                throw new InputRefused("option " + name + " is given as --" + name + " and as --set " + name
                        + "=..., expected one of the two");
            }
        });
        return given;
    }

    /**
     * Adds the options of the method that is named among the arguments of a command; nothing if none is.
     *
     * @param arguments the whole command line
     */
    void addTo(CommandLine command, List<String> arguments) {
        CommandSpec spec = command.getCommandSpec();
        method = named(spec, arguments).orElse(null);
        if (method == null || method.options().isEmpty()) {
            return;
        }
        ArgGroupSpec.Builder group = ArgGroupSpec.builder()
                .heading("%nOptions of " + method.name() + ":%n")
                .exclusive(false)
                .multiplicity("0..1")
                .validate(false);
        for (org.headwise.schedules.Option option : method.options()) {
            // Where a name is taken already, --set still reaches the method.
            if (spec.findOption("--" + option.name()) == null) {
                group.addArg(flag(option));
            }
        }
        spec.addArgGroup(group.build());
    }

    private OptionSpec flag(org.headwise.schedules.Option option) {
        ISetter setter = new ISetter() {
            @Override
            @SuppressWarnings("unchecked")
            public <T> T set(T value) {
                // picocli sets a missing option to null.
                return (T) (value == null ? flags.remove(option.name()) : flags.put(option.name(), value.toString()));
            }
        };
        IGetter getter = new IGetter() {
            @Override
            @SuppressWarnings("unchecked")
            public <T> T get() {
                return (T) flags.get(option.name());
            }
        };
        return OptionSpec.builder("--" + option.name())
                .paramLabel("VALUE")
                .type(String.class)
                .arity("1")
                .getter(getter)
                .setter(setter)
                .description((option.meaning() + " (default " + option.standard() + ")").replace("%", "%%"))
                .build();
    }

    /** The first argument after the command's name that is a method and no option's value. */
    private static Optional<Method> named(CommandSpec spec, List<String> arguments) {
        List<Method> methods = Methods.all();
        for (int i = arguments.indexOf(spec.name()) + 1; i > 0 && i < arguments.size(); i++) {
            String argument = arguments.get(i);
            OptionSpec before = spec.findOption(arguments.get(i - 1));
            if (before == null || before.arity().max() == 0) {
                Optional<Method> found = methods.stream()
                        .filter(one -> one.name().equals(argument))
                        .findFirst();
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    /** What there is, for a message about an option that is not. */
    Optional<String> hint() {
        return Optional.ofNullable(method)
                .map(known -> known.options().isEmpty()
                        ? "Method " + known.name() + " has no options of its own."
                        : "Options of " + known.name() + ": "
                                + known.options().stream()
                                        .map(option -> "--" + option.name())
                                        .collect(Collectors.joining(", ")));
    }
}
