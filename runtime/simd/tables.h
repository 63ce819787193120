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

// tanh(a)
// Within 2^-26.9 of it.
inline constexpr Segments tanh_segments = {
    {0x1.3c1800p+0f, 0x1.bfb400p+0f, 0x1.1fa300p+1f, 0x1.606200p+1f, 0x1.be1600p+1f, 0x1.1ece00p+2f, 0x1.606d00p+2f,
     0x1.9f8400p+2f, 0x1.fe2a00p+2f, 0x1.42bb00p+3f, 0x1.82bb00p+3f, 0x1.c00000p+3f, 0.0f, 0x1.7fb000p-2f,
     0x1.3f0e00p-1f, 0x1.bf7c00p-1f},
    {0x1.b01a18p-1f, 0x1.e1eaa8p-1f, 0x1.f4afa0p-1f, 0x1.fbdb60p-1f, 0x1.ff09eep-1f, 0x1.ffde6cp-1f, 0x1.fffbaep-1f,
     0x1.ffff66p-1f, 0x1.fffff8p-1f, 0x1.000000p+0f, 0x1.000000p+0f, 0x1.000000p+0f, 0.0f, 0x1.6eaf82p-2f,
     0x1.1b4cc2p-1f, 0x1.6823acp-1f},
    {0x1.26a7e0p-2f, 0x1.d33168p-4f, 0x1.660bf2p-5f, 0x1.081560p-6f, 0x1.ebb064p-9f, 0x1.0c98dap-11f, 0x1.1480aep-14f,
     0x1.340242p-17f, 0x1.0055bcp-21f, 0x1.df3e26p-28f, 0x1.18e268p-33f, 0x1.85f900p-39f, 0.0f, 0x1.be58b6p-1f,
     0x1.633e9ap-1f, 0x1.02add4p-1f},
    {-0x1.f15968p-3f, -0x1.b7be16p-4f, -0x1.5e227cp-5f, -0x1.05f24ep-6f, -0x1.eac184p-9f, -0x1.0c85a0p-11f,
     -0x1.147c86p-14f, -0x1.340032p-17f, -0x1.ffe762p-22f, -0x1.ddb686p-28f, -0x1.17fce0p-33f, -0x1.854586p-39f,
     -0x1.24d63ep-20f, -0x1.3faa6ap-2f, -0x1.8920b8p-2f, -0x1.6be87ep-2f},
    {0x1.beae32p-4f, 0x1.0233ccp-4f, 0x1.be1ab4p-6f, 0x1.5795eep-7f, 0x1.459ea0p-9f, 0x1.65717ap-12f, 0x1.702e74p-15f,
     0x1.9a3964p-18f, 0x1.4f02e4p-22f, 0x1.3493f2p-28f, 0x1.69b71ep-34f, 0x1.fc3e82p-40f, -0x1.5544dap-2f,
     -0x1.6e3222p-3f, -0x1.34f9e6p-6f, 0x1.4e1130p-4f},
    {-0x1.6aaa12p-7f, -0x1.81b72cp-6f, -0x1.95a466p-7f, -0x1.4c5f82p-8f, -0x1.436de4p-10f, -0x1.6564f6p-13f,
     -0x1.707b2cp-16f, -0x1.9a8ff4p-19f, -0x1.53efd2p-23f, -0x1.3d1f92p-29f, -0x1.73bb76p-35f, -0x1.025e04p-40f,
     -0x1.356b44p-10f, 0x1.583c24p-3f, 0x1.1b72eap-3f, 0x1.f473a2p-5f},
    {-0x1.5ab006p-6f, 0x1.c5f4d6p-9f, 0x1.056104p-8f, 0x1.f37942p-10f, 0x1.08e12ap-11f, 0x1.29c1d8p-14f,
     0x1.3408b4p-17f, 0x1.567564p-20f, 0x1.41b402p-24f, 0x1.3b9308p-30f, 0x1.71eaa4p-36f, 0x1.ee2574p-42f,
     0x1.2500a2p-3f, 0x1.39bfe6p-6f, -0x1.bac166p-5f, -0x1.e039a6p-5f},
    {0x1.feb2fep-7f, 0x1.0ea120p-9f, -0x1.7aac54p-11f, -0x1.1cc6d4p-11f, -0x1.4f9bc4p-13f, -0x1.839bdcp-16f,
     -0x1.923d80p-19f, -0x1.bfe6fcp-22f, -0x1.8e37c6p-26f, -0x1.735c48p-32f, -0x1.b34f22p-38f, -0x1.30811ep-43f,
     -0x1.2eaf9ep-5f, -0x1.1b8014p-4f, -0x1.8f97fap-6f, 0x1.a9b18ap-7f},
};

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

// x - tanh(x) = x^3 (c0 + c1 x^2 + ... + c7 x^14) for |x| <= 1, within 2^-26.3 of it.
inline constexpr float tanh_shrink_c[8] = {0x1.555556p-2f, -0x1.111104p-3f, 0x1.ba14a8p-5f,  -0x1.65c3ecp-6f,
                                           0x1.1d77bap-7f, -0x1.a6313ep-9f, 0x1.e7b128p-11f, -0x1.2da182p-13f};

}  // namespace ranvier::simd
