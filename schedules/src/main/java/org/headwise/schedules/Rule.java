package org.headwise.schedules;

import java.util.Comparator;

/** One thing that a runtime has to do to keep a schedule. */
public sealed interface Rule permits EvictScale, Capacity, HeadKeeps {
    /** The order in which a schedule lists its rules. */
    Comparator<Rule> ORDER = (a, b) -> switch (a) {
        case EvictScale left when b instanceof EvictScale right -> left.compareTo(right);
        case Capacity left when b instanceof Capacity right -> left.compareTo(right);
        case HeadKeeps left when b instanceof HeadKeeps right -> left.compareTo(right);
        default -> Integer.compare(kind(a), kind(b));
    };

    private static int kind(Rule rule) {
        return switch (rule) {
            case EvictScale evict -> 0;
            case Capacity capacity -> 1;
            case HeadKeeps head -> 2;
        };
    }
}
