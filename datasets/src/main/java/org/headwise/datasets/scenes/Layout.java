package org.headwise.datasets.scenes;

import java.util.List;

/** Where the objects of a scene are: one at a place, or two in a relation. */
public sealed interface Layout permits Place, Relation {
    /** One place per object, in the order of the caption. */
    List<Place> places();
}
