package io.landshift.change.trespass;

import io.landshift.schemas.Grid;

/** Breaks a rule, to show that it can be broken: the algorithms know no other module. */
record KnowsTheEvents(Grid grid) {}
