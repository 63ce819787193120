// Written by fit_tables.py, which tells where the numbers come from.
#pragma once

#include <cstddef>

namespace ranvier::simd {

/// A function of 0 <= a < 15 on 16 segments, told apart by the low exponent bits and the two first bits of the
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
};

// 2^(i/16), rounded to 8 bits: 1 + 2^n power is a float for every n from -16 to 16.
alignas(64) inline constexpr float exp_powers[16] = {0x1.000000p+0f, 0x1.0c0000p+0f, 0x1.180000p+0f, 0x1.240000p+0f,
                                                     0x1.300000p+0f, 0x1.3e0000p+0f, 0x1.4c0000p+0f, 0x1.5a0000p+0f,
                                                     0x1.6a0000p+0f, 0x1.7a0000p+0f, 0x1.8a0000p+0f, 0x1.9c0000p+0f,
                                                     0x1.ae0000p+0f, 0x1.c20000p+0f, 0x1.d60000p+0f, 0x1.ea0000p+0f};
// i ln(2)/16 - ln(exp_powers[i]): what that rounding leaves to the polynomial.
alignas(64) inline constexpr float exp_rests[16] = {0.0f,
                                                    -0x1.4615f8p-9f,
                                                    -0x1.851f18p-9f,
                                                    -0x1.a661ecp-10f,
                                                    0x1.789472p-10f,
                                                    -0x1.1656aep-12f,
                                                    -0x1.ca8ce0p-16f,
                                                    0x1.04e824p-9f,
                                                    0x1.c00c40p-14f,
                                                    0x1.766bd2p-13f,
                                                    0x1.0bd942p-9f,
                                                    0x1.6b3798p-11f,
                                                    0x1.485dfcp-10f,
                                                    -0x1.d1989ap-11f,
                                                    -0x1.13a2c6p-10f,
                                                    0x1.3947d0p-11f};
// exp(r) = 1 + r + c2 r^2 + c3 r^3 for |r| <= 0.02463, within 2^-27.9 of it.
inline constexpr float exp_c2 = 0x1.000350p-1f;
inline constexpr float exp_c3 = 0x1.5557fcp-3f;
// expm1(r) = r + r^2 (c2 + c3 r + c4 r^2), within 2^-29.1 of it.
inline constexpr float expm1_c2 = 0x1.000000p-1f;
inline constexpr float expm1_c3 = 0x1.55567ap-3f;
inline constexpr float expm1_c4 = 0x1.55573ep-5f;

// Factors of at most 12 bits near 1 / (1 + i/15) whose logarithms are nearly floats, and those, negated.
alignas(64) inline constexpr float log1p_factors[16] = {0x1.000000p+0f, 0x1.e06000p-1f, 0x1.c4c000p-1f, 0x1.aa8000p-1f,
                                                        0x1.94e000p-1f, 0x1.7fc000p-1f, 0x1.6ce000p-1f, 0x1.5ce000p-1f,
                                                        0x1.4ca000p-1f, 0x1.3e8000p-1f, 0x1.31e000p-1f, 0x1.25e000p-1f,
                                                        0x1.1d2000p-1f, 0x1.13a000p-1f, 0x1.09e000p-1f, 0x1.ff0000p-2f};
alignas(64) inline constexpr float log1p_logs[16] = {0.0f,           0x1.0526aap-4f, 0x1.f7bea0p-4f, 0x1.7631d8p-3f,
                                                     0x1.e0c2a4p-3f, 0x1.2740dap-2f, 0x1.5ae678p-2f, 0x1.88d14ep-2f,
                                                     0x1.b9a90ap-2f, 0x1.e61852p-2f, 0x1.07c17ep-1f, 0x1.1c3f42p-1f,
                                                     0x1.2bb926p-1f, 0x1.3d12b6p-1f, 0x1.4f8344p-1f, 0x1.63e470p-1f};
// log1p(v) = v (1 + c1 v + ... + c4 v^4) for |v| <= 0.0333, within 2^-31.1 of it.
inline constexpr float log1p_c1 = -0x1.fffffcp-2f;
inline constexpr float log1p_c2 = 0x1.555554p-2f;
inline constexpr float log1p_c3 = -0x1.003d6cp-2f;
inline constexpr float log1p_c4 = 0x1.99d8c4p-3f;

// tanh on 32 segments, told apart by the low exponent bits and the three first bits of the significand of
// a + tanh_offset: tanh(a) = value + t slope / (1 + value t), with t = tanh(y) and y = a - centre.
inline constexpr float tanh_offset = 0x1.7d3c36p-1f;
alignas(64) inline constexpr float tanh_centre[32] = {
    0x1.6155fep+0f, 0x1.a1440ep+0f, 0x1.e1451ep+0f, 0x1.10a298p+1f, 0x1.30a188p+1f, 0x1.50a7b0p+1f, 0x1.70a418p+1f,
    0x1.90a708p+1f, 0x1.c0b498p+1f, 0x1.004c74p+2f, 0x1.205264p+2f, 0x1.4052a4p+2f, 0x1.604fa4p+2f, 0x1.8055d4p+2f,
    0x1.a059fcp+2f, 0x1.c02314p+2f, 0x1.f0af9cp+2f, 0x1.17fa1ep+3f, 0x1.3857cep+3f, 0.0f,           0.0f,
    0x1.948222p-4f, 0x1.4a4390p-3f, 0x1.ca3170p-3f, 0x1.451238p-2f, 0x1.c51a58p-2f, 0x1.22a33cp-1f, 0x1.62a22cp-1f,
    0x1.a28f3cp-1f, 0x1.e28c2cp-1f, 0x1.114b36p+0f, 0x1.3147eep+0f};
alignas(64) inline constexpr float tanh_value[32] = {
    0x1.c31274p-1f, 0x1.da23b6p-1f, 0x1.e8b2bcp-1f, 0x1.f1bd34p-1f, 0x1.f74d56p-1f, 0x1.fab570p-1f, 0x1.fcc890p-1f,
    0x1.fe0c08p-1f, 0x1.ff13cap-1f, 0x1.ffa8e8p-1f, 0x1.ffdffap-1f, 0x1.fff438p-1f, 0x1.fffbaap-1f, 0x1.fffe68p-1f,
    0x1.ffff6ap-1f, 0x1.ffffc8p-1f, 0x1.fffff4p-1f, 0x1.fffffep-1f, 0x1.000000p+0f, 0.0f,           0.0f,
    0x1.9332cap-4f, 0x1.476e36p-3f, 0x1.c2b2c8p-3f, 0x1.3a9306p-2f, 0x1.a9ad74p-2f, 0x1.06fad8p-1f, 0x1.3308f0p-1f,
    0x1.58f00ap-1f, 0x1.7903dep-1f, 0x1.93bb3cp-1f, 0x1.a9a734p-1f};
alignas(64) inline constexpr float tanh_slope[32] = {
    0x1.ca6bf4p-3f,  0x1.23af7ap-3f,  0x1.6c585ap-4f,  0x1.c1fe82p-5f,  0x1.13f806p-5f,  0x1.50e40ap-6f,
    0x1.9a6cecp-7f,  0x1.f303dep-8f,  0x1.d7ff06p-9f,  0x1.5c424cp-10f, 0x1.002818p-11f, 0x1.78fc58p-13f,
    0x1.157ceap-14f, 0x1.980758p-16f, 0x1.2c0f8ep-17f, 0x1.bc83eep-19f, 0x1.85fde2p-21f, 0x1.b001a2p-24f,
    0x1.c9261ap-27f, 0x1.000000p+0f,  0x1.000000p+0f,  0x1.fb09eep-1f,  0x1.f2e9aap-1f,  0x1.e73438p-1f,
    0x1.cfae60p-1f,  0x1.a785d4p-1f,  0x1.78ecccp-1f,  0x1.47e0c8p-1f,  0x1.179d02p-1f,  0x1.d4c39cp-2f,
    0x1.8348f8p-2f,  0x1.3c4368p-2f};
// tanh(y) = y + y^3 (c3 + c5 y^2) for |y| <= 0.1, within 2^-28.9 of it. Beyond, it hardly counts.
inline constexpr float tanh_c3 = -0x1.5554bap-2f;
inline constexpr float tanh_c5 = 0x1.0f88f4p-3f;

// The logistic function on 32 segments around the multiples of 1/2:
// value + slope y / (c0 + y (tilt + y (c2 + c4 y^2))), with y = z - centre and tilt = c0 (value - 1/2).
alignas(64) inline constexpr float logistic_centre[32] = {0.0f,
                                                          0x1.ffbf00p-2f,
                                                          0x1.000a00p+0f,
                                                          0x1.7ffe20p+0f,
                                                          0x1.000060p+1f,
                                                          0x1.4003e0p+1f,
                                                          0x1.800100p+1f,
                                                          0x1.bff890p+1f,
                                                          0x1.000040p+2f,
                                                          0x1.1ffd10p+2f,
                                                          0x1.4001f8p+2f,
                                                          0x1.5ffef0p+2f,
                                                          0x1.7ffbf0p+2f,
                                                          0x1.9fff20p+2f,
                                                          0x1.c00540p+2f,
                                                          0x1.e00570p+2f,
                                                          -0x1.00f7eap+3f,
                                                          -0x1.e1e0d6p+2f,
                                                          -0x1.c1eb56p+2f,
                                                          -0x1.a1f5eep+2f,
                                                          -0x1.81e92ep+2f,
                                                          -0x1.61ecfep+2f,
                                                          -0x1.41ee26p+2f,
                                                          -0x1.21ed5ep+2f,
                                                          -0x1.01e2fep+2f,
                                                          -0x1.c3d85ap+1f,
                                                          -0x1.83dbeap+1f,
                                                          -0x1.43d3cap+1f,
                                                          -0x1.03cc6ap+1f,
                                                          -0x1.8788b4p+0f,
                                                          -0x1.07a614p+0f,
                                                          -0x1.0f7428p-1f};
alignas(64) inline constexpr float logistic_value[32] = {
    0x1.000000p-1f, 0x1.3eab5ap-1f, 0x1.76513ep-1f,  0x1.a29890p-1f,  0x1.c2f7fep-1f,  0x1.d92a34p-1f,  0x1.e7b7fap-1f,
    0x1.f0fd24p-1f, 0x1.f6ca8cp-1f, 0x1.fa5faap-1f,  0x1.fc92dcp-1f,  0x1.fdea7cp-1f,  0x1.febbd4p-1f,  0x1.ff3b3ap-1f,
    0x1.ff88a0p-1f, 0x1.ffb792p-1f, 0x1.552948p-12f, 0x1.197016p-11f, 0x1.cf8ddap-11f, 0x1.7dab92p-10f, 0x1.3a94c4p-9f,
    0x1.02dd7ap-8f, 0x1.a9ad00p-8f, 0x1.5d7456p-7f,  0x1.1e4676p-6f,  0x1.d271a8p-6f,  0x1.798190p-5f,  0x1.2e3cc6p-4f,
    0x1.dba2f4p-4f, 0x1.6cb3b6p-3f, 0x1.0d6c20p-2f,  0x1.7b5d96p-2f};
alignas(64) inline constexpr float logistic_slope[32] = {
    0x1.c00000p-2f,  0x1.a526f8p-2f,  0x1.604dc2p-2f,  0x1.0b467ap-2f,  0x1.784b32p-3f,  0x1.f673fap-4f, 0x1.43d13ep-4f,
    0x1.97fd5ep-5f,  0x1.fa6aecp-6f,  0x1.379c76p-6f,  0x1.7d2e54p-7f,  0x1.d0ed0ap-8f,  0x1.1af2e6p-8f, 0x1.57d62ap-9f,
    0x1.a16ea8p-10f, 0x1.faba6ep-11f, 0x1.2a6b42p-11f, 0x1.ec4078p-11f, 0x1.954050p-10f, 0x1.4d79a6p-9f, 0x1.12990cp-8f,
    0x1.c33980p-8f,  0x1.720c0ap-7f,  0x1.2e8300p-6f,  0x1.ec3a64p-6f,  0x1.8c84dcp-5f,  0x1.3b1896p-4f, 0x1.e9e33ap-4f,
    0x1.6fdaa0p-3f,  0x1.06498cp-2f,  0x1.5b6fcap-2f,  0x1.a1ef8cp-2f};
inline constexpr float logistic_c0 = 0x1.c00000p+0f;
// Within 2^-30.3 of it for |y| <= 0.29.
inline constexpr float logistic_c2 = 0x1.2aaa94p-3f;
inline constexpr float logistic_c4 = -0x1.3db118p-9f;

// erf(a)
// Within 2^-26.5 of it.
inline constexpr Segments erf_segments = {
    {0x1.418600p+0f, 0x1.bdda00p+0f, 0x1.200200p+1f, 0x1.618900p+1f, 0x1.c0ac00p+1f, 0x1.22bb00p+2f, 0x1.600000p+2f,
     0x1.a00000p+2f, 0x1.000000p+3f, 0x1.400000p+3f, 0x1.800000p+3f, 0x1.c00000p+3f, 0.0f, 0x1.7b3000p-2f,
     0x1.400e00p-1f, 0x1.c41200p-1f},
    {0x1.d93d7cp-1f, 0x1.f8f21ep-1f, 0x1.ff4056p-1f, 0x1.fff3b4p-1f, 0x1.ffffe8p-1f, 0x1.000000p+0f, 0x1.000000p+0f,
     0x1.000000p+0f, 0x1.000000p+0f, 0x1.000000p+0f, 0x1.000000p+0f, 0x1.000000p+0f, 0.0f, 0x1.9916e8p-2f,
     0x1.3f241ep-1f, 0x1.939146p-1f},
    {0x1.dd39bap-3f, 0x1.bd2fecp-5f, 0x1.d3f2eap-8f, 0x1.1fba2ap-11f, 0x1.66f4d0p-18f, 0x1.efced6p-30f, 0x1.9d9cccp-43f,
     0x1.d41864p-59f, 0x1.5750a4p-76f, 0x1.4a3e1ep-122f, 0.0f, 0.0f, 0x1.06eba8p-3f, 0x1.f7b3aep-1f, 0x1.86dc0cp-1f,
     0x1.08f0dap-1f},
    {-0x1.2baf8ep-2f, -0x1.83ac0cp-4f, -0x1.073aacp-6f, -0x1.8d5578p-10f, -0x1.324352p-16f, -0x1.8314dcp-28f,
     -0x1.07303ep-41f, -0x1.1382e2p-58f, -0x1.bf95d8p-80f, -0x1.6cc8dep-126f, 0.0f, 0.0f, -0x1.c6a088p-21f,
     -0x1.750abap-2f, -0x1.e8a870p-2f, -0x1.d3dbe0p-2f},
    {0x1.56bf4ap-3f, 0x1.7802e4p-4f, 0x1.63e7bap-6f, 0x1.557ce8p-9f, 0x1.344d6ap-15f, 0x1.946b9ep-29f, -0x1.22fb3ep-40f,
     -0x1.e7aad2p-55f, -0x1.ae0db8p-74f, -0x1.897f30p-120f, 0.0f, 0.0f, -0x1.811cd6p-2f, -0x1.e76aa8p-3f,
     -0x1.c77896p-5f, 0x1.8b0f3ep-4f},
    {-0x1.ee365ep-8f, -0x1.8c42a0p-5f, -0x1.38a34ap-6f, -0x1.95d428p-9f, -0x1.0ee9a2p-14f, -0x1.1a4752p-25f,
     -0x1.b8edbep-39f, -0x1.8a8bd2p-57f, 0x1.a32e1ap-76f, 0x1.454c54p-122f, 0.0f, 0.0f, -0x1.67b7b2p-11f,
     0x1.52f030p-3f, 0x1.695bc6p-3f, 0x1.c16506p-4f},
    {-0x1.78bdfcp-5f, 0x1.663050p-8f, 0x1.5a7efep-7f, 0x1.63ded4p-9f, 0x1.c9f886p-14f, 0x1.23f6f2p-23f, 0x1.c5cb50p-36f,
     0x1.232520p-51f, 0x1.bd6230p-74f, 0x1.7d52fap-120f, 0.0f, 0.0f, 0x1.e42304p-4f, 0x1.7eca80p-5f, -0x1.bb48a0p-6f,
     -0x1.12e58ap-4f},
    {0x1.572c68p-6f, 0x1.3320b8p-7f, -0x1.717caap-9f, -0x1.a6722ep-10f, -0x1.6f7410p-14f, -0x1.e4a6a6p-24f,
     -0x1.f03126p-36f, -0x1.488a26p-51f, -0x1.6f2ee2p-75f, -0x1.05bbe0p-121f, 0.0f, 0.0f, -0x1.3e50bcp-6f,
     -0x1.9729eep-5f, -0x1.51873ep-5f, -0x1.333c72p-7f},
};

// a erfc(a / sqrt(2)) exp(a^2 / 2)
// Within 2^-28.9 of it.
inline constexpr Segments gelu_segments = {
    {0x1.3f2e00p+0f, 0x1.c4e200p+0f, 0x1.212c00p+1f, 0x1.5ef300p+1f, 0x1.bce800p+1f, 0x1.1f7700p+2f, 0x1.604f00p+2f,
     0x1.a0d000p+2f, 0x1.fe1a00p+2f, 0x1.3f9f00p+3f, 0x1.7ed100p+3f, 0x1.c10800p+3f, 0.0f, 0x1.83c800p-2f,
     0x1.412c00p-1f, 0x1.bf2600p-1f},
    {0x1.271194p-1f, 0x1.4cfc98p-1f, 0x1.62549ep-1f, 0x1.6feeecp-1f, 0x1.7cd27cp-1f, 0x1.86b724p-1f, 0x1.8c309ep-1f,
     0x1.8f7f58p-1f, 0x1.925e4ap-1f, 0x1.948a16p-1f, 0x1.95b862p-1f, 0x1.967918p-1f, 0.0f, 0x1.25ac72p-2f,
     0x1.9ed560p-2f, 0x1.f4dad4p-2f},
    {0x1.7cdc04p-3f, 0x1.b4dd76p-4f, 0x1.1369c6p-4f, 0x1.6ec3a0p-5f, 0x1.a9a12ap-6f, 0x1.c1e14ep-7f, 0x1.0744eep-7f,
     0x1.4cd84cp-8f, 0x1.7a1bb2p-9f, 0x1.8c4d00p-10f, 0x1.d531b8p-11f, 0x1.25e96ap-11f, 0.0f, 0x1.20a67ep-1f,
     0x1.99041cp-2f, 0x1.295d66p-2f},
    {-0x1.b0bb66p-4f, -0x1.b3a30ap-5f, -0x1.e98faep-6f, -0x1.2515bap-6f, -0x1.250b98p-7f, -0x1.01e4e8p-8f,
     -0x1.013528p-9f, -0x1.1a8728p-10f, -0x1.0cda0ep-11f, -0x1.ca922cp-13f, -0x1.ca40c4p-14f, -0x1.eceb52p-15f,
     -0x1.988446p-1f, -0x1.9e0ce8p-2f, -0x1.11ea2ap-2f, -0x1.74a888p-3f},
    {0x1.9202d6p-5f, 0x1.67edc2p-6f, 0x1.6c4fbap-7f, 0x1.8b9caep-8f, 0x1.5857e6p-9f, 0x1.fe022ap-11f, 0x1.b4982cp-12f,
     0x1.a2c92cp-13f, 0x1.4f621ep-14f, 0x1.d37a3cp-16f, 0x1.8b4906p-17f, 0x1.6da870p-18f, 0x1.fffa56p-2f,
     0x1.d8c3e4p-3f, 0x1.267718p-3f, 0x1.79c1d2p-4f},
    {-0x1.465802p-6f, -0x1.067586p-7f, -0x1.e26e0ep-9f, -0x1.de688ap-10f, -0x1.6dbfeap-11f, -0x1.cbd8fep-13f,
     -0x1.5403d6p-14f, -0x1.1e17cap-15f, -0x1.83911cp-17f, -0x1.bb0f3ap-19f, -0x1.3db5dcp-20f, -0x1.fa447ep-22f,
     -0x1.0fedd4p-2f, -0x1.ce8c94p-4f, -0x1.10dc76p-4f, -0x1.4bec04p-5f},
    {0x1.e42e78p-8f, 0x1.60847cp-9f, 0x1.275794p-10f, 0x1.0c892cp-11f, 0x1.714ad2p-13f, 0x1.8a6808p-15f,
     0x1.f8deeap-17f, 0x1.7536fap-18f, 0x1.b5bc0ap-20f, 0x1.97ec0cp-22f, 0x1.eed000p-24f, 0x1.52eb66p-25f,
     0x1.f237aep-4f, 0x1.946c44p-5f, 0x1.c5ba78p-6f, 0x1.06b10cp-6f},
    {-0x1.45a8eep-9f, -0x1.af819ep-11f, -0x1.4cff8cp-12f, -0x1.178ea2p-13f, -0x1.543f3ap-15f, -0x1.39c70ep-17f,
     -0x1.5f193ep-19f, -0x1.cb5ee4p-21f, -0x1.c87e78p-23f, -0x1.60986ap-25f, -0x1.6ce734p-27f, -0x1.b0534ap-29f,
     -0x1.4915bap-5f, -0x1.400c40p-6f, -0x1.56e056p-7f, -0x1.7b7184p-8f},
};

// gelu(x) for -4 <= x < 4 on 32 segments, told apart by the five first bits of the significand of x + 12:
// base + y (c1 + c2 y + ... + c7 y^6) with y = x - centre; where that is 0, base is x / 2.
// Within 2^-33.6 of it.
alignas(64) inline constexpr float gelu_centre[32] = {-0x1.f3e2c0p+1f,
                                                      -0x1.d39ec8p+1f,
                                                      -0x1.b35cc8p+1f,
                                                      -0x1.931f98p+1f,
                                                      -0x1.72ddc8p+1f,
                                                      -0x1.52a438p+1f,
                                                      -0x1.325718p+1f,
                                                      -0x1.121fd8p+1f,
                                                      -0x1.e3bd50p+0f,
                                                      -0x1.a34320p+0f,
                                                      -0x1.62c1e0p+0f,
                                                      -0x1.223ed0p+0f,
                                                      -0x1.c3adc0p-1f,
                                                      -0x1.427da0p-1f,
                                                      -0x1.82e780p-2f,
                                                      0.0f,
                                                      0.0f,
                                                      0x1.800940p-2f,
                                                      0x1.403a40p-1f,
                                                      0x1.c003c0p-1f,
                                                      0x1.1ffa50p+0f,
                                                      0x1.600100p+0f,
                                                      0x1.9ff970p+0f,
                                                      0x1.e009a0p+0f,
                                                      0x1.0fffc8p+1f,
                                                      0x1.2ffe50p+1f,
                                                      0x1.4ff810p+1f,
                                                      0x1.6ffda8p+1f,
                                                      0x1.8fffa8p+1f,
                                                      0x1.aff5d0p+1f,
                                                      0x1.cffef0p+1f,
                                                      0x1.f00498p+1f};
alignas(64) inline constexpr float gelu_base[32] = {-0x1.814a08p-13f,
                                                    -0x1.efe7fcp-12f,
                                                    -0x1.2b05c0p-10f,
                                                    -0x1.51ae02p-9f,
                                                    -0x1.653eaep-8f,
                                                    -0x1.616ecap-7f,
                                                    -0x1.476260p-6f,
                                                    -0x1.1aaf72p-5f,
                                                    -0x1.c72eeap-5f,
                                                    -0x1.545baep-4f,
                                                    -0x1.d6991cp-4f,
                                                    -0x1.2a3ecap-3f,
                                                    -0x1.552d58p-3f,
                                                    -0x1.550e28p-3f,
                                                    -0x1.10fb30p-3f,
                                                    0.0f,
                                                    0.0f,
                                                    0x1.f050aep-3f,
                                                    0x1.d6325ap-2f,
                                                    0x1.6a8af4p-1f,
                                                    0x1.f4e6b0p-1f,
                                                    0x1.423cbep+0f,
                                                    0x1.8a4e32p+0f,
                                                    0x1.d17378p+0f,
                                                    0x1.0b6e6ap+1f,
                                                    0x1.2d535ep+1f,
                                                    0x1.4e832cp+1f,
                                                    0x1.6f3f4ep+1f,
                                                    0x1.8fa49ep+1f,
                                                    0x1.afccf4p+1f,
                                                    0x1.cfedc6p+1f,
                                                    0x1.effdd4p+1f};
alignas(64) inline constexpr float gelu_c1[32] = {-0x1.75ac54p-11f,
                                                  -0x1.c11a8ep-10f,
                                                  -0x1.f7039cp-9f,
                                                  -0x1.061af0p-7f,
                                                  -0x1.fbc7fep-7f,
                                                  -0x1.c78de6p-6f,
                                                  -0x1.79ca82p-5f,
                                                  -0x1.1f3ef6p-4f,
                                                  -0x1.8d82e2p-4f,
                                                  -0x1.ec277ep-4f,
                                                  -0x1.07a518p-3f,
                                                  -0x1.c020fap-4f,
                                                  -0x1.96c450p-5f,
                                                  0x1.ddcb4ep-5f,
                                                  0x1.b30c42p-3f,
                                                  0.0f,
                                                  0.0f,
                                                  0x1.923f62p-1f,
                                                  0x1.e0f272p-1f,
                                                  0x1.0c19f0p+0f,
                                                  0x1.1ba960p+0f,
                                                  0x1.20ea62p+0f,
                                                  0x1.1efd26p+0f,
                                                  0x1.193b66p+0f,
                                                  0x1.1265b6p+0f,
                                                  0x1.0c354cp+0f,
                                                  0x1.077206p+0f,
                                                  0x1.04314ep+0f,
                                                  0x1.0230b6p+0f,
                                                  0x1.0110b4p+0f,
                                                  0x1.007b5cp+0f,
                                                  0x1.003414p+0f};
alignas(64) inline constexpr float gelu_c2[32] = {
    -0x1.51e9dep-10f, -0x1.770f42p-9f, -0x1.80b140p-8f, -0x1.6b365ap-7f, -0x1.3a3336p-6f, -0x1.ed891ap-6f,
    -0x1.5b7e44p-5f,  -0x1.aa9e5cp-5f, -0x1.ae8470p-5f, -0x1.239334p-5f, 0x1.8e8da4p-8f,  0x1.33026ep-4f,
    0x1.5237eep-3f,   0x1.0c8edap-2f,  0x1.6138e4p-2f,  0x1.988454p-2f,  0x1.988454p-2f,  0x1.61ff10p-2f,
    0x1.0e3c76p-2f,   0x1.57dadep-3f,  0x1.3ec740p-4f,  0x1.15ab6ap-7f,  -0x1.1775bap-5f, -0x1.ab1010p-5f,
    -0x1.ade4f0p-5f,  -0x1.628192p-5f, -0x1.fdf924p-6f, -0x1.4872dep-6f, -0x1.80898cp-7f, -0x1.9d04f0p-8f,
    -0x1.983786p-9f,  -0x1.75527ap-10f};
alignas(64) inline constexpr float gelu_c3[32] = {
    -0x1.75805cp-10f, -0x1.7839eep-9f, -0x1.58fc42p-8f, -0x1.1cff3cp-7f, -0x1.a118e2p-7f,  -0x1.051f3ep-6f,
    -0x1.00f98cp-6f,  -0x1.143530p-7f, 0x1.288906p-7f,  0x1.3379bcp-5f,  0x1.2c77a0p-4f,   0x1.b8c5ecp-4f,
    0x1.06449cp-3f,   0x1.fae3fap-4f,  0x1.71926cp-4f,  0x1.7d3bdap-23f, -0x1.7d3bdap-23f, -0x1.6f6b86p-4f,
    -0x1.f98246p-4f,  -0x1.06cd96p-3f, -0x1.bcfb5ap-4f, -0x1.32ea48p-4f, -0x1.416dc8p-5f,  -0x1.54b990p-7f,
    0x1.f34b78p-8f,   0x1.f9d76ep-7f,  0x1.07ac1ep-6f,  0x1.ac8e80p-7f,  0x1.296544p-7f,   0x1.6da196p-8f,
    0x1.94b462p-9f,   0x1.9821ccp-10f};
alignas(64) inline constexpr float gelu_c4[32] = {
    -0x1.13ef80p-10f, -0x1.e8aea8p-10f, -0x1.7cf26ep-9f,  -0x1.f7c7b0p-9f, -0x1.014ac6p-8f, -0x1.06f84ap-9f,
    0x1.988772p-9f,   0x1.84b3c8p-7f,   0x1.78abaap-6f,   0x1.0e04d8p-5f,  0x1.2bfe60p-5f,  0x1.df2758p-6f,
    0x1.36cfcep-7f,   -0x1.3446eap-6f,  -0x1.7f0ad0p-5f,  -0x1.105360p-4f, -0x1.105360p-4f, -0x1.813e76p-5f,
    -0x1.3cda78p-6f,  0x1.1f4972p-7f,   0x1.d71824p-6f,   0x1.2b7870p-5f,  0x1.112de0p-5f,  0x1.83495cp-6f,
    0x1.9b3354p-7f,   0x1.dc5ef8p-9f,   -0x1.c24320p-10f, -0x1.f94614p-9f, -0x1.ffcf94p-9f, -0x1.8bc64ap-9f,
    -0x1.0299b8p-9f,  -0x1.294870p-10f};
alignas(64) inline constexpr float gelu_c5[32] = {
    -0x1.130cfep-11f, -0x1.8d2004p-11f, -0x1.c04176p-11f, -0x1.1860e6p-11f, 0x1.25c8a2p-11f,  0x1.5c5950p-9f,
    0x1.6ae5ecp-8f,   0x1.0cdcb4p-7f,   0x1.267a4cp-7f,   0x1.923d6ep-8f,   -0x1.04f51cp-10f, -0x1.6614ccp-7f,
    -0x1.471992p-6f,  -0x1.8413e0p-6f,  -0x1.3b376ap-6f,  0x1.cf6d9cp-15f,  -0x1.cf6d9cp-15f, 0x1.39a4fep-6f,
    0x1.840258p-6f,   0x1.4a575ep-6f,   0x1.71d06ep-7f,   0x1.69f036p-10f,  -0x1.810c3cp-8f,  -0x1.24c386p-7f,
    -0x1.111b64p-7f,  -0x1.792542p-8f,  -0x1.78b316p-9f,  -0x1.720e1ep-11f, 0x1.eaa2e8p-12f,  0x1.bbe32ap-11f,
    0x1.98756ep-11f,  0x1.2224c4p-11f};
alignas(64) inline constexpr float gelu_c6[32] = {
    -0x1.4bd3f2p-13f, -0x1.167516p-13f, 0x1.3379eap-15f,  0x1.c3481ap-12f, 0x1.12da8ap-10f, 0x1.bef762p-10f,
    0x1.03d238p-9f,   0x1.60594cp-10f,  -0x1.16428cp-11f, -0x1.b467f4p-9f, -0x1.848d76p-8f, -0x1.ba468ap-8f,
    -0x1.31640cp-8f,  0x1.c70962p-14f,  0x1.744f4ap-8f,   0x1.51c9eep-7f,  0x1.51c9eep-7f,  0x1.78004ap-8f,
    0x1.b1adf0p-13f,  -0x1.2a877ep-8f,  -0x1.b8ccecp-8f,  -0x1.89da96p-8f, -0x1.c8074ep-9f, -0x1.61d644p-11f,
    0x1.497852p-10f,  0x1.0243ecp-9f,   0x1.ca50fap-10f,  0x1.2301b6p-10f, 0x1.fa18a6p-12f, 0x1.1c5e38p-14f,
    -0x1.fe7380p-14f, -0x1.4e2046p-13f};
alignas(64) inline constexpr float gelu_c7[32] = {
    -0x1.56aa28p-18f, 0x1.d69818p-15f,  0x1.5fde32p-13f,  0x1.4140d2p-12f,  0x1.9ae6a4p-12f,  0x1.35d1ecp-12f,
    -0x1.8a6ecap-14f, -0x1.8aa5fep-11f, -0x1.7598c6p-10f, -0x1.b4684cp-10f, -0x1.192516p-10f, 0x1.7f0dcap-12f,
    0x1.122438p-9f,   0x1.a06d48p-9f,   0x1.787004p-9f,   0x1.06f8d0p-10f,  -0x1.06f8d0p-10f, -0x1.787048p-9f,
    -0x1.a06d48p-9f,  -0x1.122496p-9f,  -0x1.7f0b50p-12f, 0x1.1927dap-10f,  0x1.b46e78p-10f,  0x1.759abep-10f,
    0x1.8aa592p-11f,  0x1.8a48b4p-14f,  -0x1.35df50p-12f, -0x1.9ae972p-12f, -0x1.414370p-12f, -0x1.6005f4p-13f,
    -0x1.d76704p-15f, 0x1.527dd2p-18f};

// x - tanh(x) = x^3 (c0 + c1 x^2 + ... + c7 x^14) for |x| <= 1, within 2^-26.3 of it.
inline constexpr float tanh_shrink_c[8] = {0x1.555556p-2f, -0x1.111104p-3f, 0x1.ba14a8p-5f,  -0x1.65c3ecp-6f,
                                           0x1.1d77bap-7f, -0x1.a6313ep-9f, 0x1.e7b128p-11f, -0x1.2da182p-13f};

}  // namespace ranvier::simd
