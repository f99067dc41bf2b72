package io.landshift.unmarked;

/** Breaks a rule, to show that it can be broken: every package is marked. */
record HasNoPackageInfo() {}
