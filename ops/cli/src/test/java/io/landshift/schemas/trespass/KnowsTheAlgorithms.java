package io.landshift.schemas.trespass;

import io.landshift.change.ReferenceParameters;

/** Breaks a rule, to show that it can be broken: the events know no other module. */
record KnowsTheAlgorithms(ReferenceParameters parameters) {}
