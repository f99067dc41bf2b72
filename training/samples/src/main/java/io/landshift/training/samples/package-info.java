/** What networks learn from: labelled and unlabelled samples, read as serving reads scenes. */
@NullMarked
package io.landshift.training.samples;

import org.jspecify.annotations.NullMarked;
