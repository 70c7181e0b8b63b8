package org.headwise.schedules;

import java.util.Comparator;

/** One thing that a runtime has to do to keep a schedule. */
public sealed interface Rule permits EvictScale, Capacity {
    /** The order in which a schedule lists its rules. */
    Comparator<Rule> ORDER = (a, b) -> switch (a) {
        case EvictScale left ->
            switch (b) {
                case EvictScale right -> left.compareTo(right);
                case Capacity right -> -1;
            };
        case Capacity left ->
            switch (b) {
                case EvictScale right -> 1;
                case Capacity right -> left.compareTo(right);
            };
    };
}
