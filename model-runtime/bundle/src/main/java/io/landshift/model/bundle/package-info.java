/**
 * The contract of a model bundle: manifest, digests, checks, and the window grid on which its
 * results are defined.
 *
 * <p>A bundle is a folder or a zip with {@code bundle.json} (a STAC item with the machine learning
 * model extension), one ONNX graph per part and a self-test sample. Tensors, all float32:
 *
 * <table>
 * <caption>Graphs, their inputs and outputs</caption>
 * <tr><th>graph</th><th>inputs</th><th>output</th></tr>
 * <tr><td>encoder</td><td>one tensor [N, C, H, W] per input group, 0 where there is no value;
 *     presence [N, all bands], 1 where the scene has the band</td>
 *     <td>features [N, F, H / stride, W / stride]</td></tr>
 * <tr><td>segmentation</td><td>features [N, F, h, w]; presence</td>
 *     <td>probabilities [N, classes, h * stride, w * stride]</td></tr>
 * <tr><td>change</td><td>current, centre, spread [N, F, h, w]; presence</td>
 *     <td>scores [N, scores, h * stride, w * stride], in the manifest's order</td></tr>
 * </table>
 *
 * <p>A graph that makes no use of presence leaves that input out. The batch is a symbolic
 * dimension.
 */
@NullMarked
package io.landshift.model.bundle;

import org.jspecify.annotations.NullMarked;
