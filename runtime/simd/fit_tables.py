#!/usr/bin/env python3
"""Computes the numbers in tables.h: run it, with mpmath installed, to see where they come from or to change them.

usage: fit_tables.py > tables.h

Everything is computed with 160 bits. Polynomials are minimax (Remez' exchange); "nearly a float" means within 2^-10 of
a unit in the last place, so that taking the float costs nothing.
"""
import struct

from mpmath import cos, coth, erf, erfc, exp, expm1, floor, log, log1p, lu_solve, matrix, mp, mpf, nint, pi, sqrt, tanh

mp.prec = 160


def as_float(x):
    return mpf(struct.unpack("<f", struct.pack("<f", float(x)))[0])


def distance_in_ulp(x):
    """How far x is from the nearest float, in units of that float's last place."""
    nearest = as_float(x)
    return abs(x - nearest) / mpf(2) ** (floor(log(abs(x), 2)) - 23)


def remez(function, powers, low, high, weight=lambda x: mpf(1)):
    """Coefficients c with the least largest |weight(x) (function(x) - sum c_j x^powers_j)|, and that error."""
    n = len(powers)
    points = [(low + high) / 2 - (high - low) / 2 * cos(pi * k / n) for k in range(n + 1)]
    grid = [low + (high - low) * mpf(k) / 1500 for k in range(1501)]
    values = [(x, function(x), weight(x)) for x in grid]
    for _ in range(12):
        system, right = matrix(n + 1, n + 1), matrix(n + 1, 1)
        for i, x in enumerate(points):
            for j, power in enumerate(powers):
                system[i, j] = x**power * weight(x)
            system[i, n] = (-1) ** i
            right[i] = function(x) * weight(x)
        solution = lu_solve(system, right)
        coefficients = [solution[j] for j in range(n)]
        errors = [w * (f - sum(c * x**p for c, p in zip(coefficients, powers))) for x, f, w in values]
        extrema = []
        for k, error in enumerate(errors):
            if extrema and (error > 0) == (errors[extrema[-1]] > 0):
                if abs(error) > abs(errors[extrema[-1]]):
                    extrema[-1] = k
            else:
                extrema.append(k)
        if len(extrema) < n + 1:
            break
        while len(extrema) > n + 1:
            extrema.pop(0 if abs(errors[extrema[0]]) < abs(errors[extrema[-1]]) else -1)
        points = [grid[k] for k in extrema]
    return coefficients, max(abs(error) for error in errors)


def literal(x):
    return float(as_float(x)).hex().replace("0000000p", "p") + "f" if x != 0 else "0.0f"


def table(name, numbers):
    lines = [", ".join(literal(x) for x in numbers[i : i + 8]) for i in range(0, len(numbers), 8)]
    print(f"alignas(64) inline constexpr float {name}[{len(numbers)}] = {{\n    " + ",\n    ".join(lines) + "};")


def constant(name, x):
    print(f"inline constexpr float {name} = {literal(x)};")


def exponential():
    print("\n// 2^(i/16), rounded to 8 bits: 1 + 2^n power is a float for every n from -16 to 16.")
    powers = [nint(mpf(2) ** (mpf(i) / 16) * 128) / 128 for i in range(16)]
    table("exp_powers", powers)
    print("// i ln(2)/16 - ln(exp_powers[i]): what that rounding leaves to the polynomial.")
    rests = [mpf(i) * log(2) / 16 - log(p) for i, p in enumerate(powers)]
    table("exp_rests", rests)
    reach = log(2) / 32 + max(abs(r) for r in rests)
    coarse, error = remez(lambda r: (expm1(r) - r), [2, 3], -reach, reach, lambda r: exp(-r))
    print(f"// exp(r) = 1 + r + c2 r^2 + c3 r^3 for |r| <= {float(reach):.5f}, within 2^{float(log(error, 2)):.1f} of it.")
    constant("exp_c2", coarse[0])
    constant("exp_c3", coarse[1])
    fine, error = remez(lambda r: (expm1(r) - r) / r**2 if r else mpf(0.5), [0, 1, 2], -reach, reach, lambda r: abs(r))
    print(f"// expm1(r) = r + r^2 (c2 + c3 r + c4 r^2), within 2^{float(log(error, 2)):.1f} of it.")
    for power, c in zip((2, 3, 4), fine):
        constant(f"expm1_c{power}", c)


def logarithm():
    """log1p(t) for 0 <= t <= 1: -log(factor) + log1p(t factor + (factor - 1)), factor near 1 / (1 + i/15)."""
    print("\n// Factors of at most 12 bits near 1 / (1 + i/15) whose logarithms are nearly floats, and those, negated.")
    factors = [mpf(1)]
    for i in range(1, 16):
        ideal = 15 / mpf(15 + i)
        near = sorted((nint(ideal * 4096) + k for k in range(-12, 13)), key=lambda n: abs(n - ideal * 4096))
        best = min(near, key=lambda n: distance_in_ulp(log(n / mpf(4096))) + abs(n / mpf(4096) - ideal) * 2)
        factors.append(best / mpf(4096))
    table("log1p_factors", factors)
    table("log1p_logs", [-log(f) for f in factors])
    reach = max(abs((1 + (i + s * mpf(0.5)) / 15) * f - 1) for i, f in enumerate(factors) for s in (-1, 1) if 0 <= i + s * 0.5 <= 15)
    c, error = remez(lambda v: (log1p(v) / v - 1) if v else mpf(0), [1, 2, 3, 4], -reach, reach)
    print(f"// log1p(v) = v (1 + c1 v + ... + c4 v^4) for |v| <= {float(reach):.4f}, within 2^{float(log(error, 2)):.1f} of it.")
    for power, coefficient in enumerate(c, 1):
        constant(f"log1p_c{power}", coefficient)


def near_float(low, high, functions, bounds):
    """A float near the middle at which each function is a float to within its bound, or the best there is."""
    step = (high - low) / 2**18
    best = None
    for k in range(1500):
        for sign in (1, -1):
            x = as_float((low + high) / 2 + sign * k * step)
            score = max(distance_in_ulp(f(x)) / bound for f, bound in zip(functions, bounds))
            if best is None or score < best[0]:
                best = (score, x)
            if score < 1:
                return x
    return best[1]


def hyperbolic_tangent():
    """tanh(c + y) = tanh(c) + t (1 - tanh(c)^2) / (1 + tanh(c) t) with t = tanh(y), for 0 <= c + y <= 10."""
    offset = as_float(0.7446)  # so that each of the first segments ends a little after a power of two
    functions = (lambda x: x, tanh, lambda x: 1 - tanh(x) ** 2)
    columns = [[None] * 32 for _ in functions]
    # The index is the low exponent bits and the three first bits of the significand of a + offset.
    for exponent, first, last in ((-1, 3, 8), (0, 0, 8), (1, 0, 8), (2, 0, 8), (3, 0, 3)):
        for m in range(first, last):
            low, high = [mpf(2) ** exponent * (1 + mpf(k) / 8) - offset for k in (m, m + 1)]
            centre = mpf(0)
            if low > 0.05:
                slack = mpf(2) ** -4 if low < 4 else mpf(1)
                shift = mpf("0.0004")  # y stays within 2^-5 below the centre of the first of these segments
                centre = near_float(low - shift, high - shift, functions[1:], [mpf(2) ** -6, slack])
            for column, function in zip(columns, functions):
                column[((exponent + 127) * 8 + m) & 31] = function(centre)
    print("\n// tanh on 32 segments, told apart by the low exponent bits and the three first bits of the significand of")
    print("// a + tanh_offset: tanh(a) = value + t slope / (1 + value t), with t = tanh(y) and y = a - centre.")
    constant("tanh_offset", offset)
    for name, column in zip(("centre", "value", "slope"), columns):
        table("tanh_" + name, column)
    c, error = remez(lambda y: (tanh(y) - y) / y**3 if y else -1 / mpf(3), [0, 2], mpf(0), mpf("0.1"), lambda y: y * y)
    print(f"// tanh(y) = y + y^3 (c3 + c5 y^2) for |y| <= 0.1, within 2^{float(log(error, 2)):.1f} of it. Beyond, it hardly counts.")
    constant("tanh_c3", c[0])
    constant("tanh_c5", c[1])


def logistic():
    """1 / (1 + exp(-z)) = value + slope y / (k(y) + tilt y) with k(y) = y / tanh(y / 2), for |z| < 7.75."""
    scale = mpf(7) / 8  # of numerator and denominator: keeps the latter below 2, where floats are closer together
    value = lambda x: 1 / (1 + exp(-x))
    slope = lambda x: 2 * scale * value(x) * (1 - value(x))
    columns = [[None] * 32 for _ in range(3)]
    for k in range(-16, 16):
        middle = mpf(k) / 2 - (mpf("0.03") if k < 0 else 0)  # the relative change to both sides is the same
        half = mpf(1) / 4
        centre = mpf(0) if k == 0 else near_float(middle - half, middle + half, [value, slope], [mpf(2) ** -6, mpf(2) ** -4])
        for column, x in zip(columns, (centre, value(centre), slope(centre))):
            column[k & 31] = x
    print("\n// The logistic function on 32 segments around the multiples of 1/2:")
    print("// value + slope y / (c0 + y (tilt + y (c2 + c4 y^2))), with y = z - centre and tilt = c0 (value - 1/2).")
    for name, column in zip(("centre", "value", "slope"), columns):
        table("logistic_" + name, column)
    c, error = remez(
        lambda y: (y * coth(y / 2) - 2) / y**2 if y else 1 / mpf(6), [0, 2], mpf(0), mpf("0.29"), lambda y: y * y
    )
    constant("logistic_c0", 2 * scale)
    print(f"// Within 2^{float(log(error / 2, 2)):.1f} of it for |y| <= 0.29.")
    constant("logistic_c2", c[0] * scale)
    constant("logistic_c4", c[1] * scale)


def segments(name, function, comment):
    """f(a) for 0 <= a < 15 on the 16 segments [2^e (1 + m/4) - 1, 2^e (1 + (m+1)/4) - 1): on each, base + y q(y) with
    y = a - centre; in the first segment base is a, elsewhere the value at the centre, which is nearly a float."""
    rows, worst = [None] * 16, mpf(0)
    for e in range(4):
        for m in range(4):
            low, high = [2**e * (1 + mpf(k) / 4) - 1 for k in (m, m + 1)]
            if low == 0:
                centre, base = mpf(0), mpf(0)
                scale = lambda y: mpf(1)
                quotient = lambda y: function(y) / y - 1 if y else function(mpf(2) ** -70) * mpf(2) ** 70 - 1
                c, error = remez(quotient, list(range(6)), mpf(0), high)
                if abs(c[0]) < mpf(2) ** -20:  # f'(0) is 1, exactly
                    c, error = remez(quotient, list(range(1, 6)), mpf(0), high)
                    c = [mpf(0)] + c
            else:
                step = (high - low) / 2**14
                candidates = [as_float((low + high) / 2 + s * k * step) for k in range(700) for s in (1, -1)]
                distances = ((distance_in_ulp(function(x)), x) for x in candidates)
                near = next((x for distance, x in distances if distance < mpf(2) ** -10), None)
                centre = near or min(candidates, key=lambda x: distance_in_ulp(function(x)))  # 1 - tiny: as near as it gets
                base = function(centre)
                c, error = remez(lambda y: function(centre + y) - base, list(range(1, 7)), low - centre, high - centre)
                error /= function(high) if function(high) < base else base
            worst = max(worst, error)
            # The index is the low exponent bits and the two first bits of the significand of 1 + a.
            rows[((e + 127) * 4 + m) & 15] = [centre, base] + c
    print(f"\n// {comment}\n// Within 2^{float(log(worst, 2)):.1f} of it.")
    print(f"inline constexpr Segments {name} = {{")
    for column in range(8):
        numbers = [row[column] for row in rows]
        lines = [", ".join(literal(x) for x in numbers[i : i + 8]) for i in range(0, 16, 8)]
        print("    {" + ",\n     ".join(lines) + "},")
    print("};")


def gelu_near():
    """gelu(x) for -4 <= x < 4 on segments of 1/4. The middle of those below 0 is shifted to where the relative change to
    both sides is the same."""
    gelu = lambda x: x * erfc(-x / sqrt(mpf(2))) / 2
    slope = lambda x: erfc(-x / sqrt(mpf(2))) / 2 + x * exp(-x * x / 2) / sqrt(2 * pi)
    columns, worst = [[] for _ in range(9)], mpf(0)
    for k in range(-16, 16):
        low, high = mpf(k) / 4, mpf(k + 1) / 4
        if k in (-1, 0):  # gelu(x) = x / 2 + ...
            centre = base = mpf(0)
            quotient = lambda y: (gelu(y) / y - mpf(0.5)) / y
            quotient_at_0 = 1 / sqrt(2 * pi)
            c, error = remez(
                lambda y: quotient(y) if y else quotient_at_0, list(range(6)), low, high,
                lambda y: max(abs(y), mpf("0.0025")) / abs(gelu(low or high) / (low or high)),
            )
            c = [mpf(0)] + c
        else:
            shift = max(-(low + high) / 2, 0) / 128
            centre = near_float(low - shift, high - shift, [gelu, slope], [mpf(2) ** -6, mpf(2) ** -4])
            base = gelu(centre)
            c, error = remez(
                lambda y: (gelu(centre + y) - base) / y if y else slope(centre), list(range(7)),
                low - centre, high - centre, lambda y: max(abs(y), mpf("0.00125")),
            )
            error /= min(abs(gelu(low)), abs(gelu(high)))
        worst = max(worst, error)
        for column, x in zip(columns, [centre, base] + c):
            column.append(x)
    print("\n// gelu(x) for -4 <= x < 4 on 32 segments, told apart by the five first bits of the significand of x + 12:")
    print("// base + y (c1 + c2 y + ... + c7 y^6) with y = x - centre; where that is 0, base is x / 2.")
    print(f"// Within 2^{float(log(worst, 2)):.1f} of it.")
    for name, column in zip(["centre", "base"] + [f"c{i}" for i in range(1, 8)], columns):
        table("gelu_" + name, column)


def tanh_shrink():
    # The first one is 1/3 to the last bit that matters: the others are fitted to what it leaves.
    rest, error = remez(
        lambda z: ((sqrt(z) - tanh(sqrt(z))) / (z * sqrt(z)) - 1 / mpf(3)) / z if z else -2 / mpf(15),
        list(range(7)), mpf(0), mpf(1), lambda z: z,
    )
    c = [1 / mpf(3)] + rest
    print(f"\n// x - tanh(x) = x^3 (c0 + c1 x^2 + ... + c7 x^14) for |x| <= 1, within 2^{float(log(error * 4, 2)):.1f} of it.")
    print("inline constexpr float tanh_shrink_c[8] = {" + ", ".join(literal(x) for x in c) + "};")


print("// Written by fit_tables.py, which tells where the numbers come from.\n#pragma once\n")
print("#include <cstddef>\n\nnamespace ranvier::simd {\n")
print("""/// A function of 0 <= a < 15 on 16 segments, told apart by the low exponent bits and the two first bits of the
/// significand of 1 + a. It is base + y (c1 + c2 y + ... + c6 y^5) with y = a - centre; in the first segment base is a.
struct Segments {
  alignas(64) float centre[16];
  alignas(64) float base[16];
  alignas(64) float c1[16];
  alignas(64) float c2[16];
  alignas(64) float c3[16];
  alignas(64) float c4[16];
  alignas(64) float c5[16];
  alignas(64) float c6[16];
};""")
exponential()
logarithm()
hyperbolic_tangent()
logistic()
segments("erf_segments", erf, "erf(a)")
segments(
    "gelu_segments", lambda a: a * erfc(a / sqrt(mpf(2))) * exp(a * a / 2), "a erfc(a / sqrt(2)) exp(a^2 / 2)"
)
gelu_near()
tanh_shrink()
print("\n}  // namespace ranvier::simd")
