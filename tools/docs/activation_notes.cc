#include "tools/docs/activation_notes.h"

namespace ranvier::docs {

std::span<const ActivationNote> activation_notes() {
  static const std::vector<ActivationNote> notes = {
      {.name = "celu",
       .formula = "x ≥ 0 ? x : alpha · (exp(x / alpha) − 1)",
       .range = "(−alpha, ∞)",
       .use = "hidden layers",
       .training = "he_normal, Dropout",
       .advice = "elu, made so that its slope is continuous at 0 for every alpha. It saturates at −alpha on the "
                 "left, where the gradient fades as exp(x / alpha) but never is a hard zero, so units go quiet and "
                 "do not die at once. With alpha = 1 it is elu; choose it over elu only to tune alpha."},
      {.name = "clip",
       .formula = "min(max(x, min), max)",
       .range = "[min, max]",
       .use = "after an output that must stay in bounds",
       .training = "as for what it follows",
       .advice = "Outside its bounds the gradient is exactly 0: in training, an output that lands there gets no "
                 "signal to come back. For a bounded output prefer a scaled sigmoid or tanh while training, and "
                 "clip what the finished model says. NaN stays NaN.",
       .parameters = {-1, 2}},
      {.name = "elu",
       .formula = "x ≥ 0 ? x : alpha · (exp(x) − 1)",
       .range = "(−alpha, ∞)",
       .use = "hidden layers",
       .training = "he_normal, Dropout",
       .advice = "Negative values move the mean of the outputs towards 0, which speeds up training of deep networks "
                 "without normalization. It saturates at −alpha on the left, with a gradient of alpha · exp(x) that "
                 "fades and is not cut off, so units rarely die. Keep alpha at 1: any other puts a kink at 0."},
      {.name = "erf",
       .formula = "erf(x)",
       .range = "(−1, 1)",
       .use = "inside gelu",
       .training = "glorot_uniform",
       .advice = "The error function, which exporters write gelu with. As an activation it is a steeper tanh: it "
                 "saturates sooner (0.995 at 2, where the gradient is 0.02), so layers of it lose their signal "
                 "sooner. Choose tanh unless the model means the normal distribution."},
      {.name = "exponential",
       .formula = "exp(x)",
       .range = "(0, ∞)",
       .use = "outputs: rates and counts (Poisson), scales",
       .training = "glorot_uniform, small; no dropout before an output",
       .advice = "For a positive output whose effects multiply: with the poisson loss it is the log link. The "
                 "gradient is the value itself, so a large input makes a huge step, and from 88.73 on a float is "
                 "infinite; start the weights of this layer small, clip gradients, or take softplus. Not for hidden "
                 "layers.",
       .from = -4,
       .to = 2},
      {.name = "gelu",
       .formula = "x · Φ(x) = x / 2 · (1 + erf(x / √2))",
       .range = "[−0.17, ∞)",
       .use = "hidden layers, transformers",
       .training = "glorot_uniform or he_normal, Dropout",
       .advice = "A smooth relu, the usual choice in transformers. Its least value is −0.17 at −0.75; further left "
                 "both value and gradient go to 0 (−0.012 at −3), so a unit can go silent, yet less abruptly than "
                 "with relu. The same function in training and at inference matters: gelu_tanh is another."},
      {.name = "gelu_tanh",
       .formula = "x / 2 · (1 + tanh(√(2 / π) · (x + 0.044715 · x³)))",
       .range = "[−0.17, ∞)",
       .use = "hidden layers, transformers",
       .training = "glorot_uniform or he_normal, Dropout",
       .advice = "Keras' `gelu(x, approximate=True)`, ONNX' `approximate=\"tanh\"`: at most 0.0005 from gelu, made "
                 "when erf was slow. It saturates and goes silent on the left as gelu does. Use it for models that "
                 "were trained with it, as GPT-2 was; for a new model take gelu."},
      {.name = "glu",
       .formula = "a · sigmoid(b), a and b the halves of the axis",
       .range = "(−∞, ∞)",
       .use = "hidden layers, of twice as many units",
       .training = "glorot_uniform, Dropout after it",
       .advice = "One half of the units decides how much of the other passes, so the layer before it needs twice as "
                 "many. The signal goes through a without saturating; only a gate far below 0 closes, and its "
                 "gradient then fades (0.0066 at −5). For convolutions over sequences and for feed-forward blocks "
                 "of transformers. The plot shows the output over the gate b, for a = 1."},
      {.name = "hard_shrink",
       .formula = "|x| ≤ lambd ? 0 : x",
       .range = "(−∞, −lambd) ∪ {0} ∪ (lambd, ∞)",
       .use = "sparse codes, denoising",
       .training = "he_normal, Dropout rarely: it is sparse already",
       .advice = "Keeps what is large and drops what is small, without making the large smaller as soft_shrink "
                 "does. The gradient is 0 in the dead zone: a unit whose inputs all lie in it does not learn, and "
                 "where weights start small that is most of them. It jumps at ±lambd, so small changes of the input "
                 "can make large ones of the output. Not for ordinary hidden layers."},
      {.name = "hard_sigmoid",
       .formula = "min(max(alpha · x + beta, 0), 1)",
       .range = "[0, 1]",
       .use = "gates on small devices",
       .training = "glorot_uniform, Dropout",
       .advice = "sigmoid as three straight lines. Outside of ±2.5 (with ONNX' alpha of 0.2; Keras 3 has 1/6, so "
                 "±3) the gradient is exactly 0, and a gate that lands there stays. Good where sigmoid is too dear, "
                 "as in squeeze-and-excite; for probabilities take sigmoid: the logarithm of an exact 0 is −∞."},
      {.name = "hard_swish",
       .formula = "x · min(max((x + 3) / 6, 0), 1)",
       .range = "[−0.375, ∞)",
       .use = "hidden layers on small devices",
       .training = "he_normal, Dropout",
       .advice = "swish as pieces of a parabola and lines, made for MobileNetV3 and for quantized models. Its least "
                 "value is −0.375 at −1.5; below −3 value and gradient are exactly 0, so units can die as with "
                 "relu, though later. Where exp is fast, take swish."},
      {.name = "hard_tanh",
       .formula = "min(max(x, −1), 1)",
       .range = "[−1, 1]",
       .use = "hidden layers of quantized or binary networks, bounded outputs",
       .training = "glorot_uniform, Dropout",
       .advice = "tanh as three straight lines. Between −1 and 1 the gradient is 1 and nothing fades; outside it is "
                 "exactly 0, so units that are driven out are stuck. In binary networks its gradient stands in for "
                 "that of the sign function. Elsewhere tanh trains more reliably."},
      {.name = "hardmax",
       .formula = "1 at the first maximum of the axis, else 0",
       .range = "{0, 1}",
       .use = "decisions after training",
       .training = "none: it cannot be trained through",
       .advice = "The decision that softmax leaves open, one-hot. Its gradient is 0 everywhere, so train with "
                 "softmax and put it, or an ArgMax, at the end of the finished model. Of equal maxima the first one "
                 "wins. The plot shows the first output over x, for the inputs (x, 1, 0)."},
      {.name = "keras_relu",
       .formula = "x ≥ max_value ? max_value : x < threshold ? negative_slope · (x − threshold) : x",
       .range = "[0, max_value], or (−∞, max_value] with a slope",
       .use = "hidden layers",
       .training = "he_normal, Dropout",
       .advice = "Keras' `relu` and `ReLU` with all of their arguments; the row that relu, relu6, leaky_relu and "
                 "thresholded_relu are cases of. A max_value adds a second flat part, in which the gradient is 0 "
                 "too; a negative_slope keeps units alive. A threshold above 0 makes the function jump there.",
       .from = -3,
       .to = 6,
       .parameters = {4, 0.1, 1}},
      {.name = "leaky_relu",
       .formula = "x ≥ 0 ? x : alpha · x",
       .range = "(−∞, ∞)",
       .use = "hidden layers",
       .training = "he_normal, Dropout",
       .advice = "relu whose units cannot die: on the left the gradient is alpha, not 0. The thing to try when many "
                 "units of a relu network are dead; in generators and discriminators of GANs it is the rule. Beware "
                 "of the defaults: ONNX has 0.01, Keras 3's `leaky_relu` 0.2, its layer `LeakyReLU` 0.3.",
       .parameters = {0.2}},
      {.name = "linear",
       .formula = "x",
       .range = "(−∞, ∞)",
       .use = "outputs: regression, logits",
       .training = "glorot_uniform; no dropout before an output",
       .advice = "The output of regressions, and of classifiers whose loss takes logits (`from_logits=True`, the "
                 "numerically better way; add the softmax or sigmoid afterwards if you want probabilities). It "
                 "neither saturates nor bends: two Dense layers with nothing else between them are no more than "
                 "one."},
      {.name = "log_sigmoid",
       .formula = "−log(1 + exp(−x))",
       .range = "(−∞, 0)",
       .use = "outputs: the logarithm of a probability",
       .training = "glorot_uniform; no dropout before an output",
       .advice = "The logarithm of sigmoid without its underflow: log(sigmoid(−200)) is −∞ in float, this is −200. "
                 "It saturates on the right, where the loss is small anyway, and keeps a gradient of 1 on the left, "
                 "so that wrong answers are always corrected. For losses, not for hidden layers."},
      {.name = "log_softmax",
       .formula = "x − log(Σ exp(x)), over the axis",
       .range = "(−∞, 0]",
       .use = "outputs: multi-class, as logarithms",
       .training = "glorot_uniform; no dropout before an output",
       .advice = "softmax followed by a logarithm, without underflow: a hopeless class has −200 and not −∞, and the "
                 "gradient of a wrong answer never vanishes. For scores that are added up (beam search, sequences) "
                 "and for negative log-likelihood. The plot shows the first output over x, for the inputs (x, 1, "
                 "0)."},
      {.name = "mish",
       .formula = "x · tanh(softplus(x)), softplus(x) = log(1 + exp(x))",
       .range = "[−0.309, ∞)",
       .use = "hidden layers, vision",
       .training = "he_normal, Dropout",
       .advice = "Near to swish, a little steeper; known from YOLOv4. Its least value is −0.309 at −1.19; far to "
                 "the left value and gradient fade to 0 (−0.093 at −3), so units seldom die. The gain over swish is "
                 "small, so let a validation set decide."},
      {.name = "prelu",
       .formula = "x ≥ 0 ? x : slope · x, the slope learned",
       .range = "(−∞, ∞)",
       .use = "hidden layers, vision",
       .training = "he_normal, Dropout; no weight decay on the slope",
       .advice = "leaky_relu that learns its slope, one for each unit or, with `shared_axes`, for each channel, so "
                 "units do not stay dead: the slope gets a gradient wherever x < 0. Keras starts at slope 0, that "
                 "is as relu; the paper starts at 0.25 (`alpha_initializer`). With few data the added parameters "
                 "overfit: then take leaky_relu. The plot shows a slope of 0.25."},
      {.name = "relu",
       .formula = "max(x, 0)",
       .range = "[0, ∞)",
       .use = "hidden layers: the one to begin with",
       .training = "he_normal, Dropout",
       .advice = "Cheap, does not saturate on the right, and makes about half of its outputs exact zeros. A unit "
                 "whose input is negative for all of the data has no gradient and stays dead; too high a learning "
                 "rate is the usual cause, he_normal, normalization or leaky_relu the remedy. At 0 itself "
                 "frameworks take the gradient 0. Not for outputs of a regression: a dead output predicts 0 for "
                 "ever."},
      {.name = "relu6",
       .formula = "min(max(x, 0), 6)",
       .range = "[0, 6]",
       .use = "hidden layers that will be quantized",
       .training = "he_normal, Dropout",
       .advice = "relu with a known range, which 8 bits then resolve well; known from MobileNet. It has two flat "
                 "parts: units below 0 can die, and those above 6 get no gradient either. Without quantization relu "
                 "is the better choice.",
       .from = -3,
       .to = 9},
      {.name = "selu",
       .formula = "gamma · (x > 0 ? x : alpha · (exp(x) − 1))",
       .range = "(−1.758, ∞)",
       .use = "hidden layers: deep stacks of Dense",
       .training = "lecun_normal, AlphaDropout",
       .advice = "Normalizes by itself: with standardized inputs, lecun_normal weights and Dense after Dense, the "
                 "outputs of each layer are drawn to mean 0 and variance 1, and deep stacks train without "
                 "BatchNormalization. Ordinary Dropout, other initializers, skip connections or an unscaled input "
                 "break that; AlphaDropout keeps it. It saturates at −1.758, with a fading gradient, so units "
                 "rarely die."},
      {.name = "shrink",
       .formula = "x < −lambd ? x + bias : x > lambd ? x − bias : 0",
       .range = "(−∞, ∞)",
       .use = "sparse codes, denoising",
       .training = "he_normal, Dropout rarely: it is sparse already",
       .advice = "ONNX' general shrinkage: hard_shrink with bias = 0, soft_shrink with bias = lambd. In the dead "
                 "zone between ±lambd value and gradient are 0. With any other bias it jumps at ±lambd.",
       .parameters = {1, 0.5}},
      {.name = "sigmoid",
       .formula = "1 / (1 + exp(−x))",
       .range = "(0, 1)",
       .use = "outputs: binary, multi-label; gates",
       .training = "glorot_uniform; no dropout before an output",
       .advice = "The probability of yes: with binary_crossentropy for one question, or for each of several that do "
                 "not exclude one another. In hidden layers its gradient is at most 0.25 and 0.0066 at ±5, so "
                 "signals vanish within a few layers, and its mean of 0.5 pushes the next layer: use it for gates "
                 "(LSTM, GRU, glu), elsewhere relu or tanh.",
       .from = -6,
       .to = 6},
      {.name = "soft_shrink",
       .formula = "|x| ≤ lambd ? 0 : x − sign(x) · lambd",
       .range = "(−∞, ∞)",
       .use = "sparse codes, denoising",
       .training = "he_normal, Dropout rarely: it is sparse already",
       .advice = "The proximal step of an L1 penalty, which unrolled sparse coding (LISTA) is made of. Between "
                 "±lambd value and gradient are 0, so units can die where inputs are small; outside the gradient is "
                 "1 and nothing saturates, but all large values come out smaller by lambd."},
      {.name = "softmax",
       .formula = "exp(x) / Σ exp(x), over the axis",
       .range = "(0, 1), their sum 1",
       .use = "outputs: multi-class; attention",
       .training = "glorot_uniform; no dropout before an output",
       .advice = "The probabilities of classes that exclude one another, with categorical_crossentropy. Adding one "
                 "number to all inputs changes nothing. It saturates when one input leads by more than about 5; "
                 "with cross-entropy the gradient of a wrong answer survives, with mean squared error it does not. "
                 "For labels that can hold together use sigmoid. The plot shows the first output over x, for the "
                 "inputs (x, 1, 0)."},
      {.name = "softplus",
       .formula = "log(1 + exp(x))",
       .range = "(0, ∞)",
       .use = "outputs: positive numbers, scales",
       .training = "glorot_uniform; no dropout before an output",
       .advice = "For a positive output that must not explode: linear on the right, where exponential overflows. On "
                 "the left value and gradient fade to 0 as exp(x); for the standard deviation of a distribution add "
                 "a small constant such as 1e-6. In hidden layers it is a relu without dead units, but its outputs "
                 "are all positive and relu usually trains better."},
      {.name = "softsign",
       .formula = "x / (1 + |x|)",
       .range = "(−1, 1)",
       .use = "hidden layers, bounded outputs",
       .training = "glorot_uniform, Dropout",
       .advice = "tanh with slow tails: 0.9 only at 9, and the gradient 1 / (1 + |x|)² fades as a power, not "
                 "exponentially, so saturated units find back. The second derivative jumps at 0. It rarely beats "
                 "tanh by much; good for control signals that should approach their limit gently.",
       .from = -6,
       .to = 6},
      {.name = "sparse_plus",
       .formula = "x ≤ −1 ? 0 : x < 1 ? (x + 1)² / 4 : x",
       .range = "[0, ∞)",
       .use = "hidden layers, non-negative outputs",
       .training = "he_normal, Dropout",
       .advice = "softplus with exact zeros: 0 below −1, x above 1, a parabola between, with a continuous gradient, "
                 "which is sparse_sigmoid. Below −1 there is no gradient, so units can die as with relu, a little "
                 "later."},
      {.name = "sparse_sigmoid",
       .formula = "min(max((x + 1) / 2, 0), 1)",
       .range = "[0, 1]",
       .use = "gates, attention that may be exactly off",
       .training = "glorot_uniform, Dropout",
       .advice = "sparsemax for two classes, as sigmoid is softmax for two. Outside of ±1 the gradient is exactly "
                 "0, a narrower window than hard_sigmoid has, so gates lock early: keep the inputs small. Not with "
                 "a loss that takes logarithms, which an exact 0 makes infinite."},
      {.name = "sparsemax",
       .formula = "max(x − τ, 0), τ = (s₁ + … + sₖ − 1) / k: sⱼ is the sum of the j largest, zⱼ the smallest of them, "
                  "and k how many have zⱼ > (sⱼ − 1) / j",
       .range = "[0, 1]",
       .use = "attention, multi-class with few candidates",
       .training = "glorot_uniform; no dropout before an output",
       .advice = "Gives exact zeros to classes far behind: where one input leads by 1 it has all. The sparsemax of "
                 "Martins and Astudillo (2016), the nearest point of the simplex, has τ = (sₖ − 1) / k; Keras adds up "
                 "the sums, so that its outputs do not add up to 1 where several are not 0, and these are Keras' "
                 "numbers. Classes with 0 get no gradient, and cross-entropy an infinite loss. The plot shows the "
                 "first output over x, for the inputs (x, 1, 0)."},
      {.name = "square_plus",
       .formula = "(x + √(x² + b)) / 2",
       .range = "(0, ∞)",
       .use = "hidden layers, positive outputs",
       .training = "he_normal, Dropout",
       .advice = "softplus without an exponential. b says how round the corner is (0: relu); with the default of 4 "
                 "it is 1 at 0. On the left it falls as b / (4 |x|) and its gradient as b / (4 x²), far more slowly "
                 "than softplus, so units do not die; the price is that outputs never come near to 0."},
      {.name = "swish",
       .formula = "x · sigmoid(alpha · x)",
       .range = "[−0.278, ∞)",
       .use = "hidden layers",
       .training = "he_normal, Dropout",
       .advice = "Also called silu: a smooth relu, a good first alternative to it in networks deeper than a few "
                 "layers, and the one of EfficientNet and of most large language models (in gated form). Its least "
                 "value is −0.278 at −1.28; far to the left value and gradient fade to 0 (−0.088 at −3), so units "
                 "seldom die."},
      {.name = "tanh",
       .formula = "tanh(x)",
       .range = "(−1, 1)",
       .use = "hidden layers: recurrent, small and smooth; outputs: −1 to 1",
       .training = "glorot_uniform, Dropout",
       .advice = "Centred at 0 with gradient 1 there, so glorot_uniform keeps signals alive for some layers; at ±3 "
                 "the gradient is 0.01, and saturated units hardly learn: standardize the inputs. Inside LSTM and "
                 "GRU, in small controllers, and where derivatives of the network are needed, as it is smooth. In "
                 "deep feed-forward networks relu and its kin train faster."},
      {.name = "tanh_shrink",
       .formula = "x − tanh(x)",
       .range = "(−∞, ∞)",
       .use = "sparse codes, denoising",
       .training = "glorot_uniform, Dropout rarely",
       .advice = "A smooth shrinkage: near 0 it is x³ / 3, far out x ∓ 1. The gradient tanh(x)² is 0 at 0, so "
                 "layers whose inputs are small pass and learn next to nothing, and a stack of them dies at "
                 "initialization. Not for ordinary hidden layers."},
      {.name = "threshold",
       .formula = "x ≤ alpha ? value : x",
       .range = "{value} ∪ (alpha, ∞)",
       .use = "sparse codes; decisions after training",
       .training = "he_normal, Dropout rarely",
       .advice = "Keras' `threshold(x, threshold, default_value)`. Up to alpha the gradient is 0 and units can die, "
                 "the more so the higher alpha is; at alpha it jumps, unless value is alpha.",
       .parameters = {1, -0.5}},
      {.name = "thresholded_relu",
       .formula = "x ≤ alpha ? 0 : x",
       .range = "{0} ∪ (alpha, ∞)",
       .use = "sparse codes: autoencoders without biases",
       .training = "he_normal, Dropout rarely: it is sparse already",
       .advice = "relu that drops small positive values too; the layer `ThresholdedReLU` of Keras 2 (its theta is "
                 "alpha), which Keras 3 writes as `threshold`. Up to alpha the gradient is 0, so with weights that "
                 "start small most units begin dead. It jumps at alpha."},
  };
  return notes;
}

}  // namespace ranvier::docs
